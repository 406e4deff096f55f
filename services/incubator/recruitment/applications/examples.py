"""What the document of the API shows of job applications: the one of a synthetic person."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant
from services.contracts.incubator.jobs import ApplicationStatus
from services.incubator.recruitment.applications.application import JobApplication, Side, StageChange
from services.incubator.recruitment.applications.bodies import Advance, Apply, Explain, MayExplain, Stage
from services.incubator.recruitment.applications.views import JobApplicationView
from services.incubator.recruitment.candidates.examples import CANDIDATE
from services.incubator.recruitment.postings.examples import POSTING
from services.incubator.tenants.examples import BUSINESS, OWNER

APPLICATION: Final = JobApplication(
    id="jap_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    sequence=1,
    posting_id=POSTING.id,
    business_id=BUSINESS,
    candidate_id=CANDIDATE.id,
    partner_id=OWNER,
    candidate_partner_id=OWNER,
    person=CANDIDATE.person,
    dimensions=POSTING.dimensions(),
    history=[
        StageChange(
            from_status=None,
            to_status=ApplicationStatus.APPLIED,
            at=parse_instant("2026-11-25T02:00:00Z"),
            by=Side.CANDIDATE,
        )
    ],
)

KEPT: Final[Sequence[Row]] = (APPLICATION,)
BODIES: Final[Sequence[BaseModel]] = (
    Apply(candidate_id=CANDIDATE.id),
    Advance(to_status=Stage.INTERVIEW),
    Explain(reason="另一位示例候选人更合适"),
    MayExplain(reason="已有其他安排"),
)
ANSWERS: Final[Sequence[BaseModel]] = (JobApplicationView.of(APPLICATION),)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
