"""A double-entry book: its accounts, its closed periods, and the numbers that it has given out."""

import uuid
from datetime import date
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import Field, StringConstraints

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.money import LARGEST
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import owned_by, part_of
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Violation, refuse
from services.contracts.incubator.finance import (
    AccountClosed,
    AccountOpened,
    BookId,
    BookOpened,
    InvoiceId,
    PeriodClosed,
)
from services.incubator.finance.chart import (
    FIRST_ACCOUNTS,
    FIRST_CODES,
    MOVES,
    AccountStatus,
    AccountType,
    Constraint,
    account_id,
)
from services.incubator.finance.period import last_day, period_of
from services.incubator.kernel.quantity import CURRENCY
from services.incubator.tenants.tenant import book_id

CURRENCY_SCHEMA = {"bsonType": "string", "pattern": "^[A-Z]{3}$"}
AMOUNT_SCHEMA = {"bsonType": ["int", "long"], "minimum": 0}

ZONE: Final = "zone"
"""The owner of the zone's own book."""
ZONE_BOOK: Final = f"bok_{uuid.uuid5(uuid.NAMESPACE_URL, 'zone:book').hex}"
"""The zone's own book: a name-based id (RFC 9562 §5.5), so that opening it twice is opening it once."""

Owner = Annotated[str, StringConstraints(pattern="^(biz_[0-9a-f]{32}|zone)$")]
"""Whose book it is: a business, or the zone."""


class Book(Aggregate):
    """A double-entry book: one a business and one of the zone, each in one currency.

    Every entry saves it: so numbers have no gap, and nothing is entered in a period that is being closed.

    Attributes:
        owner: the business, or `zone`.
        partner_id: the partner that registered it, and so may look into its book; None for the zone's own.
        currency: ISO 4217; every account and every line is kept in it.
        closed_through: the last day of the periods that are closed; None while none is.
        turnover: the debits of all its entries, in minor units; the credits are the same.
        last_numbers: series → the last number given out in it; entries have a series a period.
        collecting: the invoice that gathers what its business is charged, while that is a draft.
    """

    collection: ClassVar[str] = "books"
    shown_to: ClassVar = owned_by("partner_id", or_the_zones=True)
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

    owner: Owner
    partner_id: str | None
    currency: str
    closed_through: Day | None = None
    turnover: int = 0
    last_numbers: dict[str, int] = Field(default_factory=dict)
    collecting: InvoiceId | None = None

    @classmethod
    def open_for(cls, business_id: str, *, partner_id: str, currency: str) -> Self:
        """A business's own book; `first_accounts` belong to it."""
        book = cls(id=book_id(business_id), owner=business_id, partner_id=partner_id, currency=currency)
        book.record(BookOpened(business_id=business_id, book_id=book.id, currency=currency))
        return book

    @classmethod
    def open_for_zone(cls) -> Self:
        """The zone's own book, in which its invoices and payments end."""
        return cls(id=ZONE_BOOK, owner=ZONE, partner_id=None, currency=CURRENCY)

    @property
    def business_id(self) -> str | None:
        """The business whose book it is; None for the zone's own."""
        return None if self.owner == ZONE else self.owner

    # accounts

    def first_accounts(self) -> list["Account"]:
        """The accounts that every book begins with, by the chart; one has no document until something is entered."""
        return [self._account(code, name, type, version=1) for code, name, type in FIRST_ACCOUNTS]

    def first_account(self, id: str) -> "Account | None":
        """The one of them with this id."""
        return next((each for each in self.first_accounts() if each.id == id), None)

    def open_account(self, code: str, name: str, type: AccountType, constraint: Constraint | None = None) -> "Account":
        """Another account; that its code is free is for the caller to see to."""
        account = self._account(code, name, type, constraint=constraint)
        self.record(
            AccountOpened(
                business_id=self.business_id, book_id=self.id, account_id=account.id, code=code, type=type.value
            )
        )
        return account

    def close_account(self, account: "Account") -> None:
        """Let nothing be entered in an account any more; see `Account.close`."""
        account.close()
        self.record(AccountClosed(business_id=self.business_id, book_id=self.id, account_id=account.id))

    def _account(self, code: str, name: str, type: AccountType, **more: Any) -> "Account":
        return Account(
            id=account_id(self.id, code),
            book_id=self.id,
            code=code,
            name=name,
            type=type,
            currency=self.currency,
            **more,
        )

    # entries and periods

    def take_number(self, series: str) -> int:
        """The next number of a series, 1, 2, 3, … without a gap: it is given where, and only where, it is used."""
        self.last_numbers[series] = self.last_numbers.get(series, 0) + 1
        return self.last_numbers[series]

    def enter(self, effective_on: date, amount: int) -> tuple[str, int]:
        """Let an entry in, by its day and the sum of its debits.

        Returns:
            Its period and its number in that.

        Raises:
            Conflict: `period_closed` with `closed_through`; `book_full`, it would hold more than any reader can read.
        """
        if self.is_closed_on(effective_on):
            raise Conflict(
                "The period of that day is closed.", code="period_closed", closed_through=str(self.closed_through)
            )
        if self.turnover + amount > LARGEST:
            raise Conflict("A book holds at most 2^53-1 minor units on a side.", code="book_full")
        self.turnover += amount
        period = period_of(effective_on)
        return period, self.take_number(period)

    def is_closed_on(self, day: date) -> bool:
        """Whether nothing is entered for a day any more."""
        return self.closed_through is not None and day <= self.closed_through

    def close_period(self, period: str, *, today: date) -> None:
        """Close a month, and all before it that are open.

        Raises:
            Conflict: `period_closed`, it is already.
            Unprocessable: `period_not_over`.
        """
        last = last_day(period)
        if self.is_closed_on(last):
            raise Conflict("It is closed already.", code="period_closed", closed_through=str(self.closed_through))
        if last >= today:
            refuse(Violation("period_not_over", "A period is closed once its last day has passed.", ("period",)))
        self.closed_through = last
        self.record(PeriodClosed(business_id=self.business_id, book_id=self.id, period=period, closed_through=last))


class Account(Aggregate):
    """An account of a book, numbered by the national chart (会计科目); its code stands in the book only once.

    Attributes:
        debit, credit: all that was ever entered on its sides, in minor units: counters that postings move.
    """

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
                "debit": AMOUNT_SCHEMA,
                "credit": AMOUNT_SCHEMA,
            },
        }
    }

    book_id: BookId
    code: str
    name: str
    type: AccountType
    currency: str
    status: AccountStatus = AccountStatus.OPEN
    constraint: Constraint | None = None
    debit: int = 0
    credit: int = 0

    @property
    def balance(self) -> int:
        """What it holds, in minor units; positive on the side on which it grows."""
        return self.type.balance(self.debit, self.credit)

    @property
    def is_needed(self) -> bool:
        """Whether the zone itself posts to it: then it stays open."""
        return self.code in FIRST_CODES

    def close(self) -> None:
        """Let nothing be entered any more.

        Raises:
            Conflict: `invalid_transition`; `account_needed`; `account_not_empty`.
        """
        if self.is_needed:
            raise Conflict("The zone posts to this account: it stays open.", code="account_needed")
        self.status = move(self.status, AccountStatus.CLOSED, MOVES)
        if self.balance:
            raise Conflict("An account is closed once it holds nothing.", code="account_not_empty")

    def move(self, debit: int, credit: int) -> None:
        """Enter amounts on its sides.

        Raises:
            Conflict: `account_closed`; `overdraft`.
        """
        if self.status is AccountStatus.CLOSED:
            raise Conflict(f"The account {self.code} is closed.", code="account_closed")
        self.debit, self.credit = self.debit + debit, self.credit + credit
        if self.constraint is Constraint.NO_OVERDRAFT and self.balance < 0:
            raise Conflict(f"The account {self.code} would hold less than nothing.", code="overdraft")
