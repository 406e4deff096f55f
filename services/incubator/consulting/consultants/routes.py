"""Consultants over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.incubator.booking.queries import affected
from services.incubator.callers import Reader, Staff
from services.incubator.consulting.consultants import effects
from services.incubator.consulting.consultants.bodies import AddConsultant, ChangeConsultant
from services.incubator.consulting.consultants.consultant import Consultant
from services.incubator.consulting.consultants.queries import ConsultantFilter, ConsultantRef, calendar_of, calendars_of
from services.incubator.consulting.consultants.views import ChangedConsultantView, ConsultantView

router = APIRouter(prefix="/v1/incubator/consultants", route_class=TransactionalRoute)


@router.post("", status_code=201)
@refuses("site_unknown")
async def add_consultant(body: AddConsultant, staff: Staff, tx: InTx) -> ConsultantView:
    """Add somebody who gives advice, with a calendar."""
    return ConsultantView.of(*await effects.add(body, tx))


@router.get("")
async def list_consultants(
    asked: Annotated[ConsultantFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[ConsultantView]:
    """Who gives advice, oldest first."""
    found = await page.of(tx, Consultant, asked.where(), lambda each: each)
    shown = map(ConsultantView.of, found.data, await calendars_of(found.data, tx))
    return Page(data=list(shown), next_cursor=found.next_cursor)


@router.get("/{consultant_id}")
async def see_consultant(consultant_id: ConsultantRef, reader: Reader, tx: InTx) -> ConsultantView:
    """One consultant."""
    consultant = await tx.visible(Consultant, consultant_id)
    return ConsultantView.of(consultant, await calendar_of(consultant, tx))


@router.patch("/{consultant_id}")
@refuses("invalid_transition")
async def change_consultant(
    consultant_id: ConsultantRef, body: ChangeConsultant, staff: Staff, tx: InTx
) -> ChangedConsultantView:
    """Say something else of a consultant; appointments outside the hours are named, and stay."""
    consultant = await tx.visible(Consultant, consultant_id)
    calendar = await effects.change(consultant, body, tx)
    return ChangedConsultantView.with_affected(consultant, calendar, await affected(calendar, tx))


@router.post("/{consultant_id}/retire")
@refuses("invalid_transition")
async def retire_consultant(
    consultant_id: ConsultantRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> ChangedConsultantView:
    """Take no new appointments, and mentor nobody any more; appointments to come are named, and stay."""
    consultant = await tx.visible(Consultant, consultant_id)
    calendar = await effects.retire(consultant, tx)
    return ChangedConsultantView.with_affected(consultant, calendar, await affected(calendar, tx))


@router.post("/{consultant_id}/erase")
@refuses("invalid_transition")
async def erase_consultant(
    consultant_id: ConsultantRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> ConsultantView:
    """Forget who a retired consultant is; appointments and scores stay."""
    consultant = await tx.visible(Consultant, consultant_id)
    consultant.erase(tx.now)
    return ConsultantView.of(tx.save(consultant), await calendar_of(consultant, tx))
