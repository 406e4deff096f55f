"""What callers see of prepaid schedules."""

from typing import ClassVar, Self

from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.times import Day
from services.chassis.http.view import Shown, View
from services.contracts.incubator.finance import BookId
from services.incubator.finance.schedules.schedule import PrepaidSchedule, ScheduleStatus


class ReleaseView(Shown):
    """What of the amount a month takes."""

    period: str
    """The month, `2026-04`."""
    amount: int
    """Its part, in minor units; it can be 0."""


class PrepaidScheduleView(View):
    """An amount that was paid in advance, and becomes an expense month by month."""

    at: ClassVar[str] = "/v1/incubator/prepaid-schedules"

    book_id: BookId
    """The book that it is in."""
    description: str
    """What was paid in advance."""
    code: str
    """The expense account that the parts are moved to."""
    currency: CurrencyCode
    """In which it is (ISO 4217)."""
    amount: int
    """How much it is in all, in minor units."""
    first_period: str
    """The first month that takes a part, `2026-04`."""
    months: int
    """How many months in a row do."""
    released: int
    """How many of them have had theirs."""
    status: ScheduleStatus
    """How far the schedule has come."""
    due_on: Day | None
    """The last day of the month that is next; null where none is to come."""
    releases: list[ReleaseView]
    """Every month with its part."""

    @classmethod
    def of(cls, schedule: PrepaidSchedule) -> Self:
        return cls.showing(schedule, releases=[ReleaseView.showing(each) for each in schedule.releases])
