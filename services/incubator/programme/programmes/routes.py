"""Programmes and cohorts over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.incubator.callers import Reader, Staff
from services.incubator.programme.programmes.bodies import (
    CancelCohort,
    ChangeProgram,
    CorrectForm,
    PlanCohort,
    PlanProgram,
)
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.program import Program
from services.incubator.programme.programmes.queries import CohortFilter, CohortRef, ProgramFilter, ProgramRef
from services.incubator.programme.programmes.views import CohortView, ProgramView

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.post("/programs", status_code=201)
async def plan_program(body: PlanProgram, staff: Staff, tx: InTx) -> ProgramView:
    """Plan a programme, which officials alone see until it is opened."""
    said = {name: getattr(body, name) for name in PlanProgram.model_fields}
    return ProgramView.of(tx.save(Program.plan(**said)))


@router.get("/programs")
async def list_programs(
    asked: Annotated[ProgramFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[ProgramView]:
    """The programmes of the incubator, oldest first."""
    return await page.of(tx, Program, asked.where(), ProgramView.of)


@router.get("/programs/{program_id}")
async def see_program(program_id: ProgramRef, reader: Reader, tx: InTx) -> ProgramView:
    """One programme."""
    return ProgramView.of(await tx.visible(Program, program_id))


@router.patch("/programs/{program_id}")
@refuses("invalid_transition")
async def change_program(program_id: ProgramRef, body: ChangeProgram, staff: Staff, tx: InTx) -> ProgramView:
    """Say something else of a programme, for the cohorts that open later; those that are open keep what they have."""
    program = await tx.visible(Program, program_id)
    program.change(**{name: getattr(body, name) for name in body.model_fields_set})
    return ProgramView.of(tx.save(program))


@router.post("/programs/{program_id}/open")
@refuses("invalid_transition")
async def open_program(program_id: ProgramRef, staff: Staff, tx: InTx, body: Nothing | None = None) -> ProgramView:
    """Let a programme have cohorts; everyone sees it from now on."""
    program = await tx.visible(Program, program_id)
    program.open()
    return ProgramView.of(tx.save(program))


@router.post("/programs/{program_id}/close")
@refuses("invalid_transition")
async def close_program(program_id: ProgramRef, staff: Staff, tx: InTx, body: Nothing | None = None) -> ProgramView:
    """Let a programme have no new cohorts; those that run go on."""
    program = await tx.visible(Program, program_id)
    program.close()
    return ProgramView.of(tx.save(program))


@router.post("/programs/{program_id}/cohorts", status_code=201)
@refuses("program_not_open")
async def plan_cohort(program_id: ProgramRef, body: PlanCohort, staff: Staff, tx: InTx) -> CohortView:
    """Plan a cohort; it opens at its time, which may be now, and from then on its form and rules are frozen."""
    program = await tx.visible(Program, program_id)
    said = {name: getattr(body, name) for name in PlanCohort.model_fields}
    cohort = Cohort.plan(program, **said)
    if cohort.opens_at <= tx.now:
        cohort.open(program)
    return CohortView.of(tx.save(cohort))


@router.get("/cohorts")
async def list_cohorts(
    asked: Annotated[CohortFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[CohortView]:
    """The cohorts of all programmes, oldest first."""
    return await page.of(tx, Cohort, asked.where(), CohortView.of)


@router.get("/programs/{program_id}/cohorts")
async def list_cohorts_of_program(program_id: ProgramRef, reader: Reader, tx: InTx, page: InPage) -> Page[CohortView]:
    """The cohorts of one programme, oldest first."""
    program = await tx.visible(Program, program_id)
    return await page.of(tx, Cohort, {"program_id": program.id}, CohortView.of)


@router.get("/cohorts/{cohort_id}")
async def see_cohort(cohort_id: CohortRef, reader: Reader, tx: InTx) -> CohortView:
    """One cohort, with the form and the rules that hold."""
    return CohortView.of(await tx.visible(Cohort, cohort_id))


@router.post("/cohorts/{cohort_id}/correct")
@refuses("invalid_transition", "too_many_corrections")
async def correct_cohort(cohort_id: CohortRef, body: CorrectForm, staff: Staff, tx: InTx) -> CohortView:
    """Correct the form or the rules of an open cohort; drafts must take the new version up."""
    cohort = await tx.visible(Cohort, cohort_id)
    cohort.correct(**{name: getattr(body, name) for name in CorrectForm.model_fields})
    return CohortView.of(tx.save(cohort))


@router.post("/cohorts/{cohort_id}/cancel")
@refuses("invalid_transition")
async def cancel_cohort(cohort_id: CohortRef, body: CancelCohort, staff: Staff, tx: InTx) -> CohortView:
    """Let a cohort not take place; who applied is withdrawn, and who is enrolled terminated, with the reason, within a
    minute.
    """
    cohort = await tx.visible(Cohort, cohort_id)
    cohort.cancel(body.reason)
    return CohortView.of(tx.save(cohort))
