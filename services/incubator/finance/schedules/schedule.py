"""A prepaid schedule: an amount that was paid in advance becomes an expense month by month (amortisation)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar, Final, NamedTuple, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import id_of, new_id
from services.chassis.domain.money import apportion
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day
from services.contracts.incubator.finance import BookId
from services.incubator.finance.book import AMOUNT_SCHEMA, Book
from services.incubator.finance.period import last_day, period_of

ScheduleId = Annotated[str, id_of("pps")]


class ScheduleStatus(StrEnum):
    """Whether months are still to come."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


S = ScheduleStatus
MOVES: Final[Mapping[ScheduleStatus, frozenset[ScheduleStatus]]] = {
    S.RUNNING: frozenset({S.DONE, S.CANCELLED}),
    S.DONE: frozenset(),
    S.CANCELLED: frozenset(),
}


class Release(NamedTuple):
    """What of the amount a month takes, in minor units; it can be 0."""

    period: str
    amount: int


class PrepaidSchedule(Aggregate):
    """An amount on the prepaid account of a book, that months in a row take equal parts of.

    Attributes:
        code: the expense account that they are moved to.
        first_period, months: the first month, and how many there are.
        released: how many months have had their part.
        due_on: the last day of the next month; None where none is to come.
    """

    collection: ClassVar[str] = "prepaid_schedules"
    shown_to: ClassVar = owned_by("partner_id", or_the_zones=True)
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("book_id", 1), ("_id", 1)),
        (("status", 1), ("due_on", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["book_id", "amount", "months", "released", "status", "due_on"],
            "properties": {
                "amount": AMOUNT_SCHEMA,
                "released": AMOUNT_SCHEMA,
                "status": {"enum": [status.value for status in ScheduleStatus]},
                "due_on": {"bsonType": ["date", "null"]},
            },
        },
        "$expr": {"$lte": ["$released", "$months"]},
    }

    id: ScheduleId
    book_id: BookId
    partner_id: str | None
    description: str
    code: str
    currency: str
    amount: int
    first_period: str
    months: int
    released: int = 0
    status: ScheduleStatus = ScheduleStatus.RUNNING
    due_on: Day | None

    @classmethod
    def begin(cls, book: Book, *, description: str, code: str, amount: int, first_period: str, months: int) -> Self:
        """A schedule of which no month has had its part yet."""
        return cls(
            id=new_id("pps"),
            book_id=book.id,
            partner_id=book.partner_id,
            description=description,
            code=code,
            currency=book.currency,
            amount=amount,
            first_period=first_period,
            months=months,
            due_on=last_day(first_period),
        )

    @property
    def releases(self) -> list[Release]:
        """Every month with its part: they sum to the amount, and the earliest have what does not divide."""
        parts = apportion(self.amount, dict.fromkeys(range(self.months), 1))
        return [Release(period, parts[n]) for n, period in enumerate(_months(self.first_period, self.months))]

    def release(self, today: date) -> Release | None:
        """The part of the next month, where that is over; None where none is due."""
        if self.status is not S.RUNNING or self.due_on is None or self.due_on >= today:
            return None
        due = self.releases[self.released]
        self.released += 1
        left = self.releases[self.released :]
        self.due_on = last_day(left[0].period) if left else None
        if not left:
            self.status = move(self.status, S.DONE, MOVES)
        return due

    def cancel(self) -> None:
        """Let no further month have a part; what is left stays prepaid. Raises Conflict (`invalid_transition`)."""
        self.status = move(self.status, S.CANCELLED, MOVES)
        self.due_on = None


def _months(first: str, number: int) -> Iterator[str]:
    period = first
    for _ in range(number):
        yield period
        period = period_of(last_day(period) + timedelta(days=1))
