"""The base of the filing types that change whether a business trades."""

from collections.abc import Iterator
from datetime import datetime

from services.chassis.domain.times import zone_date
from services.registry.businesses.business import Business
from services.registry.filings.payload import Change


class StatusChange(Change):
    """The base of the payloads that change whether a business trades."""

    @property
    def group(self) -> str:
        return "status"

    def untimely(self, moment: datetime, business: Business | None) -> Iterator[str]:
        """No status ends before the day on which it began."""
        if business and zone_date(moment) < zone_date(business.status_since):
            yield "The business has its present status since a later day."
