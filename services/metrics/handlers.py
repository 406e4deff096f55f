"""Every event that changes a figure is projected in one way."""

from collections.abc import Iterator, Sequence

from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.events import Event
from services.chassis.store.unit_of_work import Tx
from services.metrics.catalogue.all import SUBJECTS
from services.metrics.figures.bucket import Bucket, Counted, increments
from services.metrics.figures.contributions import contributions, difference
from services.metrics.figures.entity import Entity
from services.metrics.figures.subject import Subject


async def project(subject: Subject, event: Event, tx: Tx) -> None:
    """Take back what a thing added to the figures of its subject, learn what is new, put in what it adds now."""
    key = subject.key_of(event)
    entity = await tx.find(Entity, key) or Entity(id=key)
    before = contributions(subject, entity.facts)
    entity.learn(subject.facts_of(event))
    for place, added in difference(before, contributions(subject, entity.facts)):
        tx.sum_up(Bucket, Counted(subject, place, tx.worker), added, increments)
    tx.save(entity)


def projecting(subjects: Sequence[Subject]) -> Handlers:
    """A handler for every event of these subjects; each of them makes of an event what it needs."""
    on = Handlers()

    def hearing(event: Event) -> Iterator[Subject]:
        return (subject for subject in subjects if type(event) in subject.events)

    @on(
        *dict.fromkeys(event for subject in subjects for event in subject.events),
        loads=lambda event: [(Entity, subject.key_of(event)) for subject in hearing(event)],
    )
    async def project_each(event: Event, tx: Tx) -> None:
        """Take back what the counted thing added to the figures, learn what is new, put in what it adds now."""
        for subject in hearing(event):
            await project(subject, event, tx)

    return on


on = projecting(SUBJECTS)
