"""Minutes used of a membership in a month: a ledger that reservations draw on and give back to."""

from typing import Annotated, ClassVar, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate


class MinutesUsed(Aggregate):
    """How many included minutes of a membership a month's reservations use.

    Attributes:
        id: `<membership>|<month>`.
        month: `2026-07`, by the day of the zone on which a reservation starts; what is unused does not carry over.
    """

    collection: ClassVar[str] = "minutes_used"
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["membership_id", "month", "used"],
            "properties": {"used": {"bsonType": ["int", "long"], "minimum": 0}},
        }
    }

    membership_id: str
    month: Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}$")]
    used: int = 0

    @classmethod
    def none_yet(cls, membership_id: str, month: str) -> Self:
        """The ledger of a month in which nothing was used yet."""
        return cls(id=minutes_id(membership_id, month), membership_id=membership_id, month=month)

    def use(self, minutes: int) -> None:
        """More of them, or fewer where negative."""
        self.used += minutes


def minutes_id(membership_id: str, month: str) -> str:
    """The ledger of a membership's month."""
    return f"{membership_id}|{month}"
