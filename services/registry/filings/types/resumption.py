"""Resumption: a suspended business trades again (implementing rules art. 43)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Literal

from services.chassis.domain.times import zone_midnight
from services.chassis.domain.violations import Violation
from services.contracts.registry.filings import FilingType
from services.registry.businesses.business import Business
from services.registry.filings.payload import ReviewPolicy
from services.registry.filings.types.status_change import StatusChange


class Resumption(StatusChange):
    """A suspended business trades again, before its suspension ends by itself."""

    refuses: ClassVar = ("hosting_expired",)
    replaces: ClassVar = frozenset({"status", "suspension"})

    type: Literal[FilingType.RESUMPTION] = FilingType.RESUMPTION
    """The type of the filing that says this."""

    @property
    def review_policy(self) -> ReviewPolicy:
        return ReviewPolicy.AUTOMATIC

    def untimely(self, moment: datetime, business: Business | None) -> Iterator[str]:
        yield from super().untimely(moment, business)
        if business and moment >= zone_midnight(business.running_suspension().until):
            yield "The suspension is over by then, and the business resumes by itself."

    def violations_for(self, business: Business, today: date) -> Iterator[Violation]:
        """Without an address nobody trades: a hosted business needs an agreement that is still good."""
        if business.hosting and not business.premises:
            for each in business.hosting.violations(today):
                yield each._replace(path=())

    def change(self, business: Business, *, effective_at: datetime) -> None:
        """The business is active again."""
        business.resume(effective_at=effective_at)
