"""What a final bill charges on an invoice: its lines and corrections, with the tax of the utility."""

from collections.abc import Iterator, Mapping
from typing import Final

from services.contracts.incubator.invoices import ChargeKind
from services.contracts.incubator.tariffs import Utility
from services.incubator.finance.invoices.line import Charge
from services.incubator.utilities.billing.utility_bill import UtilityBill
from services.incubator.utilities.tariffs.terms import LineKind

KINDS: Final = {Utility.WATER: ChargeKind.WATER, Utility.ELECTRICITY: ChargeKind.ELECTRICITY}
TAX_BPS: Final = {Utility.WATER: 900, Utility.ELECTRICITY: 1300}
"""Value added tax in basis points: tap water 9 %, electricity 13 % (VAT Law of the PRC, art. 10)."""
WORDS: Final = {
    LineKind.CONSUMPTION: "consumption",
    LineKind.STANDING: "standing charge",
    LineKind.MINIMUM: "up to the minimum",
}


def charges_of(bill: UtilityBill, credited: Mapping[str, int]) -> Iterator[Charge]:
    """One charge a line and a correction. Together they are its total, to the minor unit, where its credit is credited.

    Args:
        credited: month → what is credited on the invoice of that month. What is not, takes from the other charges of
            the tenant, of this month or of those to come.
    """
    for line in bill.lines:
        if line.amount.amount:
            yield Charge(
                kind=KINDS[bill.utility],
                description=f"{bill.utility.value.capitalize()} {bill.period}: {WORDS[line.kind]}",
                quantity=line.quantity,
                amount=line.amount.amount,
                tax_rate_bps=TAX_BPS[bill.utility],
                service_from=bill.starts_on,
                service_through=bill.ends_on,
                source=bill.id,
            )
    for each in bill.corrections:
        amount = each.amount.amount + credited.get(each.service_period, 0)
        if amount:
            moved = f"{each.before.value} to {each.now.value} {each.now.unit.value}"
            yield Charge(
                kind=KINDS[bill.utility],
                description=f"{bill.utility.value.capitalize()} {each.service_period}: corrected from {moved}",
                amount=amount,
                tax_rate_bps=TAX_BPS[bill.utility],
                service_from=each.starts_on,
                service_through=each.ends_on,
                source=bill.id,
            )
