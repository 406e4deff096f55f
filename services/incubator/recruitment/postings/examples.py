"""What the document of the API shows of postings: one of a synthetic business."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.money import Money
from services.chassis.domain.times import parse_instant
from services.contracts.incubator.jobs import EmploymentType
from services.incubator.recruitment.postings.bodies import ChangePosting, DraftPosting
from services.incubator.recruitment.postings.linked_data import linked_data
from services.incubator.recruitment.postings.posting import JobPosting
from services.incubator.recruitment.postings.status import PostingStatus
from services.incubator.recruitment.postings.terms import PayPeriod, Salary, Workplace
from services.incubator.recruitment.postings.views import PostingView
from services.incubator.tenants.examples import BUSINESS, OWNER, TENANT

SALARY: Final = Salary(
    min=Money(amount=600_000, currency="CNY"), max=Money(amount=900_000, currency="CNY"), per=PayPeriod.MONTH
)
POSTING: Final = JobPosting(
    id="jpo_0195f3a4b5c67d8e9f00112233445566",
    version=2,
    sequence=1,
    business_id=BUSINESS,
    partner_id=OWNER,
    business_kind=TENANT.kind,
    sector=TENANT.sector,
    title="电商运营专员",
    description="负责示例网店的日常运营。\n欢迎应届毕业生。",
    employment_type=EmploymentType.FULL_TIME,
    openings=2,
    location=Workplace(country="CN", region="新疆", locality="库尔勒市", street="示例路1号"),
    remote=None,
    salary=SALARY,
    valid_through=date(2026, 12, 31),
    skills=["数据分析"],
    fresh_graduates_welcome=True,
    posted_at=parse_instant("2026-11-25T02:00:00Z"),
    status=PostingStatus.PUBLISHED,
)

DRAFT: Final = POSTING.model_copy(
    update={"version": 1, "sequence": 0, "posted_at": None, "status": PostingStatus.DRAFT}
)
"""What nobody but its owner sees."""

KEPT: Final[Sequence[Row]] = (DRAFT,)
BODIES: Final[Sequence[BaseModel]] = (
    DraftPosting(**{name: getattr(POSTING, name) for name in DraftPosting.model_fields}),
    ChangePosting(openings=3),
)
ANSWERS: Final[Sequence[BaseModel]] = (PostingView.of(POSTING),)
OF_OPERATIONS: Final[Mapping[str, BaseModel | Mapping[str, Any]]] = {
    "see_posting_as_linked_data": linked_data(POSTING, TENANT.name),
}
