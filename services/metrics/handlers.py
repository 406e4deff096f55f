"""Every event that changes a figure is projected in one way."""

from collections.abc import Iterator, Sequence

from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.events import Event
from services.chassis.store.unit_of_work import Tx
from services.metrics.catalogue.all import SUBJECTS
from services.metrics.figures.bucket import Bucket, Counted, increments
from services.metrics.figures.contributions import cells, contributions, difference
from services.metrics.figures.entity import Entity
from services.metrics.figures.subject import Subject, corrected_by


async def project(subject: Subject, key: str, event: Event, tx: Tx) -> None:
    """Take back what a thing added to the figures of its subject, learn what is new, put in what it adds now."""
    entity = await tx.find(Entity, key) or Entity(id=key)
    before = contributions(subject, entity.facts) if entity.adds is None else entity.adds
    entity.learn(subject.facts_of(event), corrects=corrected_by(event))
    entity.belongs_to(event.envelope)
    after = contributions(subject, entity.facts)
    entity.now_adds(after)
    for place, added in difference(before, after):
        tx.sum_up(Bucket, Counted(subject, place, tx.worker), added, increments)
    entity.cells = cells(subject, after)
    tx.save(entity)


def projecting(subjects: Sequence[Subject]) -> Handlers:
    """A handler for every event of these subjects; each of them makes of an event what it needs."""
    on = Handlers()

    hearing: dict[type[Event], list[Subject]] = {}
    for subject in subjects:
        for heard in subject.events:
            hearing.setdefault(heard, []).append(subject)

    def things(event: Event) -> Iterator[tuple[Subject, str]]:
        """Of each subject that hears an event, the key of what it is about."""
        for subject in hearing[type(event)]:
            if (key := subject.key_of(event)) is not None:
                yield subject, key

    @on(*hearing, loads=lambda event: [(Entity, key) for _, key in things(event)])
    async def project_each(event: Event, tx: Tx) -> None:
        """Take back what the counted thing added to the figures, learn what is new, put in what it adds now."""
        for subject, key in things(event):
            await project(subject, key, event, tx)

    return on


on = projecting(SUBJECTS)
