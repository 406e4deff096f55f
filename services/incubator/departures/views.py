"""What callers see of departures."""

from typing import ClassVar, Self

from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.times import Instant
from services.chassis.http.view import View
from services.contracts.incubator.finance import InvoiceId
from services.contracts.registry.businesses import BusinessId
from services.incubator.departures.departure import Departure, DepartureStatus, ToCome


class DepartureView(View):
    """A business that is being dissolved, on its way out of the incubator."""

    at: ClassVar[str] = "/v1/incubator/departures"

    business_id: BusinessId
    """The business that leaves the register."""
    status: DepartureStatus
    """How far it has come."""
    since: Instant
    """Since when it takes leave."""
    awaits: list[ToCome]
    """What has still to happen before its last invoice is written: the tasks of staff."""
    amount: int
    """What the registry knows to be owed, in minor units; 0 while nothing is."""
    currency: CurrencyCode
    """In which its amounts are, such as `CNY` (ISO 4217)."""
    invoice_ids: list[InvoiceId]
    """The invoices on which it is owed."""
    answered_at: Instant | None
    """When the registry was told last what is owed; null while it was not."""

    @classmethod
    def of(cls, departure: Departure) -> Self:
        return cls.showing(departure)
