"""Suspension of business (歇业): Decree 746 art. 30; implementing rules art. 42-43."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from services.chassis.domain.times import Day, zone_midnight
from services.chassis.domain.violations import Before, Violation, cross_rule, in_years
from services.contracts.registry.filings import FilingType
from services.registry.businesses.business import Business
from services.registry.businesses.entry.addresses import Address
from services.registry.businesses.entry.line import Line
from services.registry.businesses.status import BusinessStatus
from services.registry.filings.types.status_change import StatusChange

MOST_DAYS: Final = 1095
"""Of suspension by own wish, in the whole life of a business."""

EXTENDED_WITHIN: Final = timedelta(days=30)
"""How long before its end an extension may be asked for."""

Foreseeable = Annotated[Day, in_years(1901, 2999, "date_range", "A year between 1901 and 2999.")]


def _later(until: date, before: Before) -> Iterator[Violation]:
    if "since" in before and until <= before["since"]:
        yield Violation("date_range", "A suspension ends after it begins.")


class Suspension(StatusChange):
    """A business stops trading from the beginning of one day to the beginning of another.

    While it is suspended already, this is an extension: the same `from`, a later `until`, effective at once.
    """

    refuses: ClassVar = ("suspension_period", "service_address_required")
    replaces: ClassVar = frozenset({"status", "suspension", "addresses"})

    type: Literal[FilingType.SUSPENSION] = FilingType.SUSPENSION
    """The type of the filing that says this."""
    since: Foreseeable = Field(alias="from")
    """The first day on which it does not trade; of an extension, that of the suspension."""
    until: Annotated[Foreseeable, cross_rule(_later, "date_range")]
    """The first day on which it trades again: three years later at most, and 1,095 days in all its life."""
    reason: Line
    """Why; its owner and officials read it in its entry, strangers do not."""
    service_address: Address | None = None
    """Where documents are served meanwhile; needed where the business has no such address yet."""

    def starts_at(self, business: Business | None) -> datetime | None:
        extends = business is not None and business.status == BusinessStatus.SUSPENDED
        return None if extends else zone_midnight(self.since)

    def violations_for(self, business: Business, today: date) -> Iterator[Violation]:
        if business.status == BusinessStatus.SUSPENDED:
            yield from self._violations_of_an_extension(today, business)
        days = business.days_suspended_before() + (self.until - self.since).days
        if self.until > three_years_after(self.since) or days > MOST_DAYS:
            detail = f"A suspension lasts three years at most, and all of them together {MOST_DAYS} days."
            yield Violation("suspension_period", detail, ("until",))
        if self.service_address is None and business.addresses.service is None:
            detail = "While it is suspended, a business has an address for the service of documents."
            yield Violation("service_address_required", detail, ("service_address",))

    def _violations_of_an_extension(self, today: date, business: Business) -> Iterator[Violation]:
        running = business.running_suspension()
        if self.since != running.since:
            yield Violation("suspension_period", "An extension begins with the suspension that it extends.", ("from",))
        if self.until <= running.until:
            yield Violation("suspension_period", "An extension ends later than what it extends.", ("until",))
        if today < running.until - EXTENDED_WITHIN:
            yield Violation("suspension_period", "An extension is asked for in the last 30 days.", ("until",))

    def change(self, business: Business, *, effective_at: datetime) -> None:
        """The business is suspended, or stays so for longer."""
        if business.status == BusinessStatus.SUSPENDED:
            business.extend_suspension(until=self.until, reason=self.reason, effective_at=effective_at)
        else:
            business.suspend(since=self.since, until=self.until, reason=self.reason, effective_at=effective_at)
        if self.service_address is not None:
            business.addresses = business.addresses.model_copy(update={"service": self.service_address})


def three_years_after(day: date) -> date:
    """The same day three years later; after 29 February, the 28th."""
    try:
        return day.replace(year=day.year + 3)
    except ValueError:
        return day.replace(year=day.year + 3, day=28)
