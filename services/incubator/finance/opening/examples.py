"""What the document of the API shows of opening balances."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.incubator.finance.bodies import PostedSide
from services.incubator.finance.chart import BANK, EQUITY
from services.incubator.finance.examples import AT
from services.incubator.finance.opening.bodies import OpeningBalances

KEPT: Final[Sequence[Row]] = ()
BODIES: Final[Sequence[BaseModel]] = (
    OpeningBalances(
        effective_on=AT.date(),
        currency="CNY",
        lines=[PostedSide(code=BANK, debit=500_000), PostedSide(code=EQUITY, credit=500_000)],
    ),
)
ANSWERS: Final[Sequence[BaseModel]] = ()
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
