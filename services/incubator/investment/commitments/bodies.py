"""What callers send of commitments."""

from typing import Annotated

from pydantic import Field

from services.chassis.domain.money import LARGEST, CurrencyCode
from services.chassis.domain.part import Part
from services.contracts.incubator.startups.shares import InvestorId


class Sum(Part):
    """An amount above nothing."""

    amount: Annotated[int, Field(ge=1, le=LARGEST)]
    """Whole minor units."""
    currency: CurrencyCode
    """That of the round."""


class Pledge(Part):
    """What an investor promises in a round."""

    investor_id: InvestorId
    """Who promises it."""
    amount: Sum
    """How much is promised, in the currency of the round."""


class Accept(Part):
    """How much of what was promised the business takes."""

    amount: Sum | None = None
    """Never more than was promised; null for all of it."""


class Fund(Part):
    """Money of an investor that is there."""

    amount: Sum
    """How much; what was there before adds to it."""
