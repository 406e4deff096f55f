"""What the document of the API shows of bank accounts: a synthetic one, with a statement of one line."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.incubator.finance.bank.account import BankAccount, ReversalSign
from services.incubator.finance.bank.bodies import AddBankAccount, ImportStatement
from services.incubator.finance.bank.formats.reading import StatementFormat
from services.incubator.finance.bank.formats.said import SaidBalance, SaidLine, SaidStatement
from services.incubator.finance.bank.lines.bodies import MatchLine, PostFromLine, ReceiveFromLine
from services.incubator.finance.bank.lines.identity import numbered
from services.incubator.finance.bank.lines.line import StatementLine
from services.incubator.finance.bank.lines.proposals import propose
from services.incubator.finance.bank.lines.views import ProposalsView, StatementLineView
from services.incubator.finance.bank.profile import Columns, CsvProfile
from services.incubator.finance.bank.statement import BankStatement
from services.incubator.finance.bank.views import BankAccountView, BankFileView, BankStatementView
from services.incubator.finance.chart import BANK, EXPENSE
from services.incubator.finance.examples import ACCOUNTS, AT, BOOK, ENTRY
from services.incubator.finance.payments.bodies import Allocate
from services.incubator.finance.payments.examples import INVOICE, ON
from services.incubator.tenants.examples import BUSINESS, DIGITS

UPLOAD_ID: Final = f"upl_{DIGITS}"
SHA256: Final = "9d5e3ecdeb6fbd0b7b3ff41a0b22d6b9c1a6a0a9e2a3b7e0f6b2f5c6d7e8f901"
NUMBER: Final = "DE02120300000000202051"
"""Published for examples; no account has it."""
PROFILE: Final = CsvProfile(name="Example bank", columns=Columns(booked_on="Date", amount="Amount", balance="Balance"))
SAID: Final = SaidLine(ON, 1_000, ON, "2026112500002", "RF72IVC12 rent", "Example Software Ltd")


def _imported() -> tuple[BankAccount, BankStatement, StatementLine]:
    account = BankAccount.add(
        BOOK,
        ACCOUNTS[0],
        name="Example bank",
        numbers=[NUMBER],
        reversal_sign=ReversalSign.AS_MARKED,
        csv_profile=PROFILE,
    )
    account.id = f"bka_{DIGITS}"
    said = SaidStatement(NUMBER, "CNY", SaidBalance(5_000, ON), SaidBalance(6_000, ON), [SAID])
    found = numbered(account.id, said.lines, {})
    statement = BankStatement.take_in(
        [said],
        account,
        sha256=SHA256,
        format=StatementFormat.CAMT,
        new_lines=1,
        counted=found.counted,
        at=AT,
        today=ON,
    )
    (id,) = found.lines
    line = StatementLine.of(id, SAID, account, statement.id)
    account.version = statement.version = line.version = 1
    return account, statement, line


ACCOUNT, STATEMENT, LINE = _imported()

KEPT: Final[Sequence[Row]] = (ACCOUNT, STATEMENT, LINE)
BODIES: Final[Sequence[BaseModel]] = (
    AddBankAccount(book_id=BOOK.id, code=BANK, name="Example bank", numbers=[NUMBER], csv_profile=PROFILE),
    PROFILE,
    ImportStatement(upload_id=UPLOAD_ID, bank_account_id=ACCOUNT.id, format=StatementFormat.CAMT),
    MatchLine(entry_id=ENTRY.id),
    ReceiveFromLine(business_id=BUSINESS, allocations=[Allocate(invoice_id=INVOICE.id, amount=1_000)]),
    PostFromLine(code=EXPENSE, description="Charge of the bank"),
)
ANSWERS: Final[Sequence[BaseModel]] = (
    BankAccountView.of(ACCOUNT),
    BankFileView(
        id=UPLOAD_ID,
        version=1,
        last_event_id=None,
        sha256=SHA256,
        length=2_048,
        file_name="statement-2026-11-25.xml",
        uploaded_at=AT,
    ),
    BankStatementView.of(STATEMENT),
    StatementLineView.of(LINE),
    ProposalsView.of(propose(LINE, entries=[], invoices=[INVOICE], payers=[BUSINESS])),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
