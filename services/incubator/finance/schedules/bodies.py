"""What callers send of prepaid schedules."""

from typing import Annotated

from pydantic import Field

from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.part import Part
from services.incubator.finance.bodies import AccountCode, Description
from services.incubator.finance.chart import EXPENSE
from services.incubator.finance.payments.bodies import MoreThanNothing
from services.incubator.finance.period import AccountingPeriod


class BeginSchedule(Part):
    """An amount that is prepaid, and the months that it is for."""

    description: Description
    """What was paid in advance."""
    amount: MoreThanNothing
    """How much, in minor units."""
    currency: CurrencyCode
    """That of the book."""
    first_period: AccountingPeriod
    """The first month that takes a part, `2026-04`."""
    months: Annotated[int, Field(ge=1, le=120)]
    """How many months in a row do."""
    code: AccountCode = EXPENSE
    """The expense account that the parts are moved to."""
