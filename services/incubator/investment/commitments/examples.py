"""What the document of the API shows of commitments: one of a synthetic investor."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant
from services.incubator.investment.commitments.bodies import Accept, Fund, Pledge, Sum
from services.incubator.investment.commitments.commitment import Commitment
from services.incubator.investment.commitments.status import CommitmentStatus
from services.incubator.investment.commitments.views import CommitmentView
from services.incubator.investment.investors.examples import INVESTOR
from services.incubator.investment.rounds.examples import ROUND
from services.incubator.tenants.examples import OWNER

COMMITMENT: Final = Commitment(
    id="cmt_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    sequence=1,
    round_id=ROUND.id,
    business_id=ROUND.business_id,
    partner_id=OWNER,
    investor_id=INVESTOR.id,
    investor_partner_id=OWNER,
    investor_kind=INVESTOR.kind.value,
    dimensions=ROUND.dimensions(),
    instrument=ROUND.instrument,
    currency="CNY",
    pledged=50_000_000,
    amount=50_000_000,
    pledged_at=parse_instant("2026-11-25T02:00:00Z"),
    status=CommitmentStatus.PLEDGED,
)
SUM: Final = Sum(amount=50_000_000, currency="CNY")

KEPT: Final[Sequence[Row]] = (COMMITMENT,)
BODIES: Final[Sequence[BaseModel]] = (
    Pledge(investor_id=INVESTOR.id, amount=SUM),
    Accept(amount=Sum(amount=40_000_000, currency="CNY")),
    Fund(amount=SUM),
)
ANSWERS: Final[Sequence[BaseModel]] = (CommitmentView.of(COMMITMENT),)
OF_OPERATIONS: Final[Mapping[str, BaseModel | Mapping[str, Any]]] = {}
