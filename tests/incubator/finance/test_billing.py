"""Offerings charge a tenant inside their own transaction, on the draft that gathers its charges."""

import asyncio

import httpx
import pytest

from services.chassis.domain.errors import LostRace, NotFound, Unprocessable
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import memory_tx
from services.contracts.incubator.invoices import ChargeKind
from services.incubator.finance.billing import add_lines
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.invoices.line import Charge
from services.incubator.kernel.quantity import Unit, UnitPrice
from tests.incubator.finance.books import INVOICES
from tests.incubator.registry_says import business


def water(amount: int = 1_234, source: str = "ubl_1", currency: str = "CNY") -> Charge:
    return Charge(
        kind=ChargeKind.WATER,
        description="Water of February",
        unit_price=UnitPrice(price="2.95", currency=currency, per=Unit.CUBIC_METRE),
        amount=amount,
        tax_rate_bps=900,
        source=source,
    )


async def charge(store: MemoryStore, *charges: Charge, number: int = 1) -> Invoice:
    while True:
        tx = memory_tx(store)
        invoice = await add_lines(tx, business(number), charges)
        await asyncio.sleep(0)
        try:
            await tx.commit()
        except LostRace:
            continue
        return invoice


@pytest.mark.usefixtures("staff")
async def test_charges_of_one_tenant_are_gathered_on_one_draft(store: MemoryStore) -> None:
    invoices = await asyncio.gather(*(charge(store, water(source=f"ubl_{n}")) for n in range(5)))
    other = await charge(store, water(), number=2)
    assert {invoice.id for invoice in invoices} != {other.id}
    assert [len(row["lines"]) for row in store.rows("invoices") if row["business_id"] == business()] == [5]


async def test_the_next_charge_after_a_finalised_invoice_begins_another(
    store: MemoryStore, staff: httpx.AsyncClient
) -> None:
    first = await charge(store, water())
    await staff.post(f"{INVOICES}/{first.id}/finalise", json={})
    assert (await charge(store, water())).id != first.id


@pytest.mark.usefixtures("staff")
async def test_a_full_draft_makes_room_by_another(store: MemoryStore) -> None:
    full = await charge(store, *[water()] * 499)
    assert (await charge(store, *[water()] * 2)).id != full.id


@pytest.mark.usefixtures("staff")
async def test_a_price_in_another_currency_and_a_business_that_is_no_tenant_are_refused(store: MemoryStore) -> None:
    with pytest.raises(Unprocessable) as refused:
        await add_lines(memory_tx(store), business(), [water(currency="USD")])
    assert refused.value.reason == "currency_mismatch"
    with pytest.raises(NotFound):
        await add_lines(memory_tx(store), business(9), [water()])
