"""What callers send of opening balances."""

from typing import Annotated

from pydantic import Field

from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.part import Part
from services.chassis.domain.times import Day
from services.incubator.finance.bodies import PostedSide
from services.incubator.finance.period import Entered


class OpeningBalances(Part):
    """What a book held before the zone kept it."""

    effective_on: Annotated[Day, Entered]
    """The last day before; nothing was entered for an earlier one."""
    currency: CurrencyCode
    """That of the book."""
    lines: Annotated[list[PostedSide], Field(min_length=2, max_length=500)]
    """What assets, liabilities and equity held, each account once; the debits are as much as the credits."""
