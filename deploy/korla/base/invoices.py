"""The invoices of the Demonstration Base: those of the month that was billed, and two from before; some are paid."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from deploy.korla.base.hand import Hand, Json
from deploy.korla.base.start_up import StartUp
from deploy.korla.together import together

PAY_THE_MONTH: Final = 3
"""So many of the start-ups have paid what the last month cost."""
PAYS_HALF: Final = 4
"""The start-up that has paid half of it."""


class Earlier(NamedTuple):
    """An invoice from before the zone kept its books here; days are counted back from that of the load.

    Attributes:
        start_up: whose it is. paid: when it was paid; None where it never was.
    """

    source: str
    start_up: int
    issued: int
    due: int
    paid: int | None


EARLIER: Final = (
    Earlier("korla-earlier-1", 5, issued=60, due=30, paid=35),
    Earlier("korla-earlier-2", 6, issued=60, due=30, paid=None),
)
MOVING_IN: Final = {"kind": "space", "description": "示例 入驻服务费", "amount": 1200_00, "tax_rate_bps": 900}


async def invoiced(start_ups: Sequence[StartUp], bills: Sequence[Json], today: date, staff: Hand) -> list[Json]:
    """The invoices of each start-up, finalised and paid as far as they are to be. Raises UnexpectedAnswer."""
    await together(
        *(_of_the_month(each, bills, today, staff) for each in start_ups),
        *(_from_before(each, start_ups[each.start_up - 1], today, staff) for each in EARLIER),
    )
    found = await together(*(staff.all("invoices", business_id=each.business_id) for each in start_ups))
    return [invoice for invoices in found for invoice in invoices]


async def _of_the_month(start_up: StartUp, bills: Sequence[Json], today: date, staff: Hand) -> None:
    """What a start-up took in the month is owed, and paid by some."""
    ids = {each["invoice_id"] for each in bills if each["business_id"] == start_up.business_id}
    for invoice_id in sorted(ids - {None}):
        invoice = await staff.see(f"invoices/{invoice_id}")
        if invoice["status"] == "draft":
            invoice = await staff.post(f"invoices/{invoice_id}/finalise")
        share = 1 if start_up.number <= PAY_THE_MONTH else 2 if start_up.number == PAYS_HALF else None
        if share and not invoice["paid"]:
            await _pay(invoice, invoice["outstanding"] // share, f"korla-{start_up.number:02d}", today, staff)


async def _from_before(earlier: Earlier, start_up: StartUp, today: date, staff: Hand) -> None:
    there = await staff.all("invoices", source=earlier.source)
    invoice = there[0] if there else None
    if invoice is None:
        line = MOVING_IN | {"source": earlier.source}
        invoice = await staff.post("invoices", {"business_id": start_up.business_id, "lines": [line]})
    if invoice["status"] == "draft":
        issued, due = (today - timedelta(days=days) for days in (earlier.issued, earlier.due))
        said = {"issued_on": issued.isoformat(), "due_on": due.isoformat()}
        invoice = await staff.post(f"invoices/{invoice['id']}/finalise", said)
    if earlier.paid is not None and not invoice["paid"]:
        issued = date.fromisoformat(invoice["issued_on"])
        on = issued + timedelta(days=earlier.issued - earlier.paid)
        await _pay(invoice, invoice["outstanding"], earlier.source, on, staff)


async def _pay(invoice: Json, amount: int, reference: str, on: date, staff: Hand) -> None:
    """A payment of so much that reached the bank on a day; there once, by the bank's reference."""
    if await staff.all("payments", external_ref=f"示例 {reference}"):
        return
    said = {
        "business_id": invoice["business_id"],
        "external_ref": f"示例 {reference}",
        "amount": amount,
        "currency": invoice["currency"],
        "received_on": on.isoformat(),
        "allocations": [{"invoice_id": invoice["id"], "amount": amount}],
    }
    await staff.post("payments", said)
