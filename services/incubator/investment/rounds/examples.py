"""What the document of the API shows of rounds: one of a synthetic business."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant
from services.contracts.incubator.startups.rounds import Instrument
from services.incubator.investment.rounds.bodies import ChangeRound, ChangeTerms, DraftRound
from services.incubator.investment.rounds.round import Round
from services.incubator.investment.rounds.status import RoundStatus
from services.incubator.investment.rounds.terms import ConditionKind, RoundCondition, RoundTerms
from services.incubator.investment.rounds.views import RoundView
from services.incubator.investment.shares.examples import SHARE_CLASS
from services.incubator.tenants.examples import BUSINESS, OWNER, TENANT

TERMS: Final = RoundTerms(
    target=100_000_000,
    hard_cap=150_000_000,
    min_ticket=1_000_000,
    opens_at=parse_instant("2026-11-25T02:00:00Z"),
    deadline=parse_instant("2027-02-01T02:00:00Z"),
    pre_money=1_000_000_000,
    share_class_id=SHARE_CLASS.id,
)
ROUND: Final = Round(
    id="rnd_0195f3a4b5c67d8e9f00112233445566",
    version=3,
    sequence=1,
    business_id=BUSINESS,
    partner_id=OWNER,
    business_kind=TENANT.kind,
    sector=TENANT.sector,
    name="示例天使轮",
    instrument=Instrument.PRICED_EQUITY,
    currency="CNY",
    terms=TERMS,
    conditions=[RoundCondition(number=1, kind=ConditionKind.DOCUMENTS_SIGNED)],
    committed=50_000_000,
    commitments_count=1,
    status=RoundStatus.OPEN,
    opened_at=parse_instant("2026-11-25T02:00:00Z"),
)
DRAFT: Final = ROUND.model_copy(
    update={"version": 1, "sequence": 0, "committed": 0, "commitments_count": 0, "status": RoundStatus.DRAFT}
)
"""What nobody but its owner sees."""

KEPT: Final[Sequence[Row]] = (DRAFT,)
BODIES: Final[Sequence[BaseModel]] = (
    DraftRound(
        business_id=BUSINESS,
        name=ROUND.name,
        instrument=ROUND.instrument,
        currency=ROUND.currency,
        terms=TERMS,
        conditions=[ConditionKind.DOCUMENTS_SIGNED],
    ),
    ChangeRound(terms=ChangeTerms(hard_cap=200_000_000)),
)
ANSWERS: Final[Sequence[BaseModel]] = (RoundView.of(ROUND),)
OF_OPERATIONS: Final[Mapping[str, BaseModel | Mapping[str, Any]]] = {}
