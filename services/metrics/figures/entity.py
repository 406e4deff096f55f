"""What metrics knows of one counted thing, as a set of dated facts; no more than the figures need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import Field, PrivateAttr

from services.chassis.domain.aggregate import Aggregate, event_id
from services.chassis.domain.envelope import Envelope
from services.chassis.domain.ownership import Ownership, owned_by
from services.chassis.domain.times import rfc3339


@dataclass(frozen=True, slots=True)
class Fact:
    """What is true from a day on, because an event said so.

    Facts are partial on purpose: were each a snapshot, a back-dated correction would be undone by the snapshot of the
    next, older event.

    Attributes:
        on: the day of the zone, `YYYY-MM-DD`.
        subject, sequence: the event that said so; they order facts of one day.
        set: the members that it gives a value; money is `{"amount", "currency"}`.
        matter: what is stated as a whole, each time anew, such as how much was taken in a month; '' for what is not.
        rank: of two statements of a matter, the one with the greater is the newer, whatever their subjects.
        trace: in which the event was recorded (W3C Trace Context, 32 hexadecimal digits); '' where it has none.
        filing: the filing by which it came to be, where the event names one.
    """

    on: str
    subject: str
    sequence: int
    set: dict[str, Any]
    matter: str = ""
    rank: str = ""
    trace: str = ""
    filing: str = ""

    @property
    def order(self) -> tuple[str, str, int]:
        """Later facts in this order win."""
        return self.on, self.subject, self.sequence

    @property
    def statement(self) -> tuple[str, str, int]:
        """Which statement of its matter it belongs to; the greatest one counts."""
        return self.rank, self.subject, self.sequence

    @property
    def event_id(self) -> str:
        """The event that said so."""
        return event_id(self.subject, self.sequence)


class Entity(Aggregate):
    """One thing that is counted, `<type>|<id>`, with everything that was ever said about it."""

    collection: ClassVar[str] = "entities"
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("cells", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
    )
    shown_to: ClassVar[Ownership] = owned_by("partner_id")

    facts: list[Fact] = Field(default_factory=list)
    taken_back: list[str] = Field(default_factory=list)
    """The ids of events that others correct: what they said does not count, also where it is heard afterwards."""
    cells: list[str] = Field(default_factory=list)
    """Where it counts or ever did: `<kpi>|<cell>`, by which the contributors to a figure are found."""
    business_id: str | None = None
    """The business that it belongs to, as was last said; None where it is nobody's."""
    partner_id: str | None = None
    """The partner whose it is, likewise; None where it is the zone's own."""
    owner_told: str = ""
    """When, and by which event, that was said: the last one counts, in whatever order they are heard."""

    @property
    def thing(self) -> str:
        """The id of the counted thing, without its type."""
        return self.id.partition("|")[2]

    def belongs_to(self, said: Envelope) -> None:
        """Learn from an event whose it is."""
        told = f"{rfc3339(said.time)}|{said.id}"
        if said.partner_id is not None and told > self.owner_told:
            self.business_id, self.partner_id, self.owner_told = said.business_id, said.partner_id, told

    _adds: Mapping[Any, Mapping[str, int]] | None = PrivateAttr(default=None)

    @property
    def adds(self) -> Mapping[Any, Mapping[str, int]] | None:
        """What its facts add to the figures, kept in this unit of work for the next event of it; None until known."""
        return self._adds

    def now_adds(self, contributions: Mapping[Any, Mapping[str, int]]) -> None:
        """Keep what was worked out of the facts as they are now."""
        self._adds = contributions

    def learn(self, facts: Iterable[Fact], *, corrects: str | None = None) -> None:
        """Take in what an event said; an event that is heard again says the same again.

        Of each matter only the newest statement is kept, in whatever order they are heard; it is stated anew, and not
        corrected, as the one before it is not known any more.

        Args:
            facts: none of them counts where another event has taken this one back.
            corrects: the event whose facts this one takes back, all of them; heard before or after it.
        """
        self._adds = None
        said = {fact.order: fact for fact in facts}
        if corrects is not None and corrects not in self.taken_back:
            self.taken_back = [*self.taken_back, corrects]
        known = [*(known for known in self.facts if known.order not in said), *said.values()]
        if self.taken_back:
            known = [fact for fact in known if fact.event_id not in self.taken_back]
        newest: dict[str, tuple[str, str, int]] = {}
        for fact in known:
            if fact.matter:
                newest[fact.matter] = max(newest.get(fact.matter, fact.statement), fact.statement)
        if newest:
            known = [fact for fact in known if not fact.matter or fact.statement == newest[fact.matter]]
        self.facts = known
