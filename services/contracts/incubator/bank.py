"""What the incubator tells of bank accounts, of what banks state about them, and of how that meets the books.

Amounts are minor units; `business_id` is null where the bank account is the zone's. No event says who paid, from which
account or with which words.
"""

from typing import Annotated

from services.chassis.domain.events import Event
from services.chassis.domain.ids import id_of
from services.chassis.domain.times import Day
from services.contracts.incubator.finance import BOOKS, BookId, EntryId
from services.contracts.incubator.invoices import PaymentId
from services.contracts.registry.businesses import BusinessId

BankAccountId = Annotated[str, id_of("bka")]
BankStatementId = Annotated[str, id_of("bst")]
StatementLineId = Annotated[str, id_of("stl")]


class BankAccountAdded(Event, name="zone.incubator.bank_account.added.v1", topic=BOOKS, audience="owner"):
    """An account at a bank stands for an account of a book, by its code, from now on."""

    business_id: BusinessId | None
    book_id: BookId
    bank_account_id: BankAccountId
    code: str
    currency: str


class BankStatementImported(Event, name="zone.incubator.bank_statement.imported.v1", topic=BOOKS, audience="owner"):
    """A statement of a bank account was taken in: its balances, and how many of its lines were not known before."""

    business_id: BusinessId | None
    book_id: BookId
    bank_account_id: BankAccountId
    statement_id: BankStatementId
    currency: str
    opening: int
    closing: int
    closed_on: Day
    lines: int
    new_lines: int


class StatementLineMatched(Event, name="zone.incubator.statement_line.matched.v1", topic=BOOKS, audience="owner"):
    """A line of a bank statement is what an entry says; `payment_id` where that is of a payment of a tenant."""

    business_id: BusinessId | None
    book_id: BookId
    bank_account_id: BankAccountId
    line_id: StatementLineId
    number: int
    entry_id: EntryId
    payment_id: PaymentId | None
    currency: str
    amount: int
    booked_on: Day
    automatic: bool


class StatementLineUnmatched(Event, name="zone.incubator.statement_line.unmatched.v1", topic=BOOKS, audience="owner"):
    """One match of a line of a bank statement was undone; what it had posted was taken back."""

    business_id: BusinessId | None
    book_id: BookId
    bank_account_id: BankAccountId
    line_id: StatementLineId
    number: int
    entry_id: EntryId
