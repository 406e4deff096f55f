"""What the document of the API shows of targets: the zone's own, 8.1 bn yuan to grow by 300 percent in five years."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.metrics.reading.examples import FEN, answer
from services.metrics.targets.bodies import Goal, SetBaseline, SetTarget
from services.metrics.targets.judgement import judge
from services.metrics.targets.target import Direction, Target, TargetBaseline
from services.metrics.targets.trajectory import Shape
from services.metrics.targets.views import Progress, TargetView

OPENED_ON: Final = date(2018, 4, 30)
TARGET: Final = Target(
    id="tgt_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    kpi="valuation_total",
    dims={"kind": "industrial"},
    baseline=TargetBaseline(value=FEN, on=OPENED_ON),
    growth_pct=300,
    goal=4 * FEN,
    due_on=date(2023, 4, 30),
    direction=Direction.UP,
    trajectory=Shape.GEOMETRIC,
    milestones=[],
)

KEPT: Final[Sequence[Row]] = (TARGET,)
BODIES: Final[Sequence[BaseModel]] = (
    SetTarget(
        kpi=TARGET.kpi,
        dims=TARGET.dims,
        baseline=SetBaseline(on=OPENED_ON, value=FEN),
        goal=Goal(growth_pct=300),
        due_on=TARGET.due_on,
    ),
)
ANSWERS: Final[Sequence[BaseModel]] = (
    TargetView.of(TARGET),
    Progress.of(
        TARGET,
        judge(TARGET, FEN, as_of=date(2026, 11, 24), stated_on=OPENED_ON),
        answer(kind="industrial"),
    ),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
