"""Opening balances over HTTP: what a book held before the zone kept it, as one entry."""

from fastapi import APIRouter

from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import Violation, refuse
from services.chassis.http.route import InTx, TransactionalRoute
from services.incubator.callers import Member
from services.incubator.finance.book import Book
from services.incubator.finance.entry import HOUSE, Posting, line
from services.incubator.finance.opening.bodies import OpeningBalances
from services.incubator.finance.opening.queries import check_can_open, check_nothing_before
from services.incubator.finance.period import check_entered
from services.incubator.finance.posting import POSTING, post
from services.incubator.finance.queries import BookRef
from services.incubator.finance.views import EntryView

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)

REFERENCE = f"{HOUSE}opening"
"""Of the one entry in a book: the same balances again are it."""


@router.post("/books/{book_id}/opening-balances", status_code=201)
@refuses(
    "unbalanced",
    "account_unknown",
    "account_of_result",
    "account_twice",
    "currency_mismatch",
    "entries_before",
    "reference_conflict",
    *POSTING,
)
async def open_with_balances(book_id: BookRef, body: OpeningBalances, member: Member, tx: InTx) -> EntryView:
    """Enter what a book held before the zone kept it, once, before all other entries; the same again is the one that is
    there. It is corrected by an entry like any other, or reversed by one."""
    book = await tx.visible(Book, book_id)
    if body.currency != book.currency:
        refuse(Violation("currency_mismatch", "An entry is in the currency of its book.", ("currency",)))
    check_entered(body.effective_on, zone_date(tx.now), "effective_on")
    await check_can_open(book, [each.code for each in body.lines], tx)
    await check_nothing_before(book, body.effective_on, tx)
    lines = [line(book.id, each.code, each.debit, each.credit) for each in body.lines]
    return EntryView.of(await post(Posting(body.effective_on, REFERENCE, "Opening balances", lines), book, tx))
