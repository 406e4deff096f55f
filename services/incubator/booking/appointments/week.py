"""A business's week with a consultant: which appointments count against the weekly limit, a counter with a bound."""

from datetime import datetime
from typing import ClassVar, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.times import Instant


class ConsultingWeek(Aggregate):
    """The appointments of a business with a consultant that begin in one week of the zone.

    Attributes:
        id: `<consultant>|<business>|<week>`, see `week_id`.
        counted: appointment → until when it counts; None for good. What nobody answered stops counting by itself.
    """

    collection: ClassVar[str] = "consulting_weeks"

    counted: dict[str, Instant | None] = Field(default={})

    @classmethod
    def none_yet(cls, id: str) -> Self:
        """A week in which nothing was asked for yet."""
        return cls(id=id)

    def used(self, at: datetime, *, but: str = "") -> int:
        """How many count at a moment, without the one that is to be moved."""
        return sum(id != but and (until is None or until > at) for id, until in self.counted.items())

    def count(self, appointment_id: str, until: datetime | None, at: datetime) -> None:
        """Count one more, or one for longer than before; what has ended by itself is forgotten."""
        self.counted = {id: end for id, end in self.counted.items() if end is None or end > at}
        self.counted[appointment_id] = until

    def give_back(self, appointment_id: str) -> None:
        """One counts no more."""
        self.counted.pop(appointment_id, None)


def week_id(consultant_id: str, business_id: str, week: str) -> str:
    """The week of a business with a consultant."""
    return f"{consultant_id}|{business_id}|{week}"
