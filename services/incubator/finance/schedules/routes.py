"""Prepaid schedules over HTTP."""

from fastapi import APIRouter

from services.chassis.domain.refusals import refuses
from services.chassis.domain.violations import Violation, refuse
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.incubator.callers import Member, Reader
from services.incubator.finance.book import Book
from services.incubator.finance.queries import BookRef
from services.incubator.finance.schedules.bodies import BeginSchedule
from services.incubator.finance.schedules.queries import ScheduleRef, check_expense_account, check_room_for_schedule
from services.incubator.finance.schedules.schedule import PrepaidSchedule
from services.incubator.finance.schedules.views import PrepaidScheduleView

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.get("/books/{book_id}/prepaid-schedules")
async def list_prepaid_schedules(book_id: BookRef, reader: Reader, tx: InTx, page: InPage) -> Page[PrepaidScheduleView]:
    """The prepaid schedules of a book, oldest first."""
    book = await tx.visible(Book, book_id)
    return await page.of(tx, PrepaidSchedule, {"book_id": book.id}, PrepaidScheduleView.of)


@router.post("/books/{book_id}/prepaid-schedules", status_code=201)
@refuses("currency_mismatch", "account_unknown", "too_many_schedules")
async def begin_prepaid_schedule(
    book_id: BookRef, body: BeginSchedule, member: Member, tx: InTx
) -> PrepaidScheduleView:
    """Have what was paid in advance become an expense month by month, each after its last day."""
    book = await tx.visible(Book, book_id)
    if body.currency != book.currency:
        refuse(Violation("currency_mismatch", "A schedule is in the currency of its book.", ("currency",)))
    await check_room_for_schedule(book, tx)
    await check_expense_account(book, body.code, tx)
    schedule = PrepaidSchedule.begin(book, **body.model_dump(exclude={"currency"}))
    return PrepaidScheduleView.of(tx.save(schedule))


@router.get("/prepaid-schedules/{schedule_id}")
async def see_prepaid_schedule(schedule_id: ScheduleRef, reader: Reader, tx: InTx) -> PrepaidScheduleView:
    """One prepaid schedule, with what each month takes."""
    return PrepaidScheduleView.of(await tx.visible(PrepaidSchedule, schedule_id))


@router.post("/prepaid-schedules/{schedule_id}/cancel")
@refuses("invalid_transition")
async def cancel_prepaid_schedule(schedule_id: ScheduleRef, member: Member, tx: InTx) -> PrepaidScheduleView:
    """Let no further month have a part; what is left stays prepaid."""
    schedule = await tx.visible(PrepaidSchedule, schedule_id)
    schedule.cancel()
    return PrepaidScheduleView.of(tx.save(schedule))
