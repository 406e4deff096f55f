"""Refunds: what is left of a payment or of a credit note goes back, once, and no further than it came in."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock
from services.incubator.finance.payments import credit
from tests.incubator.finance.books import INVOICES, PAYMENTS, invoiced, tenants, zones
from tests.incubator.registry_says import business

NOTES = "/v1/incubator/credit-notes"
AGED = "/v1/incubator/aged-receivables"


@pytest.fixture
async def payment(staff: httpx.AsyncClient) -> Any:
    """100.00, of which 60.00 pay an invoice."""
    invoice = await invoiced(staff, 60_00)
    body = {"business_id": business(), "external_ref": "r1", "amount": 100_00, "currency": "CNY", "prepay": True}
    share = {"invoice_id": invoice["id"], "amount": 60_00}
    return (await staff.post(PAYMENTS, json=body | {"received_on": "2026-03-02", "allocations": [share]})).json()


async def refunded(staff: httpx.AsyncClient, source: str, amount: Any) -> httpx.Response:
    return await staff.post(f"{source}/refunds", json={"amount": amount})


async def test_what_is_left_is_paid_back_in_parts_and_no_more(
    staff: httpx.AsyncClient, payment: Any, store: MemoryStore
) -> None:
    source = f"{PAYMENTS}/{payment['id']}"
    assert (await refunded(staff, source, 15_00)).json()["unallocated"] == 25_00
    now = (await refunded(staff, source, 25_00)).json()
    assert (now["unallocated"], [each["amount"] for each in now["refunds"]]) == (0, [15_00, 25_00])
    more = await refunded(staff, source, 1)
    assert (more.status_code, more.json()["code"], more.json()["unallocated"]) == (409, "overrefunded", 0)
    assert zones(store) == {"1002": 60_00, "6001": -60_00}
    assert tenants(store) == {"1002": -60_00, "6602": 60_00}
    told = [row["type"] for row in store.rows("outbox") if row["type"] == "zone.incubator.payment.refunded.v1"]
    assert len(told) == 2


@pytest.mark.parametrize("amount", [0, -1, 1.5, "1"])
async def test_a_refund_is_more_than_nothing(staff: httpx.AsyncClient, payment: Any, amount: Any) -> None:
    answer = await refunded(staff, f"{PAYMENTS}/{payment['id']}", amount)
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [("/amount", "money_invalid")]


async def test_money_is_allocated_or_paid_back_but_not_both_at_once(
    staff: httpx.AsyncClient, payment: Any, store: MemoryStore
) -> None:
    source = f"{PAYMENTS}/{payment['id']}"
    invoice = await invoiced(staff, 40_00)
    allocation = staff.post(f"{source}/allocations", json={"invoice_id": invoice["id"], "amount": 40_00})
    answers = await asyncio.gather(refunded(staff, source, 40_00), allocation, refunded(staff, source, 40_00))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert "2203" not in zones(store)


async def test_a_refund_that_came_back_is_undone_once(
    staff: httpx.AsyncClient, payment: Any, store: MemoryStore
) -> None:
    source = f"{PAYMENTS}/{payment['id']}"
    before = zones(store), tenants(store)
    await refunded(staff, source, 40_00)
    now = (await staff.post(f"{source}/refunds/1/undo")).json()
    assert (now["unallocated"], now["refunds"][0]["undone_on"]) == (40_00, "2026-03-02")
    assert (zones(store), tenants(store)) == before
    again = await staff.post(f"{source}/refunds/1/undo")
    assert (again.status_code, again.json()["code"]) == (409, "already_undone")
    assert (await staff.post(f"{source}/refunds/2/undo")).status_code == 404


async def test_a_payment_of_which_a_part_was_paid_back_does_not_bounce(staff: httpx.AsyncClient, payment: Any) -> None:
    source = f"{PAYMENTS}/{payment['id']}"
    await refunded(staff, source, 1)
    answer = await staff.post(f"{source}/reverse")
    assert (answer.status_code, answer.json()["code"]) == (409, "payment_refunded")
    await staff.post(f"{source}/refunds/1/undo")
    assert (await staff.post(f"{source}/reverse")).json()["status"] == "reversed"
    assert (await refunded(staff, source, 1)).json()["code"] == "overrefunded"


async def test_f3_what_a_credit_note_leaves_is_paid_back_as_far_as_it_was_paid(
    staff: httpx.AsyncClient, payment: Any, store: MemoryStore
) -> None:
    paid = payment["allocations"][0]["invoice_id"]
    note = (await staff.post(f"{INVOICES}/{paid}/credit-notes", json={"reason": "Never used"})).json()
    now = (await refunded(staff, f"{NOTES}/{note['id']}", 60_00)).json()
    assert (now["unallocated"], now["refunds"][0]["amount"]) == (0, 60_00)
    assert zones(store) == {"1002": 40_00, "2203": -40_00}
    assert (await refunded(staff, f"{NOTES}/{note['id']}", 1)).json()["code"] == "overrefunded"
    undone = (await staff.post(f"{NOTES}/{note['id']}/refunds/1/undo")).json()
    assert undone["unallocated"] == 60_00
    assert zones(store) == {"1002": 100_00, "2203": -100_00}


async def test_f6_what_was_paid_back_later_was_a_prepayment_until_then(
    staff: httpx.AsyncClient, payment: Any, clock: FixedClock
) -> None:
    clock.at = NOON + timedelta(days=10)
    await refunded(staff, f"{PAYMENTS}/{payment['id']}", 40_00)
    columns = [
        [row["unallocated"] for row in (await staff.get(AGED, params={"as_of": day})).json()["rows"]]
        for day in ("2026-03-11", "2026-03-12")
    ]
    assert columns == [[-40_00], []]


async def test_refunds_that_are_made_and_undone_again_and_again_come_to_an_end(
    staff: httpx.AsyncClient, payment: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credit, "MOST_REFUNDS", 1)
    source = f"{PAYMENTS}/{payment['id']}"
    await refunded(staff, source, 40_00)
    await staff.post(f"{source}/refunds/1/undo")
    answer = await refunded(staff, source, 40_00)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_refunds")
