"""What callers see of bank accounts and their statements."""

from typing import ClassVar, Self

from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.times import Day, Instant
from services.chassis.http.bodies.upload import UploadView
from services.chassis.http.view import View
from services.contracts.incubator.bank import BankAccountId
from services.contracts.incubator.finance import AccountId, BookId
from services.incubator.finance.bank.account import BankAccount, ReversalSign
from services.incubator.finance.bank.formats.reading import StatementFormat
from services.incubator.finance.bank.profile import CsvProfile
from services.incubator.finance.bank.statement import BankStatement


class BankAccountView(View):
    """An account at a bank that stands for an account of a book."""

    at: ClassVar[str] = "/v1/incubator/bank-accounts"

    book_id: BookId
    """The book whose money lies there."""
    account_id: AccountId
    """The account of the book."""
    code: str
    """The code of the account of the book that mirrors it, such as `1002`."""
    name: str
    """By which people call the bank account."""
    currency: CurrencyCode
    """In which it is kept (ISO 4217)."""
    numbers: list[str]
    """By which files call it, as they are compared."""
    reversal_sign: ReversalSign
    """What the mark of an entry of camt means that is a reversal."""
    csv_profile: CsvProfile | None
    """What its tables look like; null where it has none."""
    statements: int
    """How many statements of it were imported."""
    balance: int | None
    """What the bank says that it holds, in minor units; null while nothing was imported."""
    balance_on: Day | None
    """At the end of which day."""

    @classmethod
    def of(cls, account: BankAccount) -> Self:
        return cls.showing(account)


class BankFileView(UploadView):
    """A file of a bank that waits to be taken in; after a day without that it is deleted."""


class BankStatementView(View):
    """A file of a bank account that was taken in as a whole."""

    at: ClassVar[str] = "/v1/incubator/bank-statements"

    bank_account_id: BankAccountId
    """The bank account whose movements it lists."""
    book_id: BookId
    """The book that the bank account is of."""
    number: int
    """Which statement of the bank account it is, in the order of import: 1, 2, 3 and so on."""
    format: StatementFormat
    """What the file is."""
    sha256: str
    """The SHA-256 of its bytes, in hex; the same bytes are imported once."""
    currency: CurrencyCode
    """In which it is (ISO 4217); all amounts are in its minor units."""
    opening: int
    """What the account held before."""
    opened_on: Day
    """The day of that."""
    closing: int
    """What it held after: the opening balance and all lines."""
    closed_on: Day
    """The day of that."""
    goes_on: bool
    """Whether it ends in the middle of a statement, which goes on in another file."""
    lines: int
    """How many lines the file has."""
    new_lines: int
    """How many of them were not known before."""
    not_booked: int
    """How many the bank listed that it had not booked; they are not taken in."""
    imported_at: Instant
    """When it was taken in."""

    @classmethod
    def of(cls, statement: BankStatement) -> Self:
        return cls.showing(statement)
