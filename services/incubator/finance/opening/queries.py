"""Whether a book can have opening balances still, and what can open with one."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from services.chassis.domain.errors import Conflict
from services.chassis.domain.violations import Violation, refuse
from services.chassis.store.unit_of_work import Tx
from services.incubator.finance.book import Account, Book
from services.incubator.finance.chart import AccountType, account_id
from services.incubator.finance.posting import account_of
from services.incubator.finance.turnover import Basis, Span, Turnover

OF_THE_BALANCE_SHEET: Final = (AccountType.ASSET, AccountType.LIABILITY, AccountType.EQUITY)


async def check_nothing_before(book: Book, day: date, tx: Tx) -> None:
    """Raises Conflict (`entries_before`, with the first day of one) where something counts for an earlier day."""
    where = {"book_id": book.id, "basis": Basis.EFFECTIVE, "span": Span.DAY, "on": {"$lt": day}}
    found = await tx.select(Turnover, where, sort=[("on", 1)], limit=1)
    if found:
        detail = "Something is entered for an earlier day."
        raise Conflict(detail, code="entries_before", first_on=str(found[0].on))


async def check_can_open(book: Book, codes: Sequence[str], tx: Tx) -> None:
    """Refuse accounts that hold nothing over the years, and those that are named twice.

    Raises:
        Unprocessable: `account_of_result`, income or expense; `account_twice`; each at its place.
    """
    await tx.load(Account, [account_id(book.id, code) for code in codes])
    times = Counter(codes)
    wrong = []
    for place, code in enumerate(codes):
        account = await account_of(book, account_id(book.id, code), tx)
        path = ("lines", place, "code")
        if times[code] > 1:
            wrong.append(Violation("account_twice", "An account opens with one balance.", path))
        elif account is not None and account.type not in OF_THE_BALANCE_SHEET:
            detail = "Income and expense begin with nothing: their result of former years is equity."
            wrong.append(Violation("account_of_result", detail, path))
    refuse(*wrong)
