"""What the document of the API shows of offerings: a synthetic one."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.money import Money
from services.incubator.consulting.offerings.bodies import OfferConsultation
from services.incubator.consulting.offerings.offering import Offering
from services.incubator.consulting.offerings.views import OfferingView

OFFERING: Final = Offering(
    id="ofr_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    title="税务咨询",
    minutes=60,
    topics=["tax"],
    price=Money(amount=20000, currency="CNY"),
)

KEPT: Final[Sequence[Row]] = (OFFERING,)
BODIES: Final[Sequence[BaseModel]] = (
    OfferConsultation(**{name: getattr(OFFERING, name) for name in OfferConsultation.model_fields}),
)
ANSWERS: Final[Sequence[BaseModel]] = (OfferingView.of(OFFERING),)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
