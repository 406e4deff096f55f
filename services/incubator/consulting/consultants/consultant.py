"""A consultant: a person who gives advice, whose calendar is a resource of its own."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import invalid_transition, move
from services.chassis.domain.ownership import PUBLIC
from services.chassis.domain.times import Instant
from services.contracts.incubator.appointments import ConsultantErased, ConsultantId, ConsultingTopic
from services.contracts.incubator.resources import ResourceId
from services.contracts.incubator.sites import SiteId


class ConsultantStatus(StrEnum):
    """Whether a consultant takes new appointments."""

    ACTIVE = "active"
    RETIRED = "retired"
    ERASED = "erased"


S = ConsultantStatus

MOVES: Final = {S.ACTIVE: {S.RETIRED}, S.RETIRED: {S.ERASED}, S.ERASED: set[S]()}


class Consultant(Aggregate):
    """A consultant.

    Attributes:
        name: None once erased.
        languages: tags of BCP 47.
        resource_id: the calendar: hours, terms and what is taken of them.
        max_per_week: appointments that one business has with this consultant in one week of the zone.
    """

    collection: ClassVar[str] = "consultants"
    shown_to: ClassVar = PUBLIC

    id: ConsultantId
    site_id: SiteId
    name: str | None
    topics: list[ConsultingTopic]
    languages: list[str]
    resource_id: ResourceId
    max_per_week: int
    status: ConsultantStatus = ConsultantStatus.ACTIVE
    erased_at: Instant | None = None

    @classmethod
    def add(cls, **said: Any) -> Self:
        """A new consultant, as the members say."""
        return cls(id=new_id("cst"), **said)

    def change(self, **said: Any) -> None:
        """Say something else; appointments stay as they are. Raises Conflict (`invalid_transition`)."""
        if self.status is not S.ACTIVE:
            raise invalid_transition(self.status, [])
        for name, value in said.items():
            setattr(self, name, value)

    def retire(self) -> None:
        """Take no new appointments. Raises Conflict (`invalid_transition`)."""
        self.status = move(self.status, S.RETIRED, MOVES)

    def erase(self, at: datetime) -> None:
        """Forget who it is; what was counted stays. Raises Conflict (`invalid_transition`)."""
        self.status = move(self.status, S.ERASED, MOVES)
        self.name, self.erased_at = None, at
        self.record(ConsultantErased(consultant_id=self.id))

    def advises(self, topics: Collection[str]) -> bool:
        """Whether one of these is a topic of this consultant."""
        return not set(topics).isdisjoint(self.topics)
