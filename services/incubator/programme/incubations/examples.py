"""What the document of the API shows of incubations: the one of a synthetic business."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.money import Money
from services.contracts.incubator.startups.incubations import Outcome
from services.incubator.programme.applications.examples import APPLICATION
from services.incubator.programme.incubations.bodies import (
    AddMilestone,
    BeginWith,
    EnrolBusiness,
    MeetMilestone,
    ReportOutcome,
    TerminateIncubation,
    WithdrawIncubation,
)
from services.incubator.programme.incubations.incubation import Incubation
from services.incubator.programme.incubations.milestone import IncubationMilestone
from services.incubator.programme.incubations.term import IncubationBaseline, Term
from services.incubator.programme.incubations.views import IncubationView
from services.incubator.programme.programmes.examples import COHORT
from services.incubator.tenants.examples import BUSINESS, OWNER, TENANT

REVENUE: Final = Money(amount=12_000_000, currency="CNY")
INCUBATION: Final = Incubation(
    id="inc_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    sequence=1,
    application_id=APPLICATION.id,
    program_id=COHORT.program_id,
    cohort_id=COHORT.id,
    partner_id=OWNER,
    business_id=BUSINESS,
    business_kind=TENANT.kind,
    sector=TENANT.sector,
    starts_on=date(2027, 3, 1),
    ends_on=date(2028, 3, 1),
    term=Term(months=12, max_extensions=2, extension_months=6, extension_notice_days=90),
    milestones=[
        IncubationMilestone(
            id="mil_0195f3a4b5c67d8e9f00112233445566", title="首位付费客户", due_on=date(2027, 9, 1), mandatory=True
        )
    ],
    next_due_on=date(2027, 9, 1),
    baseline=IncubationBaseline(revenue=REVENUE, staff=4),
)

KEPT: Final[Sequence[Row]] = (INCUBATION,)
BODIES: Final[Sequence[BaseModel]] = (
    EnrolBusiness(business_id=BUSINESS, baseline=BeginWith(revenue=REVENUE, staff=4)),
    AddMilestone(title="示例：第二家合作伙伴", due_on=date(2027, 12, 1), mandatory=False),
    MeetMilestone(evidence_url="https://start-up.example/first-customer"),
    WithdrawIncubation(reason="示例原因：迁往外地"),
    TerminateIncubation(reason="示例原因：连续三个月无人到场"),
    ReportOutcome(outcome=Outcome.OPERATING, observed_on=date(2028, 3, 1)),
)
ANSWERS: Final[Sequence[BaseModel]] = (IncubationView.of(INCUBATION),)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
