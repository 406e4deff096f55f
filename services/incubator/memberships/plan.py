"""A plan: what a membership includes each month, and what is paid beyond it."""

from typing import ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.ownership import PUBLIC
from services.contracts.incubator.resources import ResourceKind
from services.incubator.kernel.quantity import UnitPrice


class Plan(Aggregate):
    """A plan of memberships; it never changes, so that who has it knows what it says.

    Attributes:
        covers: the kinds of resources that its minutes are for.
        overage: the price of minutes beyond the included ones.
    """

    collection: ClassVar[str] = "plans"
    shown_to: ClassVar = PUBLIC

    name: str
    covers: list[ResourceKind]
    included_minutes_per_month: int
    overage: UnitPrice

    @classmethod
    def offer(
        cls, *, name: str, covers: list[ResourceKind], included_minutes_per_month: int, overage: UnitPrice
    ) -> Self:
        """A new plan."""
        return cls(
            id=new_id("pln"),
            name=name,
            covers=covers,
            included_minutes_per_month=included_minutes_per_month,
            overage=overage,
        )
