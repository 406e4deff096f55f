"""What metrics knows of one counted thing, as a set of dated facts; no more than the figures need."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate


@dataclass(frozen=True, slots=True)
class Fact:
    """What is true from a day on, because an event said so.

    Facts are partial on purpose: were each a snapshot, a back-dated correction would be undone by the snapshot of the
    next, older event.

    Attributes:
        on: the day of the zone, `YYYY-MM-DD`.
        subject, sequence: the event that said so; they order facts of one day.
        set: the members that it gives a value; money is `{"amount", "currency"}`.
    """

    on: str
    subject: str
    sequence: int
    set: dict[str, Any]

    @property
    def order(self) -> tuple[str, str, int]:
        """Later facts in this order win."""
        return self.on, self.subject, self.sequence


class Entity(Aggregate):
    """One thing that is counted, `<type>|<id>`, with everything that was ever said about it."""

    collection: ClassVar[str] = "entities"

    facts: list[Fact] = Field(default_factory=list)

    def learn(self, facts: Iterable[Fact]) -> None:
        """Take in what an event said; an event that is heard again says the same again."""
        said = {fact.order: fact for fact in facts}
        self.facts = [*(known for known in self.facts if known.order not in said), *said.values()]
