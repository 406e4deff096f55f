"""What an allocation charges: a line for each of its calendar months, once that is over."""

from typing import Final

from services.contracts.incubator.invoices import ChargeKind
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.booking.resource import Resource
from services.incubator.finance.invoices.line import Charge
from services.incubator.kernel.period import Days, Period
from services.incubator.kernel.quantity import Quantity, Unit
from services.incubator.space.allocations.price import of_days
from services.incubator.space.charging import TAX_BPS

MOST_WORDS: Final = 200


def charge_of(allocation: Allocation, resource: Resource, period: Period, days: Days) -> Charge | None:
    """What its days in a month cost; None where that is nothing."""
    amount = of_days(allocation.rate, len(allocation.units), days)
    if not amount:
        return None
    return Charge(
        kind=ChargeKind.SPACE,
        description=f"{resource.name} {period.text}"[:MOST_WORDS],
        quantity=Quantity.of(days.number * len(allocation.units), Unit.DAY),
        amount=amount,
        tax_rate_bps=TAX_BPS,
        service_from=days.first,
        service_through=days.last,
        source=f"{allocation.id}-{period.text}",
    )
