"""What the document of the API shows of investors: a synthetic person who founded a business."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.incubator.investment.investors.bodies import ChangeInvestor, EnterInvestor
from services.incubator.investment.investors.investor import Investor, InvestorKind
from services.incubator.investment.investors.views import InvestorView
from services.incubator.tenants.examples import OWNER

NAME: Final = "示例·艾力"
INVESTOR: Final = Investor(
    id="ivs_0195f3a4b5c67d8e9f00112233445566",
    version=2,
    partner_id=OWNER,
    name=NAME,
    kind=InvestorKind.PERSON,
    business_id=None,
    holdings=1,
)

KEPT: Final[Sequence[Row]] = (INVESTOR,)
BODIES: Final[Sequence[BaseModel]] = (
    EnterInvestor(name=NAME, kind=InvestorKind.PERSON),
    ChangeInvestor(name="示例·艾力江"),
)
ANSWERS: Final[Sequence[BaseModel]] = (InvestorView.of(INVESTOR),)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
