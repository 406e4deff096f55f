"""Aged receivables as they stood on any day, and what must hold whatever happens to invoices and payments."""

import random
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.chassis.domain.times import zone_midnight
from services.chassis.testing.callers import caller
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock, day
from tests.incubator.conftest import As
from tests.incubator.finance.books import INVOICES, PAYMENTS, invoiced, tenants, zones
from tests.incubator.finance.test_payments import NOTES, credited, pays
from tests.incubator.registry_says import business, partner

AGED = "/v1/incubator/aged-receivables"


def at(clock: FixedClock, on: str) -> None:
    clock.at = zone_midnight(day(on)) + timedelta(hours=10)


async def owed(api: httpx.AsyncClient, as_of: str, number: int = 1) -> dict[str, Any]:
    """What a business owed, buckets that are not 0 alone."""
    answer = await api.get(AGED, params={"as_of": as_of, "business_id": business(number)})
    assert answer.status_code == 200, answer.text
    rows = answer.json()["rows"]
    said = {name: value for name, value in (rows[0] if rows else {}).items() if isinstance(value, int) and value}
    assert said.pop("total", 0) == sum(said.values())
    return said


async def test_f6_receivables_are_as_they_stood_whatever_was_paid_since(
    staff: httpx.AsyncClient, clock: FixedClock
) -> None:
    invoice = await invoiced(staff, 100_00, due_on="2026-03-31")
    at(clock, "2026-06-05")
    await pays(staff, 100_00, (invoice, 100_00), received_on="2026-06-02")
    assert await owed(staff, "2026-05-31") == {"days_61_90": 100_00}
    assert await owed(staff, "2026-06-01") == {"days_61_90": 100_00}
    assert await owed(staff, "2026-06-02") == {}
    assert await owed(staff, "2026-03-01") == {}


@pytest.mark.parametrize(
    ("as_of", "bucket"),
    [
        ("2026-03-31", "not_due"),
        ("2026-04-01", "days_1_30"),
        ("2026-04-30", "days_1_30"),
        ("2026-05-01", "days_31_60"),
        ("2026-05-30", "days_31_60"),
        ("2026-05-31", "days_61_90"),
        ("2026-06-29", "days_61_90"),
        ("2026-06-30", "days_over_90"),
    ],
)
async def test_f6_buckets_are_by_days_past_due(staff: httpx.AsyncClient, as_of: str, bucket: str) -> None:
    await invoiced(staff, 100_00, due_on="2026-03-31")
    assert await owed(staff, as_of) == {bucket: 100_00}


async def test_f6_credit_notes_count_from_their_day_and_prepayments_have_a_column(
    staff: httpx.AsyncClient, clock: FixedClock
) -> None:
    invoice = await invoiced(staff, 100_00, due_on="2026-03-31")
    await pays(staff, 30_00, prepay=True)
    at(clock, "2026-03-20")
    await credited(staff, invoice, (1, 40_00))
    assert await owed(staff, "2026-03-19") == {"not_due": 100_00, "unallocated": -30_00}
    assert await owed(staff, "2026-03-20") == {"not_due": 60_00, "unallocated": -30_00}


async def test_f6_what_was_undone_was_paid_in_between(staff: httpx.AsyncClient, clock: FixedClock) -> None:
    invoice = await invoiced(staff, 100_00, due_on="2026-03-31")
    payment = (await pays(staff, 100_00, (invoice, 100_00))).json()
    at(clock, "2026-03-20")
    await staff.post(f"{PAYMENTS}/{payment['id']}/reverse")
    assert await owed(staff, "2026-03-19") == {}
    assert await owed(staff, "2026-03-20") == {"not_due": 100_00}


async def test_f6_a_void_invoice_was_owed_until_it_was_void(staff: httpx.AsyncClient, clock: FixedClock) -> None:
    invoice = await invoiced(staff, 100_00, due_on="2026-03-31")
    at(clock, "2026-03-20")
    await staff.post(f"{INVOICES}/{invoice['id']}/void")
    assert await owed(staff, "2026-03-19") == {"not_due": 100_00}
    assert await owed(staff, "2026-03-20") == {}


async def test_a_partner_sees_what_its_own_businesses_owe(staff: httpx.AsyncClient, api_as: As) -> None:
    await invoiced(staff, 100_00)
    await invoiced(staff, 70_00, number=2)
    assert (await staff.get(AGED)).json()["totals"]["total"] == 170_00
    async with api_as(caller("partner", partner=partner(2), scopes="incubator:read")) as api:
        assert [row["business_id"] for row in (await api.get(AGED)).json()["rows"]] == [business(2)]
        assert "70.00" in (await api.get(f"{AGED}.csv")).text
        assert "70.00</td>" in (await api.get(f"{AGED}.html")).text
        assert await owed(api, "2026-03-02", 1) == {}


async def some_step(staff: httpx.AsyncClient, choice: random.Random, step: int) -> None:
    """One thing that staff may do, sensible or not."""
    number, amount = choice.choice((1, 2)), choice.randint(1, 150_00)
    invoices = (await staff.get(INVOICES, params={"business_id": business(number)})).json()["data"]
    payments = (await staff.get(PAYMENTS, params={"business_id": business(number)})).json()["data"]
    notes = (await staff.get(NOTES, params={"business_id": business(number)})).json()["data"]
    invoice = choice.choice(invoices) if invoices else None
    sources = [*(f"{PAYMENTS}/{each['id']}" for each in payments), *(f"{NOTES}/{each['id']}" for each in notes)]
    source = choice.choice(sources) if sources else None
    share = {"invoice_id": invoice["id"], "amount": amount} if invoice else None
    match choice.randrange(10):
        case 0:
            await invoiced(staff, amount, tax_rate_bps=600, number=number)
        case 1:
            new: dict[str, Any] = {
                "business_id": business(number),
                "external_ref": f"s{step}",
                "amount": amount,
                "currency": "CNY",
            }
            allocations = [share] if share and choice.random() < 0.5 else []
            new |= {"received_on": "2026-03-01", "prepay": True, "allocations": allocations}
            await staff.post(PAYMENTS, json=new)
        case 2 if source:
            await staff.post(f"{source}/allocations", json=share)
        case 3 if source:
            await staff.post(f"{source}/allocations/{choice.randint(1, 2)}/undo")
        case 4 if payments:
            await staff.post(f"{PAYMENTS}/{choice.choice(payments)['id']}/reverse")
        case 5 if invoice:
            await credited(staff, invoice, (1, amount))
        case 6 if invoice:
            await credited(staff, invoice)
        case 7 if invoice:
            await staff.post(f"{INVOICES}/{invoice['id']}/void")
        case 8 if source:
            await staff.post(f"{source}/refunds", json={"amount": amount // 2 or 1})
        case 9 if source:
            await staff.post(f"{source}/refunds/1/undo")


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_the_books_say_what_the_invoices_and_the_payments_say(
    staff: httpx.AsyncClient, store: MemoryStore, clock: FixedClock, seed: int
) -> None:
    choice = random.Random(seed)
    for step in range(50):
        await some_step(staff, choice, step)
        clock.at += timedelta(hours=choice.randint(0, 30))
    zone = zones(store)
    invoices = (await staff.get(INVOICES, params={"limit": 200})).json()["data"]
    credits = [
        each for path in (PAYMENTS, NOTES) for each in (await staff.get(path, params={"limit": 200})).json()["data"]
    ]
    assert zone.get("1122", 0) == sum(each["outstanding"] for each in invoices)
    assert -zone.get("2203", 0) == sum(each["unallocated"] for each in credits)
    assert all(0 <= each["unallocated"] <= each["amount"] for each in credits)
    assert all(0 <= each["paid"] + each["credited"] <= each["total"] for each in invoices)
    for mine, theirs in (("1122", "2202"), ("2203", "1123"), ("1002", "1002"), ("6001", "6602"), ("2221", "2221")):
        assert zone.get(mine, 0) == -sum(tenants(store, number).get(theirs, 0) for number in (1, 2))
    totals = (await staff.get(AGED)).json()["totals"]
    assert totals["total"] == zone.get("1122", 0) + zone.get("2203", 0)
