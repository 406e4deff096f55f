"""What the document of the API shows of applications: the one of a synthetic business with a synthetic founder."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant
from services.contracts.incubator.startups.programmes import AdmissionStatus
from services.incubator.programme.applications.application import Application
from services.incubator.programme.applications.bodies import (
    ChangeApplication,
    CriterionScore,
    DeclareConflict,
    DraftApplication,
    RejectApplication,
    ScoreApplication,
    WaitlistApplication,
    WithdrawApplication,
)
from services.incubator.programme.applications.founder import Founder
from services.incubator.programme.applications.review import ApplicationReview, Tie
from services.incubator.programme.applications.views import (
    ApplicationView,
    PromotionView,
    RankedApplicationView,
    ScoresView,
)
from services.incubator.programme.programmes.examples import COHORT
from services.incubator.programme.programmes.retention import known_through
from services.incubator.tenants.examples import BUSINESS, OWNER, TENANT

FOUNDER: Final = Founder(name="示例创始人", graduated_on=date(2024, 6, 30), share_bps=6000, legal_representative=True)
REVIEWER: Final = "cli_0195f3a4b5c67d8e9f00112233445566"
APPLICATION: Final = Application(
    id="app_0195f3a4b5c67d8e9f00112233445566",
    version=2,
    sequence=1,
    program_id=COHORT.program_id,
    cohort_id=COHORT.id,
    partner_id=OWNER,
    business_id=BUSINESS,
    business_kind=TENANT.kind,
    sector=TENANT.sector,
    founders=[FOUNDER],
    answers={"idea": "示例：让小商户在线开店。"},
    form_version=1,
    submitted_at=parse_instant("2026-11-25T02:00:00Z"),
    erase_after=known_through(COHORT.ends_on),
    status=AdmissionStatus.SUBMITTED,
)
DRAFT: Final = APPLICATION.model_copy(
    update={"version": 1, "sequence": 0, "submitted_at": None, "status": AdmissionStatus.DRAFT}
)
REVIEW: Final = ApplicationReview(reviewer_id=REVIEWER, points={"idea": 4, "team": 3})

KEPT: Final[Sequence[Row]] = (DRAFT,)
BODIES: Final[Sequence[BaseModel]] = (
    DraftApplication(
        cohort_id=COHORT.id, business_id=BUSINESS, founders=[FOUNDER], answers={"idea": "示例：让小商户在线开店。"}
    ),
    ChangeApplication(founders=[FOUNDER]),
    RejectApplication(reasons=["示例原因：本期名额有限"]),
    WaitlistApplication(rank=1),
    WithdrawApplication(reason="示例原因：团队已有其他安排"),
    ScoreApplication(scores=[CriterionScore(criterion="idea", points=4), CriterionScore(criterion="team", points=3)]),
    DeclareConflict(tie=Tie.CONSULTANT, reviewer_id=REVIEWER),
)
ANSWERS: Final[Sequence[BaseModel]] = (
    ApplicationView.of(APPLICATION),
    ScoresView(
        application_id=APPLICATION.id,
        score="3.6000",
        complete=False,
        reviews=1,
        reviews_needed=2,
        given=[REVIEW],
        conflicts=[],
    ),
    RankedApplicationView(application_id=APPLICATION.id, score="3.6000", status=AdmissionStatus.INTERVIEW),
    PromotionView(application_id=APPLICATION.id, passed_over=[]),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
