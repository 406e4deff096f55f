"""Targets over HTTP: set by who runs the zone, read by everyone who may read the figures."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.consuming.heard import InHeard
from services.chassis.domain.errors import Conflict
from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import Violation, at_path, refuse, refuse_parameters
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.metrics.callers import Manager, Reader
from services.metrics.catalogue.all import KPIS
from services.metrics.reading.routes import InAsOf
from services.metrics.targets.bodies import SetTarget, goal_of
from services.metrics.targets.queries import TargetFilter, TargetRef, judged, measured
from services.metrics.targets.target import Target, goal_violations
from services.metrics.targets.views import Progress, TargetView

router = APIRouter(prefix="/v1/metrics", route_class=TransactionalRoute)


@router.post("/targets", status_code=201)
@refuses("as_of_in_future", "baseline_unknown", "goal_against_direction", "goal_too_large", "target_exists")
async def set_target(body: SetTarget, manager: Manager, tx: InTx, heard: InHeard) -> TargetView:
    """Set what a figure is to come to by a day; it never changes, and there is one for a figure and a day."""
    baseline = await measured(tx, heard, KPIS[body.kpi], body.dims, body.baseline) if body.baseline else None
    goal = goal_of(body.goal, baseline.value if baseline else None)
    if baseline:
        refuse(*at_path(goal_violations(baseline.value, goal, body.direction), "goal"))
    assert goal is not None, "a body without a baseline says its goal"
    target = Target.begin(
        kpi=body.kpi,
        dims=body.dims,
        baseline=baseline,
        goal=goal,
        growth_pct=body.goal.growth_pct,
        due_on=body.due_on,
        direction=body.direction,
        trajectory=body.shape,
        milestones=body.corners(),
    )
    exists = Conflict("There is a target for this figure and this day.", code="target_exists")
    tx.claim(target.claim, target.id, taken=exists)
    return TargetView.of(tx.save(target))


@router.get("/targets")
async def list_targets(
    asked: Annotated[TargetFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[TargetView]:
    """The zone's targets, oldest first."""
    return await page.of(tx, Target, asked.where(), TargetView.of)


@router.get("/targets/{target_id}")
async def see_target(target_id: TargetRef, reader: Reader, tx: InTx) -> TargetView:
    """One target."""
    return TargetView.of(await tx.visible(Target, target_id))


@router.get("/targets/{target_id}/progress")
@refuses("as_of_in_future")
async def see_progress(
    target_id: TargetRef, reader: Reader, tx: InTx, heard: InHeard, as_of: InAsOf = None
) -> Progress:
    """How a target stands: its status by observed against required growth, and what its trajectory expects."""
    today = zone_date(tx.now)
    if as_of and as_of > today:
        refuse_parameters(Violation("as_of_in_future", "Nobody knows the figures of a day to come.", ("as_of",)))
    target = await tx.visible(Target, target_id)
    return Progress.of(target, *await judged(tx, heard, target, as_of or today))
