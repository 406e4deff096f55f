"""What a reservation that has ended charges: one line an occurrence, whether its holder came or not."""

from collections.abc import Collection
from typing import Final
from zoneinfo import ZoneInfo

from services.contracts.incubator.invoices import ChargeKind
from services.incubator.booking.occurrence import Occurrence
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.status import ENDED
from services.incubator.finance.invoices.line import Charge
from services.incubator.kernel.quantity import Quantity, Unit

TAX_BPS: Final = 900
"""Value added tax in basis points: leasing of immovable property 9 % (VAT Law of the PRC, art. 10)."""


def ended(reservation: Reservation) -> set[int]:
    """The numbers of its occurrences that took place, or that its holder missed."""
    return {each.number for each in reservation.occurrences if each.status in ENDED}


def charges_of(reservation: Reservation, *, but: Collection[int]) -> list[Charge]:
    """What its ended occurrences cost, but for those of these numbers, which were charged before."""
    due = ended(reservation) - set(but)
    return [_charge(reservation, each) for each in reservation.occurrences if each.number in due and each.price.amount]


def _charge(reservation: Reservation, occurrence: Occurrence) -> Charge:
    zone = ZoneInfo(reservation.time_zone)
    last = max(occurrence.start, occurrence.end - occurrence.end.resolution)
    return Charge(
        kind=ChargeKind.SPACE,
        description=reservation.title,
        quantity=Quantity.of(occurrence.time.minutes * len(reservation.units), Unit.MINUTE),
        amount=occurrence.price.amount,
        tax_rate_bps=TAX_BPS,
        service_from=occurrence.start.astimezone(zone).date(),
        service_through=last.astimezone(zone).date(),
        source=f"{reservation.id}-{occurrence.number}",
    )
