"""What a consultation charges: one line, whether the business came or not."""

from typing import Final

from services.chassis.domain.times import zone_date
from services.contracts.incubator.invoices import ChargeKind
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.status import ENDED
from services.incubator.consulting.appointments.appointment import meeting_of
from services.incubator.finance.invoices.line import Charge
from services.incubator.kernel.quantity import Quantity, Unit

TAX_BPS: Final = 600
"""Value added tax in basis points: services 6 % (VAT Law of the PRC, art. 10)."""


def is_due(appointment: Reservation) -> bool:
    """Whether it took place, or its business missed it, and it has a price."""
    return appointment.status in ENDED and appointment.price.amount > 0


def charge_of(appointment: Reservation) -> Charge:
    """What it costs."""
    meeting = meeting_of(appointment)
    return Charge(
        kind=ChargeKind.CONSULTING,
        description=appointment.title,
        quantity=Quantity.of(meeting.time.minutes, Unit.MINUTE),
        amount=meeting.price.amount,
        tax_rate_bps=TAX_BPS,
        service_from=zone_date(meeting.start),
        service_through=zone_date(meeting.end - meeting.end.resolution),
        source=appointment.id,
    )
