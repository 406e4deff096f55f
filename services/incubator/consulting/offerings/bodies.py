"""What staff sends of offerings."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from services.chassis.domain.money import PositiveOrZero
from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import Before, Violation, cross_rule
from services.contracts.incubator.appointments import ConsultingTopic
from services.incubator.kernel.calendar import OnGrid
from services.incubator.kernel.quantity import CURRENCY

OfferingTitle = Annotated[str, Text(at_most=100)]
Topics = Annotated[list[ConsultingTopic], Field(min_length=1, max_length=30)]


def _in_currency(price: PositiveOrZero, _: Before) -> Iterator[Violation]:
    if price.currency != CURRENCY:
        yield Violation("currency_mismatch", f"The books of the zone are kept in {CURRENCY}.", ("currency",))


class OfferConsultation(Part):
    """A consultation that businesses can ask for."""

    title: OfferingTitle
    """By which people call it."""
    minutes: Annotated[int, Field(ge=15, le=480), OnGrid]
    """How long it takes."""
    topics: Topics
    """What it can be about."""
    price: Annotated[PositiveOrZero, cross_rule(_in_currency, "currency_mismatch")]
    """What one costs, without tax; 0 where it costs nothing."""
