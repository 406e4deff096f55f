"""Bank accounts and their statements over HTTP: the bytes of a file first, then the act that names them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.chassis.domain.errors import Conflict
from services.chassis.domain.refusals import refuses
from services.chassis.http.bodies.upload import InFiles, Takes
from services.chassis.http.paging import InPage, InSortedPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.chassis.store.upload import Upload
from services.incubator.callers import Reader, Staff
from services.incubator.finance.bank.account import BankAccount
from services.incubator.finance.bank.bodies import AddBankAccount, ImportStatement
from services.incubator.finance.bank.effects import IMPORTING, MEDIA_TYPES, take_in
from services.incubator.finance.bank.profile import CsvProfile
from services.incubator.finance.bank.queries import (
    BankAccountFilter,
    BankAccountRef,
    BankStatementFilter,
    BankStatementRef,
    account_at_bank,
)
from services.incubator.finance.bank.statement import BankStatement
from services.incubator.finance.bank.views import BankAccountView, BankFileView, BankStatementView
from services.incubator.finance.book import Book

LARGEST = 10 * 1024 * 1024
BankFile = Annotated[Upload, Depends(Takes(*MEDIA_TYPES, at_most=LARGEST))]
BY_NUMBER = {"number": "number"}

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.post("/bank-accounts", status_code=201)
@refuses("account_unknown", "bank_account_exists")
async def add_bank_account(body: AddBankAccount, staff: Staff, tx: InTx) -> BankAccountView:
    """Let an account at a bank stand for an account of a book, so that its statements can be imported."""
    book = await tx.visible(Book, body.book_id)
    account = await account_at_bank(book, body.code, tx)
    said = {name: getattr(body, name) for name in ("name", "numbers", "reversal_sign", "csv_profile")}
    added = BankAccount.add(book, account, **said)
    for key in added.claims:
        detail = "A bank account has this number, or stands for this account."
        tx.claim(key, added.id, taken=Conflict(detail, code="bank_account_exists"))
    return BankAccountView.of(tx.save(added))


@router.get("/bank-accounts")
async def list_bank_accounts(
    asked: Annotated[BankAccountFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[BankAccountView]:
    """The bank accounts, oldest first."""
    return await page.of(tx, BankAccount, asked.where(), BankAccountView.of)


@router.get("/bank-accounts/{bank_account_id}")
async def see_bank_account(bank_account_id: BankAccountRef, reader: Reader, tx: InTx) -> BankAccountView:
    """One bank account, and what the bank says that it holds."""
    return BankAccountView.of(await tx.visible(BankAccount, bank_account_id))


@router.post("/bank-accounts/{bank_account_id}/csv-profile")
async def set_csv_profile(bank_account_id: BankAccountRef, body: CsvProfile, staff: Staff, tx: InTx) -> BankAccountView:
    """Say what the tables of a bank account look like, from the next import on."""
    account = await tx.visible(BankAccount, bank_account_id)
    account.csv_profile = body
    return BankAccountView.of(tx.save(account))


# statements


@router.post("/bank-statement-uploads", status_code=201)
async def upload_bank_statement(staff: Staff, tx: InTx, file: BankFile) -> BankFileView:
    """Send a file of a bank: camt.052 or .053, MT940, OFX or CSV."""
    return BankFileView.of(file)


@router.post("/bank-statements", status_code=201)
@refuses("upload_used", *IMPORTING)
async def import_bank_statement(
    body: ImportStatement, staff: Staff, tx: InTx, files: InFiles, response: Response
) -> BankStatementView:
    """Take in a file of a bank as a whole, or refuse it as a whole. Its opening balance and its lines must make its
    closing one. The same bytes again answer 200 with the statement there is; lines that are known are not taken in
    twice. A line is matched by itself with an entry that is there, where it names it and has its amount; nothing is
    posted."""
    account = await tx.visible(BankAccount, body.bank_account_id)
    upload = await tx.visible(Upload, body.upload_id)
    statement = await take_in(upload, account, body, tx, files)
    if not statement.recorded:
        response.status_code = 200
    return BankStatementView.of(statement)


@router.get("/bank-statements")
async def list_bank_statements(
    asked: Annotated[BankStatementFilter, Query()], reader: Reader, tx: InTx, page: InSortedPage
) -> Page[BankStatementView]:
    """The statements that were imported, each account's in order; the newest first with `-number`."""
    return await page.of(tx, BankStatement, asked.where(), BankStatementView.of, sorts=BY_NUMBER)


@router.get("/bank-statements/{bank_statement_id}")
async def see_bank_statement(bank_statement_id: BankStatementRef, reader: Reader, tx: InTx) -> BankStatementView:
    """One statement; its lines are listed by it."""
    return BankStatementView.of(await tx.visible(BankStatement, bank_statement_id))
