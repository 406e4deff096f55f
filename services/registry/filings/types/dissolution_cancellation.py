"""The cancellation of a dissolution: a business that was on its way out of the register stays."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Literal

from services.chassis.domain.violations import Violation
from services.contracts.registry.filings import FilingType
from services.registry.businesses.business import Business
from services.registry.businesses.status import BusinessStatus
from services.registry.filings.types.status_change import StatusChange


class DissolutionCancellation(StatusChange):
    """A business that is being dissolved stays, and is again what it was before."""

    refuses: ClassVar = ("not_dissolving",)
    replaces: ClassVar = frozenset({"status", "dissolution"})

    type: Literal[FilingType.DISSOLUTION_CANCELLATION] = FilingType.DISSOLUTION_CANCELLATION
    """The type of the filing that says this."""

    def violations_for(self, business: Business, today: date) -> Iterator[Violation]:
        """It may have been dissolved while this was looked at."""
        if business.status != BusinessStatus.DISSOLVING:
            yield Violation("not_dissolving", "The business is not being dissolved.")

    def change(self, business: Business, *, effective_at: datetime) -> None:
        """The business is what it was."""
        business.cancel_dissolution(effective_at=effective_at)
