"""A bill that becomes final: what it charges on an invoice, with the tax of the utility, and what it credits."""

from collections.abc import Iterator, Mapping
from typing import Final

from services.chassis.domain.moves import move
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.invoices import ChargeKind
from services.contracts.incubator.tariffs import Utility
from services.incubator.finance.billing import add_lines
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.invoices.line import Charge
from services.incubator.finance.invoices.status import ISSUED
from services.incubator.finance.payments.effects import credit
from services.incubator.finance.posting import POSTING
from services.incubator.utilities.billing.utility_bill import MOVES, BillStatus, UtilityBill, bill_id
from services.incubator.utilities.tariffs.terms import LineKind

KINDS: Final = {Utility.WATER: ChargeKind.WATER, Utility.ELECTRICITY: ChargeKind.ELECTRICITY}
TAX_BPS: Final = {Utility.WATER: 900, Utility.ELECTRICITY: 1300}
"""Value added tax in basis points: tap water 9 %, electricity 13 % (VAT Law of the PRC, art. 10)."""
FINALISING: Final = ("invalid_transition", "too_many_allocations", *POSTING)
"""With what a bill is refused to become final."""
WORDS: Final = {
    LineKind.CONSUMPTION: "consumption",
    LineKind.STANDING: "standing charge",
    LineKind.MINIMUM: "up to the minimum",
}


async def finalise(bill: UtilityBill, tx: Tx) -> None:
    """Make a bill final, and charge it on the draft of the invoice that gathers what its tenant owes.

    What it is below nothing is credited on the invoices of the months that it corrects, as far as they are issued.

    Raises:
        Conflict: `invalid_transition`, it is final; what else `FINALISING` says, of a credit.
    """
    move(bill.status, BillStatus.FINALISED, MOVES)  # refused before anything is credited
    rest, credited = bill.credit.amount, dict[str, int]()
    for each in bill.corrections:
        wanted = min(rest, -each.amount.amount)
        if wanted > 0:
            credited[each.service_period] = await _credit(bill, each.service_period, wanted, tx)
            rest -= credited[each.service_period]
    charges = list(charges_of(bill, credited))
    invoice = await add_lines(tx, bill.business_id, charges) if charges else None
    bill.finalise(invoice_id=invoice.id if invoice else None)
    tx.save(bill)


async def _credit(bill: UtilityBill, month: str, wanted: int, tx: Tx) -> int:
    """Credit an amount on the invoice of an earlier month, as far as it can be; answers how much."""
    earlier = await tx.get(UtilityBill, bill_id(bill.service_point_id, month))
    invoice = await tx.find(Invoice, earlier.invoice_id) if earlier.invoice_id else None
    if invoice is None or invoice.status not in ISSUED:
        return 0
    rest, amounts = wanted, dict[int, int]()
    for number, line in enumerate(invoice.lines, start=1):
        if rest and line.charge.source == earlier.id and line.left > 0:
            amounts[number] = min(line.left, rest)
            rest -= amounts[number]
    if amounts:
        await credit(invoice, amounts, f"{bill.utility.value.capitalize()} {month}, corrected", tx)
    return wanted - rest


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
