"""What callers see of offerings."""

from typing import ClassVar, Self

from services.chassis.domain.money import Money
from services.chassis.http.view import View
from services.contracts.incubator.appointments import ConsultingTopic
from services.incubator.consulting.offerings.offering import Offering, OfferingStatus


class OfferingView(View):
    """A consultation that businesses can ask for."""

    at: ClassVar[str] = "/v1/incubator/offerings"

    title: str
    """By which people call it."""
    minutes: int
    """How long it takes."""
    topics: list[ConsultingTopic]
    """What it can be about."""
    price: Money
    """What one costs, without tax."""
    status: OfferingStatus
    """Whether it can be asked for."""

    @classmethod
    def of(cls, offering: Offering) -> Self:
        return cls.showing(offering)
