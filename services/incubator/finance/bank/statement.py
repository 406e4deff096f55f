"""A bank statement: one file of a bank account that was taken in as a whole, and what it said."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day, Instant
from services.contracts.incubator.bank import BankAccountId, BankStatementId, BankStatementImported
from services.contracts.incubator.finance import BookId
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.bank.account import BankAccount
from services.incubator.finance.bank.formats.reading import StatementFormat
from services.incubator.finance.bank.formats.said import SaidBalance, SaidStatement
from services.incubator.finance.bank.lines.identity import of_last_days
from services.incubator.finance.book import CURRENCY_SCHEMA


def statement_id(bank_account_id: str, sha256: str) -> str:
    """The import of a file: a name-based id (RFC 9562 §5.5), so that the same bytes are imported once an account."""
    return f"bst_{uuid.uuid5(uuid.UUID(bank_account_id.removeprefix('bka_')), sha256).hex}"


class BankStatement(Aggregate):
    """A file of a bank account that was taken in as a whole.

    Attributes:
        number: which of the account, in the order of import.
        opening, closing: minor units; less than 0 where the account was overdrawn.
        closed_on: the day of the closing balance.
        goes_on: whether it ends in the middle of a statement, with an intermediate balance.
        lines, new_lines: how many it has, and how many of them were not known before.
        not_booked: how many the bank listed that it had not booked; they are not taken in.
        counted: where it goes on, how often each kind of line stood in it for its last day (`identity.numbered`).
    """

    collection: ClassVar[str] = "bank_statements"
    shown_to: ClassVar = owned_by("partner_id", or_the_zones=True)
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("bank_account_id", 1), ("number", 1), ("_id", 1)),
        (("partner_id", 1), ("number", 1), ("_id", 1)),
        (("number", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["bank_account_id", "book_id", "partner_id", "sha256", "number", "opening", "closing"],
            "properties": {
                "currency": CURRENCY_SCHEMA,
                "sha256": {"bsonType": "string", "pattern": "^[0-9a-f]{64}$"},
                "closed_on": {"bsonType": "date"},
            },
        }
    }

    id: BankStatementId
    bank_account_id: BankAccountId
    book_id: BookId
    business_id: BusinessId | None
    partner_id: str | None
    number: int
    sha256: str
    format: StatementFormat
    currency: str
    opening: int
    opened_on: Day
    closing: int
    closed_on: Day
    goes_on: bool
    lines: int
    new_lines: int
    not_booked: int
    imported_at: Instant
    counted: dict[str, int] = Field(default_factory=dict)

    @classmethod
    def take_in(
        cls,
        said: Sequence[SaidStatement],
        account: BankAccount,
        *,
        sha256: str,
        format: StatementFormat,
        new_lines: int,
        counted: Mapping[str, int],
        at: datetime,
        today: date,
    ) -> Self:
        """What the statements of a file say together, of which each goes on from the one before.

        Args:
            said: judged (`formats.said.judge`).
            today: stands for the day of a balance where neither it nor a line has one.
        """
        opening, closing = said[0].opening, said[-1].closing
        assert opening is not None
        assert closing is not None
        days = [each.booked_on for statement in said for each in statement.lines] or [today]
        closed_on = _day(closing, max(days))
        statement = cls(
            id=statement_id(account.id, sha256),
            bank_account_id=account.id,
            book_id=account.book_id,
            business_id=account.business_id,
            partner_id=account.partner_id,
            number=account.take_in(closing.amount, closed_on),
            sha256=sha256,
            format=format,
            currency=account.currency,
            opening=opening.amount,
            opened_on=_day(opening, min(days)),
            closing=closing.amount,
            closed_on=closed_on,
            goes_on=closing.intermediate,
            lines=sum(len(each.lines) for each in said),
            new_lines=new_lines,
            not_booked=sum(each.not_booked for each in said),
            imported_at=at,
            counted=of_last_days(counted, closed_on) if closing.intermediate else {},
        )
        statement.record(
            BankStatementImported(
                statement_id=statement.id,
                **{
                    name: getattr(statement, name)
                    for name in BankStatementImported.model_fields.keys() & cls.model_fields.keys()
                },
            )
        )
        return statement


def _day(balance: SaidBalance, otherwise: date) -> date:
    return balance.on or otherwise
