"""A bank account: an account at a bank that stands for an account of a book."""

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day
from services.contracts.incubator.bank import BankAccountAdded, BankAccountId
from services.contracts.incubator.finance import AccountId, BookId
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.bank.profile import CsvProfile
from services.incubator.finance.book import CURRENCY_SCHEMA, Account, Book


class ReversalSign(StrEnum):
    """What the mark of an entry means that the bank calls a reversal."""

    AS_MARKED = "as_marked"
    """What the standard says: a credit comes in."""
    INVERTED = "inverted"
    """The mark is that of what is reversed: a credit goes out."""


def normalised(number: str) -> str:
    """The number of a bank account as it is compared: its letters and digits, in capitals."""
    return re.sub("[^0-9A-Z]", "", number.upper())


class BankAccount(Aggregate):
    """An account at a bank that stands for an account of a book. Every import saves it, so that two have an order.

    Attributes:
        business_id, partner_id: of the book; None where it is the zone's.
        account_id, code: the account of the book.
        numbers: by which files call it, as they are compared.
        statements: how many were imported.
        balance, balance_on: what the latest of them ends with; None while there is none.
    """

    collection: ClassVar[str] = "bank_accounts"
    shown_to: ClassVar = owned_by("partner_id", or_the_zones=True)
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("book_id", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["book_id", "partner_id", "account_id", "numbers", "currency"],
            "properties": {"currency": CURRENCY_SCHEMA, "numbers": {"bsonType": "array", "minItems": 1}},
        }
    }

    id: BankAccountId
    book_id: BookId
    business_id: BusinessId | None
    partner_id: str | None
    account_id: AccountId
    code: str
    name: str
    currency: str
    numbers: list[str]
    reversal_sign: ReversalSign
    csv_profile: CsvProfile | None = None
    statements: int = 0
    balance: int | None = None
    balance_on: Day | None = None

    @classmethod
    def add(
        cls,
        book: Book,
        account: Account,
        *,
        name: str,
        numbers: Sequence[str],
        reversal_sign: ReversalSign,
        csv_profile: CsvProfile | None,
    ) -> Self:
        """One of which nothing was imported yet; that its numbers are free, `claims` see to."""
        added = cls(
            id=new_id("bka"),
            book_id=book.id,
            business_id=book.business_id,
            partner_id=book.partner_id,
            account_id=account.id,
            code=account.code,
            name=name,
            currency=book.currency,
            numbers=list(dict.fromkeys(normalised(each) for each in numbers)),
            reversal_sign=reversal_sign,
            csv_profile=csv_profile,
        )
        added.record(
            BankAccountAdded(
                business_id=added.business_id,
                book_id=book.id,
                bank_account_id=added.id,
                code=account.code,
                currency=book.currency,
            )
        )
        return added

    @property
    def claims(self) -> list[str]:
        """The keys that keep each of its numbers, and its account of the book, its own."""
        return [*(f"bank_account|{self.currency}|{each}" for each in self.numbers), f"bank_account|{self.account_id}"]

    def has_number(self, number: str) -> bool:
        """Whether a file that names this account means it."""
        return normalised(number) in self.numbers

    def take_in(self, closing: int, closed_on: date) -> int:
        """Have another statement, which ends with a balance. Returns its number: 1, 2, 3, …"""
        self.statements += 1
        if self.balance_on is None or closed_on >= self.balance_on:
            self.balance, self.balance_on = closing, closed_on
        return self.statements
