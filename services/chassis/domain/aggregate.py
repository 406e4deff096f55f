"""An aggregate decides alone, without clock or network, and records what it decided as events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, PrivateAttr

from services.chassis.domain.events import Event
from services.chassis.domain.ownership import OF_THE_ZONE, Ownership
from services.chassis.domain.violations import STORED


@dataclass(frozen=True)
class Recorded:
    """An event waiting for the commit of its aggregate, already numbered; `partner_id` owned it as it happened."""

    event: Event
    sequence: int
    effective_at: datetime | None
    partner_id: str | None


def event_id(subject: str, sequence: int) -> str:
    """`<subject>:<sequence>`; ten digits, so that the order of ids is the order of events."""
    return f"{subject}:{sequence:010d}"


class Row(BaseModel):
    """A document that is written once, or only counted up: a version, a ledger entry, a bucket.

    What does not validate is told without what it says: errors are logged, and documents may be of people.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    collection: ClassVar[str]
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ()
    """Each a tuple of (field, 1 or -1); made before the service is ready. Uniqueness is a claim, never an index."""
    validator: ClassVar[Mapping[str, Any] | None] = None
    """What the store itself must refuse, as a query (`{"$jsonSchema": …}`): whoever writes it has a bug."""
    shown_to: ClassVar[Ownership] = OF_THE_ZONE
    """What says nothing is the zone's own."""

    id: str

    def to_document(self) -> dict[str, Any]:
        document = self.model_dump()
        return {"_id": document.pop("id"), **document}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        document = dict(document)
        return cls.model_validate({"id": document.pop("_id"), **document}, context=STORED)


class Aggregate(Row):
    """A noun with a life of its own.

    `version` counts its saves, `sequence` its events (1, 2, 3, … without a hole), `last_hash` chains them:
    each outbox row is hashed together with the row before it, which makes the outbox an audit trail.
    """

    version: int = 0
    sequence: int = 0
    last_hash: str = ""

    _recorded: list[Recorded] = PrivateAttr(default_factory=list)

    def record(self, event: Event, *, effective_at: datetime | None = None) -> None:
        """Say what happened; it is published when, and only when, this aggregate is committed.

        Args:
            event: the fact.
            effective_at: since when it is true, where that differs from the moment of the commit.

        Raises:
            TypeError: it tells something to its owner alone, and nobody owns this.
        """
        owner = self.owning_partner
        if event.needs_owner and not owner and not self.shown_to.or_the_zones:
            raise TypeError(f"{event.wire_name} is for its owner, and {self.id} has none")
        self.sequence += 1
        self._recorded.append(Recorded(event, self.sequence, effective_at, owner))

    @property
    def recorded(self) -> list[Event]:
        """What was recorded since the last commit, in order; what a test of the domain looks at."""
        return [each.event for each in self._recorded]

    def is_called(self, name: str) -> bool:
        """Whether a path that says this name means it; some nouns have names besides their id."""
        return name == self.id

    @property
    def owning_partner(self) -> str | None:
        """The partner that owns it, and hears those of its events that are for the owner; None where nobody does."""
        return self.shown_to.owner_of(self)

    @property
    def last_event_id(self) -> str | None:
        """The id of its last event, by which callers ask other services whether they have heard; None: nothing yet."""
        return event_id(self.id, self.sequence) if self.sequence else None

    def take_recorded(self) -> list[Recorded]:
        """Hand over what was recorded, once; the store calls it as it commits."""
        if taken := self._recorded:
            self._recorded = []
        return taken
