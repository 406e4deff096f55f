"""Incubations over HTTP: from the enrolment to what became of a business."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.incubator.callers import Member, Reader, Staff
from services.incubator.programme.applications.application import Application
from services.incubator.programme.applications.queries import AdmissionRef
from services.incubator.programme.incubations import effects
from services.incubator.programme.incubations.bodies import (
    AddMilestone,
    EnrolBusiness,
    MeetMilestone,
    ReportOutcome,
    TerminateIncubation,
    WithdrawIncubation,
)
from services.incubator.programme.incubations.incubation import Incubation
from services.incubator.programme.incubations.queries import IncubationFilter, IncubationRef, MilestoneRef
from services.incubator.programme.incubations.views import IncubationView
from services.incubator.tenants.queries import TRADING

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.post("/applications/{admission_id}/enrol", status_code=201)
@refuses(
    *TRADING,
    "invalid_transition",
    "cohort_not_reviewing",
    "business_required",
    "business_settled",
    "other_partners_business",
    "application_exists",
)
async def enrol_business(
    admission_id: AdmissionRef, staff: Staff, tx: InTx, body: EnrolBusiness | None = None
) -> IncubationView:
    """Let a business that was accepted begin, on the first day of its cohort."""
    application = await tx.visible(Application, admission_id)
    return IncubationView.of(await effects.enrol(application, body or EnrolBusiness(), tx))


@router.get("/incubations")
async def list_incubations(
    asked: Annotated[IncubationFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[IncubationView]:
    """The incubations of one's own businesses, oldest first; officials see all."""
    return await page.of(tx, Incubation, asked.where(), IncubationView.of)


@router.get("/incubations/{incubation_id}")
async def see_incubation(incubation_id: IncubationRef, reader: Reader, tx: InTx) -> IncubationView:
    """One incubation, with its milestones."""
    return IncubationView.of(await tx.visible(Incubation, incubation_id))


@router.post("/incubations/{incubation_id}/milestones")
@refuses("invalid_transition", "too_many_milestones", "date_range")
async def add_milestone(incubation_id: IncubationRef, body: AddMilestone, staff: Staff, tx: InTx) -> IncubationView:
    """Let there be one thing more to reach."""
    incubation = await tx.visible(Incubation, incubation_id)
    incubation.add(body.title, body.due_on, mandatory=body.mandatory)
    return IncubationView.of(tx.save(incubation))


@router.post("/incubations/{incubation_id}/milestones/{milestone_id}/met")
@refuses("invalid_transition")
async def meet_milestone(
    incubation_id: IncubationRef,
    milestone_id: MilestoneRef,
    staff: Staff,
    tx: InTx,
    body: MeetMilestone | None = None,
) -> IncubationView:
    """Say that a milestone is reached, in time or late."""
    incubation = await tx.visible(Incubation, incubation_id)
    incubation.meet(milestone_id, zone_date(tx.now), body.evidence_url if body else None)
    return IncubationView.of(tx.save(incubation))


@router.post("/incubations/{incubation_id}/extend")
@refuses("invalid_transition", "extension_limit", "extension_window_missed")
async def extend_incubation(
    incubation_id: IncubationRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> IncubationView:
    """Let a business stay longer; asked for in time, and not more often than its programme says."""
    incubation = await tx.visible(Incubation, incubation_id)
    incubation.extend(zone_date(tx.now))
    return IncubationView.of(tx.save(incubation))


@router.post("/incubations/{incubation_id}/graduate")
@refuses("invalid_transition", "milestones_open")
async def graduate_business(
    incubation_id: IncubationRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> IncubationView:
    """Let a business go that has reached all mandatory milestones."""
    incubation = await tx.visible(Incubation, incubation_id)
    incubation.graduate(zone_date(tx.now))
    return IncubationView.of(await effects.ended(incubation, tx))


@router.post("/incubations/{incubation_id}/withdraw")
@refuses("invalid_transition")
async def withdraw_incubation(
    incubation_id: IncubationRef, member: Member, tx: InTx, body: WithdrawIncubation | None = None
) -> IncubationView:
    """Leave a programme before graduation."""
    incubation = await tx.visible(Incubation, incubation_id)
    incubation.withdraw(zone_date(tx.now), body.reason if body else None)
    return IncubationView.of(await effects.ended(incubation, tx))


@router.post("/incubations/{incubation_id}/terminate")
@refuses("invalid_transition")
async def terminate_incubation(
    incubation_id: IncubationRef, body: TerminateIncubation, staff: Staff, tx: InTx
) -> IncubationView:
    """End an incubation before graduation, with the reason."""
    incubation = await tx.visible(Incubation, incubation_id)
    incubation.terminate(zone_date(tx.now), body.reason)
    return IncubationView.of(await effects.ended(incubation, tx))


@router.post("/incubations/{incubation_id}/outcome")
@refuses("invalid_transition", "date_range")
async def report_outcome(incubation_id: IncubationRef, body: ReportOutcome, staff: Staff, tx: InTx) -> IncubationView:
    """Say what was seen to have become of a business that has graduated; the last one holds."""
    incubation = await tx.visible(Incubation, incubation_id)
    body.check_day(zone_date(tx.now))
    incubation.report(body.outcome, body.observed_on)
    return IncubationView.of(tx.save(incubation))


@router.post("/incubations/{incubation_id}/erase")
@refuses("invalid_transition", "incubation_erased")
async def erase_incubation(
    incubation_id: IncubationRef, member: Member, tx: InTx, body: Nothing | None = None
) -> IncubationView:
    """Erase founders, answers and what people wrote of an incubation that has ended; days and outcomes stay."""
    incubation = await tx.visible(Incubation, incubation_id)
    return IncubationView.of(await effects.erase(incubation, tx))
