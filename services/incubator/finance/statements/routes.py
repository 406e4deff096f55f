"""Statements of a book over HTTP: as JSON, as CSV for a spreadsheet, and as a page to print."""

from fastapi import APIRouter

from services.chassis.domain.refusals import refuses
from services.chassis.http.answers.table import TableCsv, TablePage
from services.chassis.http.route import InTx, TransactionalRoute
from services.incubator.callers import Reader
from services.incubator.finance.book import Book
from services.incubator.finance.queries import BookRef, account_in
from services.incubator.finance.statements.account.views import AccountStatementView
from services.incubator.finance.statements.queries import (
    MOST_DAYS,
    AsOf,
    From,
    InAccount,
    InBasis,
    To,
    day_asked,
    days_asked,
    days_of,
    held_between,
    held_on,
    opening_of,
    position_on,
)
from services.incubator.finance.statements.views import BalanceSheetView, IncomeStatementView, TrialBalanceView
from services.incubator.finance.turnover import Basis

router = APIRouter(prefix="/v1/incubator/books/{book_id}", route_class=TransactionalRoute)

BY_EFFECT = Basis.EFFECTIVE


@router.get("/trial-balance")
async def trial_balance(
    book_id: BookRef, reader: Reader, tx: InTx, as_of: AsOf = None, basis: InBasis = BY_EFFECT
) -> TrialBalanceView:
    """The balances of all accounts of a book at the end of a day."""
    book, day = await tx.visible(Book, book_id), day_asked(as_of, tx)
    return TrialBalanceView.of(book, await held_on(book, day, basis, tx), day, basis)


@router.get("/trial-balance.csv")
async def trial_balance_as_csv(
    book_id: BookRef, reader: Reader, tx: InTx, as_of: AsOf = None, basis: InBasis = BY_EFFECT
) -> TableCsv:
    """The trial balance for a spreadsheet, in major units."""
    return TableCsv((await trial_balance(book_id, reader, tx, as_of, basis)).table(), file_name="trial-balance.csv")


@router.get("/trial-balance.html")
async def trial_balance_as_page(
    book_id: BookRef, reader: Reader, tx: InTx, as_of: AsOf = None, basis: InBasis = BY_EFFECT
) -> TablePage:
    """The trial balance as a page to print."""
    return TablePage((await trial_balance(book_id, reader, tx, as_of, basis)).table())


@router.get("/statements/balance-sheet")
async def balance_sheet(
    book_id: BookRef, reader: Reader, tx: InTx, as_of: AsOf = None, basis: InBasis = BY_EFFECT
) -> BalanceSheetView:
    """What a book owns and owes at the end of a day, with what former years and this one earned."""
    book, day = await tx.visible(Book, book_id), day_asked(as_of, tx)
    return BalanceSheetView.of(book, await position_on(book, day, basis, tx), day, basis)


@router.get("/statements/balance-sheet.csv")
async def balance_sheet_as_csv(
    book_id: BookRef, reader: Reader, tx: InTx, as_of: AsOf = None, basis: InBasis = BY_EFFECT
) -> TableCsv:
    """The balance sheet for a spreadsheet, in major units."""
    return TableCsv((await balance_sheet(book_id, reader, tx, as_of, basis)).table(), file_name="balance-sheet.csv")


@router.get("/statements/balance-sheet.html")
async def balance_sheet_as_page(
    book_id: BookRef, reader: Reader, tx: InTx, as_of: AsOf = None, basis: InBasis = BY_EFFECT
) -> TablePage:
    """The balance sheet as a page to print."""
    return TablePage((await balance_sheet(book_id, reader, tx, as_of, basis)).table())


@router.get("/statements/income")
@refuses("period_order")
async def income_statement(
    book_id: BookRef, reader: Reader, tx: InTx, first: From = None, to: To = None, basis: InBasis = BY_EFFECT
) -> IncomeStatementView:
    """What a book earned and spent within some days; this year so far where none are named."""
    book, days = await tx.visible(Book, book_id), days_asked(first, to, tx)
    return IncomeStatementView.of(book, await held_between(book, *days, basis, tx), *days, basis)


@router.get("/statements/income.csv")
@refuses("period_order")
async def income_statement_as_csv(
    book_id: BookRef, reader: Reader, tx: InTx, first: From = None, to: To = None, basis: InBasis = BY_EFFECT
) -> TableCsv:
    """The income statement for a spreadsheet, in major units."""
    return TableCsv((await income_statement(book_id, reader, tx, first, to, basis)).table(), file_name="income.csv")


@router.get("/statements/income.html")
@refuses("period_order")
async def income_statement_as_page(
    book_id: BookRef, reader: Reader, tx: InTx, first: From = None, to: To = None, basis: InBasis = BY_EFFECT
) -> TablePage:
    """The income statement as a page to print."""
    return TablePage((await income_statement(book_id, reader, tx, first, to, basis)).table())


@router.get("/accounts/{account_id}/statement")
@refuses("period_order", "date_range")
async def account_statement(
    place: InAccount, reader: Reader, tx: InTx, first: From = None, to: To = None, basis: InBasis = BY_EFFECT
) -> AccountStatementView:
    """What an account held before some days, what it was debited and credited on each, and what it held then."""
    (book, account), days = await account_in(*place, tx), days_asked(first, to, tx, at_most=MOST_DAYS)
    opening = await opening_of(account, days[0], basis, tx)
    return AccountStatementView.of(book, account, opening, await days_of(account, *days, basis, tx), *days, basis)


@router.get("/accounts/{account_id}/statement.csv")
@refuses("period_order", "date_range")
async def account_statement_as_csv(
    place: InAccount, reader: Reader, tx: InTx, first: From = None, to: To = None, basis: InBasis = BY_EFFECT
) -> TableCsv:
    """The account statement for a spreadsheet, in major units."""
    return TableCsv((await account_statement(place, reader, tx, first, to, basis)).table(), file_name="account.csv")


@router.get("/accounts/{account_id}/statement.html")
@refuses("period_order", "date_range")
async def account_statement_as_page(
    place: InAccount, reader: Reader, tx: InTx, first: From = None, to: To = None, basis: InBasis = BY_EFFECT
) -> TablePage:
    """The account statement as a page to print."""
    return TablePage((await account_statement(place, reader, tx, first, to, basis)).table())
