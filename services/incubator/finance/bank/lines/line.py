"""A line of a bank statement, and the entries of the book that it was matched with."""

import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day, Instant, zone_midnight
from services.contracts.incubator.bank import (
    BankAccountId,
    BankStatementId,
    StatementLineId,
    StatementLineMatched,
    StatementLineUnmatched,
)
from services.contracts.incubator.finance import AccountId, BookId, EntryId
from services.contracts.incubator.invoices import PaymentId
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.bank.account import BankAccount, normalised
from services.incubator.finance.bank.formats.said import SaidLine
from services.incubator.finance.book import CURRENCY_SCHEMA
from services.incubator.finance.entry import Entry

MOST_MATCHES: Final = 50
"""Of one line, those included that were undone."""
LONGEST_TEXT: Final = 1_000


class LineStatus(StrEnum):
    """Whether the book says what the bank says."""

    OPEN = "open"
    MATCHED = "matched"


MOVES = {LineStatus.OPEN: {LineStatus.MATCHED}, LineStatus.MATCHED: {LineStatus.OPEN}}


class Match(BaseModel):
    """That a line is what an entry says; one that is undone stays on record.

    Attributes:
        number: 1, 2, 3, … of its line.
        payment_id, business_id: of the payment that the entry is of, where it is of one.
        posted: whether the entry was posted by matching; then undoing takes it back.
        automatic: whether nobody decided it, as reference and amount were those of the entry.
        undone_at, taken_back_by: None while it stands; the entry by which what it posted was taken back.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    entry_id: EntryId
    payment_id: PaymentId | None = None
    business_id: BusinessId | None = None
    posted: bool
    automatic: bool
    at: Instant
    undone_at: Instant | None = None
    taken_back_by: EntryId | None = None


class StatementLine(Aggregate):
    """A line of a bank statement: what came in or went out, and which entry of the book says the same.

    Attributes:
        statement_id: the import that it came with first.
        account_id: the account of the book that the bank account stands for.
        amount: minor units; less than 0 where it went out.
        name, payer: the other side, and its account's number as numbers are compared; empty where nobody says.
    """

    collection: ClassVar[str] = "statement_lines"
    shown_to: ClassVar = owned_by("partner_id", or_the_zones=True)
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("bank_account_id", 1), ("booked_on", 1), ("_id", 1)),
        (("bank_account_id", 1), ("status", 1), ("booked_on", 1), ("_id", 1)),
        (("partner_id", 1), ("booked_on", 1), ("_id", 1)),
        (("booked_on", 1), ("_id", 1)),
        (("statement_id", 1), ("booked_on", 1), ("_id", 1)),
        (("matches.entry_id", 1),),
        (("matches.taken_back_by", 1),),
        (("payer", 1), ("status", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["bank_account_id", "book_id", "partner_id", "booked_on", "amount", "status", "matches"],
            "properties": {
                "currency": CURRENCY_SCHEMA,
                "booked_on": {"bsonType": "date"},
                "amount": {"bsonType": ["int", "long"]},
                "status": {"enum": [status.value for status in LineStatus]},
            },
        }
    }

    id: StatementLineId
    bank_account_id: BankAccountId
    statement_id: BankStatementId
    book_id: BookId
    business_id: BusinessId | None
    partner_id: str | None
    account_id: AccountId
    currency: str
    booked_on: Day
    value_on: Day | None
    amount: int
    reference: str
    text: str
    name: str
    payer: str
    reversal: bool
    status: LineStatus = LineStatus.OPEN
    matches: list[Match] = Field(default_factory=list)

    @classmethod
    def of(cls, id: str, said: SaidLine, account: BankAccount, statement_id: str) -> Self:
        """A line that was not known before."""
        return cls(
            id=id,
            bank_account_id=account.id,
            statement_id=statement_id,
            book_id=account.book_id,
            business_id=account.business_id,
            partner_id=account.partner_id,
            account_id=account.account_id,
            currency=account.currency,
            booked_on=said.booked_on,
            value_on=said.value_on,
            amount=said.amount,
            reference=_readable(said.reference),
            text=_readable(said.text),
            name=_readable(said.name),
            payer=normalised(said.account),
            reversal=said.reversal,
        )

    @property
    def match(self) -> Match | None:
        """The match that stands."""
        return self.matches[-1] if self.status is LineStatus.MATCHED else None

    def is_moved_by(self, entry: Entry) -> bool:
        """Whether an entry of the same book moves the account by the amount of the line."""
        moved = sum(each.debit - each.credit for each in entry.lines if each.account_id == self.account_id)
        return entry.book_id == self.book_id and moved == self.amount

    def claim_of(self, entry_id: str) -> str:
        """The key that keeps an entry of one line: the same money is not matched twice."""
        return f"statement_line|{self.account_id}|{entry_id}"

    def check_open(self) -> None:
        """Raises Conflict: `invalid_transition`, it is matched; `too_many_matches`."""
        move(self.status, LineStatus.MATCHED, MOVES)
        if len(self.matches) >= MOST_MATCHES:
            raise Conflict("A line is not matched so often.", code="too_many_matches")

    def match_with(
        self,
        entry: Entry,
        *,
        at: datetime,
        payment_id: str | None = None,
        business_id: str | None = None,
        posted: bool = False,
        automatic: bool = False,
    ) -> Match:
        """Be what an entry says.

        Raises:
            Conflict: see `check_open`; `entry_differs`, the entry does not move the account by this amount.
        """
        self.check_open()
        if not self.is_moved_by(entry):
            raise Conflict("The entry does not move the account by this amount.", code="entry_differs")
        self.status = LineStatus.MATCHED
        number = len(self.matches) + 1
        made = Match(
            number=number,
            entry_id=entry.id,
            payment_id=payment_id,
            business_id=business_id,
            posted=posted,
            automatic=automatic,
            at=at,
        )
        self.matches = [*self.matches, made]
        said: dict[str, Any] = {
            "amount": self.amount,
            "booked_on": self.booked_on,
            "currency": self.currency,
            "automatic": automatic,
        }
        self.record(
            StatementLineMatched(**self._told(made), **said, payment_id=payment_id),
            effective_at=zone_midnight(self.booked_on),
        )
        return made

    def undo(self, *, at: datetime, taken_back_by: str | None = None) -> Match:
        """Let the match that stands be history.

        Args:
            taken_back_by: the entry by which what it posted was taken back.

        Raises:
            Conflict: `invalid_transition`, none stands.
        """
        self.status = move(self.status, LineStatus.OPEN, MOVES)
        undone = self.matches[-1].model_copy(update={"undone_at": at, "taken_back_by": taken_back_by})
        self.matches = [*self.matches[:-1], undone]
        self.record(StatementLineUnmatched(**self._told(undone)))
        return undone

    def _told(self, match: Match) -> dict[str, Any]:
        said = {name: getattr(self, name) for name in ("business_id", "book_id", "bank_account_id")}
        return {**said, "line_id": self.id, "number": match.number, "entry_id": match.entry_id}


def _readable(text: str) -> str:
    """A text of a bank as it is kept: of one line, without control characters, and not without end."""
    shown = "".join(" " if unicodedata.category(each)[0] == "C" else each for each in text)
    return " ".join(shown.split())[:LONGEST_TEXT]
