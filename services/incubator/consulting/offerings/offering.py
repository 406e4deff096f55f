"""An offering: a consultation that businesses can ask for, how long it takes and what it costs."""

from enum import StrEnum
from typing import ClassVar, Final, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.money import Money
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import PUBLIC
from services.contracts.incubator.appointments import ConsultingTopic


class OfferingStatus(StrEnum):
    """The statuses of an offering."""

    OFFERED = "offered"
    WITHDRAWN = "withdrawn"


MOVES: Final = {
    OfferingStatus.OFFERED: {OfferingStatus.WITHDRAWN},
    OfferingStatus.WITHDRAWN: set[OfferingStatus](),
}


class Offering(Aggregate):
    """An offering of consultations; it never changes, so that who asked for one knows what it costs.

    Attributes:
        minutes: how long it takes, a multiple of 15.
        topics: what it can be about.
        price: of one consultation, without tax.
    """

    collection: ClassVar[str] = "offerings"
    shown_to: ClassVar = PUBLIC

    title: str
    minutes: int
    topics: list[ConsultingTopic]
    price: Money
    status: OfferingStatus = OfferingStatus.OFFERED

    @classmethod
    def offer(cls, *, title: str, minutes: int, topics: list[str], price: Money) -> Self:
        """A new offering."""
        return cls(id=new_id("ofr"), title=title, minutes=minutes, topics=topics, price=price)

    def withdraw(self) -> None:
        """Let nobody ask for it any more; what was asked for stays. Raises Conflict (`invalid_transition`)."""
        self.status = move(self.status, OfferingStatus.WITHDRAWN, MOVES)
