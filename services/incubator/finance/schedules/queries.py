"""How a path names a prepaid schedule, and the account that one may move to."""

from typing import Annotated

from fastapi import Path

from services.chassis.domain.errors import Conflict
from services.chassis.domain.violations import Violation, refuse
from services.chassis.store.unit_of_work import Tx
from services.incubator.finance.book import Book
from services.incubator.finance.chart import AccountStatus, AccountType, account_id
from services.incubator.finance.posting import account_of
from services.incubator.finance.schedules.schedule import PrepaidSchedule, ScheduleId, ScheduleStatus

ScheduleRef = Annotated[ScheduleId, Path(description="The prepaid schedule, by its id.")]


MOST_RUNNING = 200
"""Schedules of one book; two that begin at once may make it one more."""


async def check_room_for_schedule(book: Book, tx: Tx) -> None:
    """Raises Conflict (`too_many_schedules`)."""
    running = {"book_id": book.id, "status": ScheduleStatus.RUNNING}
    if await tx.count(PrepaidSchedule, running, at_most=MOST_RUNNING) >= MOST_RUNNING:
        raise Conflict(f"A book has at most {MOST_RUNNING} schedules that run.", code="too_many_schedules")


async def check_expense_account(book: Book, code: str, tx: Tx) -> None:
    """Raises Unprocessable (`account_unknown`) where a book has no open expense account with this code."""
    account = await account_of(book, account_id(book.id, code), tx)
    if account is None or account.type is not AccountType.EXPENSE or account.status is not AccountStatus.OPEN:
        refuse(Violation("account_unknown", "The book has no open expense account with this code.", ("code",)))
