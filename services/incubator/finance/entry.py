"""An entry of the journal: what was debited and credited, for which day; never edited, at most reversed."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final, Self

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict, Unprocessable
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day, Instant, zone_date, zone_midnight
from services.contracts.incubator.finance import (
    AccountId,
    BookId,
    EntryId,
    EntryPosted,
    EntryReversed,
    PostedLine,
)
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.book import AMOUNT_SCHEMA, CURRENCY_SCHEMA, Book
from services.incubator.finance.chart import account_id

HOUSE: Final = "zone:"
"""With what the references of entries begin that follow from invoices and payments; no caller's does."""


def entry_id(book: str, reference: str) -> str:
    """The entry with a reference in a book: a name-based id (RFC 9562 §5.5), so a reference stands there only once."""
    return f"ent_{uuid.uuid5(uuid.UUID(book.removeprefix('bok_')), f'entry:{reference}').hex}"


class EntryLine(BaseModel):
    """Minor units on one side of an account."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account_id: AccountId
    code: str
    debit: int
    credit: int

    @property
    def mirrored(self) -> "EntryLine":
        return self.model_copy(update={"debit": self.credit, "credit": self.debit})


def line(book: str, code: str, debit: int, credit: int = 0) -> EntryLine:
    """A line of an entry of a book, by the code of the account."""
    return EntryLine(account_id=account_id(book, code), code=code, debit=debit, credit=credit)


def sides(book: str, debits: Mapping[str, int]) -> list[EntryLine]:
    """The lines that debit accounts, by their codes, with amounts, and credit them with negative ones; none for 0."""
    return [line(book, code, max(amount, 0), max(-amount, 0)) for code, amount in debits.items() if amount]


@dataclass(frozen=True)
class Posting:
    """What is to be entered.

    Attributes:
        reference: unique in its book; who posts the same under it again gets the same entry.
        source: the id of what it follows from; None where somebody posts by hand.
        reverses: the entry that it takes back.
    """

    effective_on: date
    reference: str
    description: str
    lines: Sequence[EntryLine]
    source: str | None = None
    reverses: str | None = None

    @property
    def amount(self) -> int:
        """The sum of its debits.

        Raises:
            Unprocessable: `unbalanced` with the `difference`, debits less credits.
        """
        debit, credit = sum(each.debit for each in self.lines), sum(each.credit for each in self.lines)
        if debit != credit:
            detail = "The debits and the credits of an entry are equal."
            place = {"pointer": "/lines", "code": "unbalanced", "detail": detail}
            raise Unprocessable(detail, errors=[place], difference=debit - credit)
        return debit


class Entry(Aggregate):
    """An entry of the journal of a book. The store itself refuses one that does not balance.

    Attributes:
        partner_id, business_id: of its book.
        period, number: its place in the journal: numbers have no gap in a period.
        effective_on: for which day it counts.
        recorded_on: the day of the zone on which it was posted.
        source: see `Posting`.
        reverses, reversed_by: the entry that it takes back, and the one that takes it back.
    """

    collection: ClassVar[str] = "entries"
    shown_to: ClassVar = owned_by("partner_id", or_the_zones=True)
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("book_id", 1), ("recorded_at", 1), ("_id", 1)),
        (("book_id", 1), ("period", 1), ("recorded_at", 1), ("_id", 1)),
        (("lines.account_id", 1), ("recorded_at", 1), ("_id", 1)),
        (("source", 1), ("recorded_at", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["book_id", "period", "number", "effective_on", "recorded_at", "reference", "lines"],
            "properties": {
                "number": {"bsonType": ["int", "long"], "minimum": 1},
                "effective_on": {"bsonType": "date"},
                "recorded_at": {"bsonType": "date"},
                "currency": CURRENCY_SCHEMA,
                "lines": {
                    "bsonType": "array",
                    "minItems": 2,
                    "items": {
                        "bsonType": "object",
                        "required": ["account_id", "debit", "credit"],
                        "properties": {"debit": AMOUNT_SCHEMA, "credit": AMOUNT_SCHEMA},
                        "oneOf": [
                            {"properties": {"debit": {"maximum": 0}}},
                            {"properties": {"credit": {"maximum": 0}}},
                        ],
                    },
                },
            },
        },
        "$expr": {"$eq": [{"$sum": "$lines.debit"}, {"$sum": "$lines.credit"}]},
    }

    book_id: BookId
    partner_id: str | None
    business_id: BusinessId | None
    period: str
    number: int
    effective_on: Day
    recorded_at: Instant
    recorded_on: Day
    reference: str
    description: str
    currency: str
    lines: list[EntryLine]
    source: str | None
    reverses: EntryId | None
    reversed_by: EntryId | None = None

    @classmethod
    def post(cls, posting: Posting, book: Book, *, at: datetime) -> Self:
        """A new entry of a book, with the next number of its period.

        Raises:
            Unprocessable, Conflict: see `Posting.amount`, `Book.enter`.
        """
        period, number = book.enter(posting.effective_on, posting.amount)
        entry = cls(
            id=entry_id(book.id, posting.reference),
            book_id=book.id,
            partner_id=book.partner_id,
            business_id=book.business_id,
            period=period,
            number=number,
            effective_on=posting.effective_on,
            recorded_at=at,
            recorded_on=zone_date(at),
            reference=posting.reference,
            description=posting.description,
            currency=book.currency,
            lines=list(posting.lines),
            source=posting.source,
            reverses=posting.reverses,
        )
        posted = EntryPosted(
            entry_id=entry.id,
            lines=[PostedLine(code=each.code, debit=each.debit, credit=each.credit) for each in entry.lines],
            **{
                name: getattr(entry, name)
                for name in EntryPosted.model_fields.keys() & cls.model_fields.keys() - {"lines"}
            },
        )
        entry.record(posted, effective_at=zone_midnight(entry.effective_on))
        return entry

    def says(self, posting: Posting) -> bool:
        """Whether it is what this posting would make."""
        mine = (self.effective_on, self.description, tuple(self.lines), self.source, self.reverses)
        return mine == (
            posting.effective_on, posting.description, tuple(posting.lines), posting.source, posting.reverses,
        )  # fmt: skip

    def check_by_hand(self) -> None:
        """Raises Conflict (`not_reversible`) where it follows from something that must be taken back itself."""
        if self.source is not None:
            raise Conflict("It follows from something else: take that back.", code="not_reversible", source=self.source)

    def reversal(self, effective_on: date | None = None, description: str | None = None) -> Posting:
        """What takes it back: its lines mirrored, on its own day where no other is given.

        Raises:
            Conflict: `already_reversed` with `reversed_by`; `not_reversible`, it is a reversal itself.
            Unprocessable: `date_range`, a day before its own.
        """
        if self.reverses is not None:
            raise Conflict("A reversal is not reversed: post the entry anew.", code="not_reversible")
        if self.reversed_by is not None:
            raise Conflict("It is reversed already.", code="already_reversed", reversed_by=self.reversed_by)
        day = effective_on or self.effective_on
        if day < self.effective_on:
            detail = "A reversal does not count before what it reverses."
            place = {"pointer": "/effective_on", "code": "date_range", "detail": detail}
            raise Unprocessable(detail, errors=[place])
        return Posting(
            effective_on=day,
            reference=f"{HOUSE}{self.id}:reversal",
            description=description or f"Reversal of {self.period}/{self.number}",
            lines=[each.mirrored for each in self.lines],
            source=self.source,
            reverses=self.id,
        )

    def is_reversed(self, by: "Entry") -> None:
        """Another entry takes it back."""
        self.reversed_by = by.id
        self.record(
            EntryReversed(business_id=self.business_id, book_id=self.book_id, entry_id=self.id, reversed_by=by.id),
            effective_at=zone_midnight(by.effective_on),
        )
