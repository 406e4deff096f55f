"""A double-entry book and its accounts, numbered by the national chart of accounts (会计科目)."""

import uuid
from enum import StrEnum
from typing import ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ownership import owned_by, part_of
from services.chassis.domain.times import Day
from services.contracts.incubator.finance import BookId, BookOpened
from services.contracts.registry.businesses import BusinessId
from services.incubator.tenants.tenant import book_id

CURRENCY_SCHEMA = {"bsonType": "string", "pattern": "^[A-Z]{3}$"}


class AccountType(StrEnum):
    """The five elements of accounts; assets and expenses grow by debit, the others by credit."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


class AccountStatus(StrEnum):
    """Whether entries may still be posted to an account."""

    OPEN = "open"
    CLOSED = "closed"


FIRST_ACCOUNTS = (
    ("1002", "bank", AccountType.ASSET),
    ("1122", "receivable", AccountType.ASSET),
    ("1123", "prepaid", AccountType.ASSET),
    ("2202", "payable", AccountType.LIABILITY),
    ("2203", "customer prepayment", AccountType.LIABILITY),
    ("2221", "tax payable", AccountType.LIABILITY),
    ("4001", "paid-in capital", AccountType.EQUITY),
    ("6001", "revenue", AccountType.INCOME),
    ("6602", "administrative expense", AccountType.EXPENSE),
)
"""With what a book begins: code of the chart (Accounting Standards for Business Enterprises, appendix), name, type."""


def account_id(book: str, code: str) -> str:
    """The account with a code in a book: a name-based id (RFC 9562 §5.5), so a code stands in a book only once."""
    return f"acc_{uuid.uuid5(uuid.UUID(book.removeprefix('bok_')), code).hex}"


class Book(Aggregate):
    """A double-entry book: one a business, in one currency.

    Attributes:
        owner: the business.
        partner_id: the partner that registered it, and so may look into its book.
        currency: ISO 4217; every account and every line is kept in it.
        closed_through: the last day of the periods that are closed; None while none is.
    """

    collection: ClassVar[str] = "books"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("owner", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["owner", "partner_id", "currency", "closed_through"],
            "properties": {"currency": CURRENCY_SCHEMA, "closed_through": {"bsonType": ["date", "null"]}},
        }
    }

    owner: BusinessId
    partner_id: str
    currency: str
    closed_through: Day | None = None

    @classmethod
    def open_for(cls, business_id: str, *, partner_id: str, currency: str) -> Self:
        """A business's own book; `first_accounts` belong to it."""
        book = cls(id=book_id(business_id), owner=business_id, partner_id=partner_id, currency=currency)
        book.record(BookOpened(business_id=business_id, book_id=book.id, currency=currency))
        return book

    def first_accounts(self) -> list["Account"]:
        """The accounts that every book begins with, in the order of the chart."""
        return [
            Account(
                id=account_id(self.id, code), book_id=self.id, code=code, name=name, type=type, currency=self.currency
            )
            for code, name, type in FIRST_ACCOUNTS
        ]


class Account(Aggregate):
    """An account of a book, numbered by the national chart (会计科目); its code stands in the book only once."""

    collection: ClassVar[str] = "accounts"
    shown_to: ClassVar = part_of(Book, by="book_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("book_id", 1), ("code", 1), ("_id", 1)),)
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["book_id", "code", "type", "currency", "status"],
            "properties": {
                "code": {"bsonType": "string", "pattern": "^[0-9]{4,10}$"},
                "type": {"enum": [type.value for type in AccountType]},
                "currency": CURRENCY_SCHEMA,
                "status": {"enum": [status.value for status in AccountStatus]},
            },
        }
    }

    book_id: BookId
    code: str
    name: str
    type: AccountType
    currency: str
    status: AccountStatus = AccountStatus.OPEN
