"""What the document of the API shows of programmes: a synthetic one, and its cohort."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant
from services.incubator.programme.programmes.bodies import (
    CancelCohort,
    ChangeProgram,
    CorrectForm,
    PlanCohort,
    PlanProgram,
)
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.form import (
    Criterion,
    EligibilityRule,
    Form,
    PlannedMilestone,
    Question,
    RuleKind,
)
from services.incubator.programme.programmes.program import Program
from services.incubator.programme.programmes.status import CohortStatus, ProgramStatus
from services.incubator.programme.programmes.views import CohortView, ProgramView

QUESTIONS: Final = [Question(key="idea", text="您的项目解决什么问题？", required=True, at_most=2000)]
CRITERIA: Final = [
    Criterion(key="idea", name="项目", weight_bps=6000),
    Criterion(key="team", name="团队", weight_bps=4000),
]
ELIGIBILITY: Final = [
    EligibilityRule(rule=RuleKind.GRADUATED_WITHIN, months=60),
    EligibilityRule(rule=RuleKind.FOUNDER_SHARE_AT_LEAST, bps=3000),
]
MILESTONES: Final = [PlannedMilestone(title="首位付费客户", due_after_months=6, mandatory=True)]
PROGRAM: Final = Program(
    id="prg_0195f3a4b5c67d8e9f00112233445566",
    version=2,
    sequence=1,
    name="示例青年创业计划",
    offerings=["space", "consulting"],
    questions=QUESTIONS,
    criteria=CRITERIA,
    eligibility=ELIGIBILITY,
    milestones=MILESTONES,
    term_months=12,
    max_extensions=2,
    extension_months=6,
    extension_notice_days=90,
    status=ProgramStatus.OPEN,
)
DRAFT: Final = PROGRAM.model_copy(update={"version": 1, "sequence": 0, "status": ProgramStatus.DRAFT})
COHORT: Final = Cohort(
    id="coh_0195f3a4b5c67d8e9f00112233445566",
    version=2,
    sequence=1,
    program_id=PROGRAM.id,
    name="2027年春季",
    opens_at=parse_instant("2026-11-01T00:00:00Z"),
    closes_at=parse_instant("2027-01-01T00:00:00Z"),
    starts_on=date(2027, 3, 1),
    ends_on=date(2028, 2, 29),
    seats=20,
    reviews_needed=2,
    forms=[Form(version=1, questions=QUESTIONS, criteria=CRITERIA, eligibility=ELIGIBILITY)],
    milestones=MILESTONES,
    status=CohortStatus.OPEN,
)

KEPT: Final[Sequence[Row]] = (DRAFT, COHORT)
BODIES: Final[Sequence[BaseModel]] = (
    PlanProgram(**{name: getattr(PROGRAM, name) for name in PlanProgram.model_fields}),
    ChangeProgram(name="示例青年创业计划（第二期）"),
    PlanCohort(**{name: getattr(COHORT, name) for name in PlanCohort.model_fields}),
    CorrectForm(eligibility=ELIGIBILITY[:1]),
    CancelCohort(reason="示例原因：本期暂停举办"),
)
ANSWERS: Final[Sequence[BaseModel]] = (ProgramView.of(PROGRAM), CohortView.of(COHORT))
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
