"""What prepaid schedules do to their book."""

from datetime import date

from services.chassis.store.unit_of_work import Tx
from services.incubator.finance.book import Book
from services.incubator.finance.chart import PREPAID
from services.incubator.finance.entry import HOUSE, Posting, sides
from services.incubator.finance.period import last_day
from services.incubator.finance.posting import open_day, post
from services.incubator.finance.schedules.schedule import PrepaidSchedule


async def release_due(schedule: PrepaidSchedule, today: date, tx: Tx) -> None:
    """Post the part of every month that is over and has not had it: expense to prepaid, for the month's last day.

    In a month that is closed by then it counts for the first day that is open.
    """
    book = await tx.get(Book, schedule.book_id)
    while due := schedule.release(today):
        if due.amount:
            day = open_day(book, last_day(due.period))
            lines = sides(book.id, {schedule.code: due.amount, PREPAID: -due.amount})
            reference = f"{HOUSE}{schedule.id}:{due.period}"
            await post(Posting(day, reference, schedule.description, lines, schedule.id), book, tx)
    tx.save(schedule)
