"""Payments and credit notes: money is spent once, one match is undone alone, and both books always say the same."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.chassis.testing.callers import caller
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock
from services.incubator.finance.payments import credit
from tests.incubator.conftest import As
from tests.incubator.finance.books import INVOICES, PAYMENTS, invoiced, tenants, zones
from tests.incubator.registry_says import business, partner
from tests.refusals import reason

NOTES = "/v1/incubator/credit-notes"


async def pays(
    staff: httpx.AsyncClient, total: Any, *shares: tuple[dict[str, Any], int], **more: Any
) -> httpx.Response:
    """A payment of the first business, with what of it which invoices have."""
    allocations = [{"invoice_id": invoice["id"], "amount": share} for invoice, share in shares]
    payment: dict[str, Any] = {"business_id": business(), "external_ref": "r1", "amount": total, "currency": "CNY"}
    payment |= {"received_on": "2026-03-02", "allocations": allocations}
    return await staff.post(PAYMENTS, json=payment | more)


async def allocated(staff: httpx.AsyncClient, source: str, invoice: dict[str, Any], amount: int) -> httpx.Response:
    return await staff.post(f"{source}/allocations", json={"invoice_id": invoice["id"], "amount": amount})


async def seen(staff: httpx.AsyncClient, invoice: dict[str, Any]) -> dict[str, Any]:
    now: dict[str, Any] = (await staff.get(f"{INVOICES}/{invoice['id']}")).json()
    return now


def told(store: MemoryStore) -> list[str]:
    return [row["type"].removeprefix("zone.incubator.").removesuffix(".v1") for row in store.rows("outbox")]


async def test_a_payment_pays_its_invoices_and_what_is_left_waits(staff: httpx.AsyncClient, store: MemoryStore) -> None:
    first, second = await invoiced(staff, 100_00), await invoiced(staff, 50_00)
    answer = await pays(staff, 180_00, (first, 100_00), (second, 20_00), prepay=True)
    payment = answer.json()
    assert (answer.status_code, payment["unallocated"], payment["status"]) == (201, 60_00, "received")
    assert [(now["status"], now["outstanding"]) for now in (await seen(staff, first), await seen(staff, second))] == [
        ("paid", 0),
        ("partly_paid", 30_00),
    ]
    assert zones(store) == {"1002": 180_00, "1122": 30_00, "2203": -60_00, "6001": -150_00}
    assert tenants(store) == {"1002": -180_00, "2202": -30_00, "1123": 60_00, "6602": 150_00}
    assert {"payment.received", "payment.allocated", "invoice.paid"} <= set(told(store))


async def test_more_than_is_owed_is_not_taken_unless_it_is_said_to_wait(staff: httpx.AsyncClient) -> None:
    invoice = await invoiced(staff, 100_00)
    for answer in (await pays(staff, 120_00, (invoice, 100_00)), await pays(staff, 120_00, (invoice, 120_00))):
        assert (answer.status_code, answer.json()["code"]) == (409, "overpayment")
    assert (await seen(staff, invoice))["paid"] == 0


async def test_f1_one_payment_is_spent_once_on_two_invoices_at_once(
    staff: httpx.AsyncClient, store: MemoryStore
) -> None:
    first, second = await invoiced(staff, 100_00), await invoiced(staff, 100_00)
    payment = (await pays(staff, 100_00, prepay=True)).json()
    source = f"{PAYMENTS}/{payment['id']}"
    answers = await asyncio.gather(*(allocated(staff, source, each, 100_00) for each in (first, second)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert next(answer.json()["code"] for answer in answers if answer.status_code == 409) == "overallocated"
    assert (await staff.get(source)).json()["unallocated"] == 0
    assert zones(store) == {"1002": 100_00, "1122": 100_00, "6001": -200_00}


async def test_f1_one_credit_note_is_spent_once_on_two_invoices_at_once(staff: httpx.AsyncClient) -> None:
    paid = await invoiced(staff, 100_00)
    await pays(staff, 100_00, (paid, 100_00))
    note = (await staff.post(f"{INVOICES}/{paid['id']}/credit-notes", json={"reason": "Never used"})).json()
    others = [await invoiced(staff, 100_00), await invoiced(staff, 100_00)]
    answers = await asyncio.gather(*(allocated(staff, f"{NOTES}/{note['id']}", each, 100_00) for each in others))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert (await staff.get(f"{NOTES}/{note['id']}")).json()["unallocated"] == 0


async def test_f1_two_payments_of_one_invoice_at_once_pay_it_once(staff: httpx.AsyncClient) -> None:
    invoice = await invoiced(staff, 100_00)
    answers = await asyncio.gather(*(pays(staff, 100_00, (invoice, 100_00), external_ref=f"r{n}") for n in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert (await seen(staff, invoice))["paid"] == 100_00


@pytest.mark.parametrize("amount", [0, -1])
async def test_f1_nothing_or_less_is_never_allocated(staff: httpx.AsyncClient, amount: int) -> None:
    invoice = await invoiced(staff, 100_00)
    payment = (await pays(staff, 100_00, prepay=True)).json()
    answer = await allocated(staff, f"{PAYMENTS}/{payment['id']}", invoice, amount)
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [("/amount", "money_invalid")]


async def test_f2_one_match_is_undone_and_the_other_stays(staff: httpx.AsyncClient, store: MemoryStore) -> None:
    first, second = await invoiced(staff, 100_00), await invoiced(staff, 50_00)
    payment = (await pays(staff, 150_00, (first, 100_00), (second, 50_00))).json()
    undo = f"{PAYMENTS}/{payment['id']}/allocations/1/undo"
    now = (await staff.post(undo)).json()
    assert (now["unallocated"], [each["undone_on"] for each in now["allocations"]]) == (100_00, ["2026-03-02", None])
    assert [(await seen(staff, each))["status"] for each in (first, second)] == ["finalised", "paid"]
    assert (await staff.post(undo)).json()["code"] == "already_undone"
    assert (await staff.post(f"{PAYMENTS}/{payment['id']}/allocations/3/undo")).status_code == 404
    assert "payment.unallocated" in told(store)
    assert zones(store) == {"1002": 150_00, "1122": 100_00, "2203": -100_00, "6001": -150_00}


async def test_f2_a_payment_that_bounced_undoes_its_own_allocations_only(
    staff: httpx.AsyncClient, store: MemoryStore
) -> None:
    invoice = await invoiced(staff, 100_00)
    await pays(staff, 40_00, (invoice, 40_00), external_ref="good")
    bad = (await pays(staff, 80_00, (invoice, 60_00), external_ref="bad", prepay=True)).json()
    answer = (await staff.post(f"{PAYMENTS}/{bad['id']}/reverse")).json()
    assert (answer["status"], answer["unallocated"], answer["reversed_on"]) == ("reversed", 0, "2026-03-02")
    now = await seen(staff, invoice)
    assert (now["status"], now["paid"], now["outstanding"]) == ("partly_paid", 40_00, 60_00)
    assert zones(store) == {"1002": 40_00, "1122": 60_00, "6001": -100_00}
    assert tenants(store) == {"1002": -40_00, "2202": -60_00, "6602": 100_00}
    assert (await staff.post(f"{PAYMENTS}/{bad['id']}/reverse")).json()["code"] == "invalid_transition"
    refused = await allocated(staff, f"{PAYMENTS}/{bad['id']}", invoice, 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "overallocated")


async def test_what_pays_an_invoice_that_was_issued_later_was_a_prepayment_until_then(
    staff: httpx.AsyncClient, store: MemoryStore
) -> None:
    invoice = await invoiced(staff, 100_00)
    payment = (await pays(staff, 100_00, (invoice, 100_00), received_on="2026-02-20")).json()
    assert payment["allocations"][0]["on"] == "2026-03-02"
    days = {f"{row['effective_on']}" for row in store.rows("entries") if row["source"] == payment["id"]}
    assert days == {"2026-02-20", "2026-03-02"}
    assert zones(store) == {"1002": 100_00, "6001": -100_00}


async def test_a_payment_is_taken_in_once(staff: httpx.AsyncClient) -> None:
    assert (await pays(staff, 10, prepay=True)).status_code == 201
    again = await pays(staff, 10, prepay=True)
    assert (again.status_code, again.json()["code"]) == (409, "reference_conflict")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"amount": 0}, ("/amount", "money_invalid")),
        ({"amount": 1.5}, ("/amount", "money_invalid")),
        ({"currency": "USD"}, ("/currency", "currency_mismatch")),
        ({"received_on": "2026-03-03"}, ("/received_on", "date_range")),
        ({"received_on": "2026-02-29"}, ("/received_on", "date_invalid")),
    ],
)
async def test_what_no_payment_can_be_is_refused_at_its_place(
    staff: httpx.AsyncClient, change: dict[str, Any], expected: tuple[str, str]
) -> None:
    answer = await pays(staff, change.get("amount", 10), prepay=True, **change)
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [expected]


async def test_the_invoice_of_another_business_is_not_paid(staff: httpx.AsyncClient) -> None:
    other = await invoiced(staff, 100_00, number=2)
    answer = await pays(staff, 100_00, (other, 100_00))
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/allocations/0/invoice_id", "invoice_unknown")
    ]


async def test_allocations_that_are_made_and_undone_again_and_again_come_to_an_end(
    staff: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credit, "MOST_ALLOCATIONS", 2)
    invoice = await invoiced(staff, 100_00)
    source = f"{PAYMENTS}/{(await pays(staff, 100_00, prepay=True)).json()['id']}"
    for number in (1, 2):
        assert (await allocated(staff, source, invoice, 100_00)).status_code == 200
        await staff.post(f"{source}/allocations/{number}/undo")
    answer = await allocated(staff, source, invoice, 100_00)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_allocations")


# credit notes


async def credited(staff: httpx.AsyncClient, invoice: dict[str, Any], *parts: tuple[int, int]) -> httpx.Response:
    lines = [{"line": line, "amount": amount} for line, amount in parts] or None
    return await staff.post(f"{INVOICES}/{invoice['id']}/credit-notes", json={"reason": "Too much", "lines": lines})


@pytest.mark.parametrize("parts", [[100_01], [33_34, 33_33, 33_34], [1, 1, 99_99], [50_00, 50_01]])
async def test_f3_credit_notes_add_up_to_the_invoice_in_any_number_of_parts(
    staff: httpx.AsyncClient, store: MemoryStore, parts: list[int]
) -> None:
    invoice = await invoiced(staff, 100_01, tax_rate_bps=1300)
    notes = [(await credited(staff, invoice, (1, part))).json() for part in parts]
    assert sum(note["subtotal"] for note in notes) == invoice["subtotal"]
    assert sum(note["tax"] for note in notes) == invoice["tax"]
    assert [note["number"] for note in notes] == list(range(1, len(parts) + 1))
    now = await seen(staff, invoice)
    assert (now["status"], now["credited"], now["outstanding"]) == ("paid", invoice["total"], 0)
    more = await credited(staff, invoice, (1, 1))
    assert (more.status_code, more.json()["code"], more.json()["left"]) == (409, "overcredited", 0)
    assert (zones(store), tenants(store)) == ({}, {})


async def test_f3_the_last_part_takes_the_rest_and_then_there_is_none(staff: httpx.AsyncClient) -> None:
    invoice = await invoiced(staff, 10, 10, -3, tax_rate_bps=1300)
    first = (await credited(staff, invoice, (1, 5))).json()
    rest = (await credited(staff, invoice)).json()
    assert first["amount"] + rest["amount"] == invoice["total"]
    again = await credited(staff, invoice)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_credit")


async def test_f3_money_goes_back_only_as_far_as_it_came_in(staff: httpx.AsyncClient, store: MemoryStore) -> None:
    invoice = await invoiced(staff, 100_00)
    await pays(staff, 30_00, (invoice, 30_00))
    note = (await credited(staff, invoice)).json()
    assert (note["amount"], note["unallocated"]) == (100_00, 30_00)
    assert zones(store) == {"1002": 30_00, "2203": -30_00}
    assert tenants(store) == {"1002": -30_00, "1123": 30_00}


async def test_f3_no_more_is_credited_than_the_invoice_whatever_its_lines_give_back(
    staff: httpx.AsyncClient,
) -> None:
    invoice = await invoiced(staff, 100_00, -50_00, tax_rate_bps=1300)
    refused = await credited(staff, invoice, (1, 50_01))
    assert (refused.status_code, refused.json()["code"], refused.json()["left"]) == (409, "overcredited", 56_50)
    assert (await credited(staff, invoice, (1, 20_00))).json()["unallocated"] == 0
    refused = await credited(staff, invoice, (1, 40_00))
    assert (refused.json()["code"], refused.json()["left"]) == ("overcredited", 33_90)
    assert (await credited(staff, invoice)).json()["amount"] == 33_90
    assert (await seen(staff, invoice))["outstanding"] == 0


async def test_a_credit_note_keeps_what_it_took_of_its_own_invoice_and_gives_back_what_of_others(
    staff: httpx.AsyncClient,
) -> None:
    invoice, other = await invoiced(staff, 100_00), await invoiced(staff, 100_00)
    await pays(staff, 30_00, (invoice, 30_00))
    note = (await credited(staff, invoice)).json()
    await allocated(staff, f"{NOTES}/{note['id']}", other, 30_00)
    own = await staff.post(f"{NOTES}/{note['id']}/allocations/1/undo")
    assert (own.status_code, own.json()["code"]) == (409, "not_reversible")
    others = await staff.post(f"{NOTES}/{note['id']}/allocations/2/undo")
    assert others.json()["unallocated"] == 30_00
    assert [(await seen(staff, each))["outstanding"] for each in (invoice, other)] == [0, 100_00]


@pytest.mark.parametrize(
    ("part", "expected"),
    [((2, 1), (422, "line_unknown")), ((1, -1), (409, "overcredited")), ((1, 101_00), (409, "overcredited"))],
)
async def test_what_no_line_has_is_not_credited(
    staff: httpx.AsyncClient, part: tuple[int, int], expected: tuple[int, str]
) -> None:
    answer = await credited(staff, await invoiced(staff, 100_00), part)
    assert (answer.status_code, reason(answer)) == expected


async def test_what_is_paid_or_credited_is_not_void(staff: httpx.AsyncClient) -> None:
    invoice = await invoiced(staff, 100_00)
    await credited(staff, invoice, (1, 1))
    assert (await staff.post(f"{INVOICES}/{invoice['id']}/void")).json()["code"] == "invalid_transition"


async def test_what_was_credited_while_it_was_paid_is_not_void_once_the_payment_bounces(
    staff: httpx.AsyncClient, store: MemoryStore
) -> None:
    invoice = await invoiced(staff, 100_00)
    payment = (await pays(staff, 100_00, (invoice, 100_00))).json()
    assert (await credited(staff, invoice, (1, 40_00))).json()["unallocated"] == 40_00
    await staff.post(f"{PAYMENTS}/{payment['id']}/reverse")
    now = await seen(staff, invoice)
    assert (now["status"], now["outstanding"], now["allowed_actions"]) == ("finalised", 100_00, ["credit"])
    assert (await staff.post(f"{INVOICES}/{invoice['id']}/void")).json()["code"] == "invalid_transition"
    assert zones(store) == {"1122": 100_00, "2203": -40_00, "6001": -60_00}


async def test_drafts_and_void_invoices_are_neither_paid_nor_credited(staff: httpx.AsyncClient) -> None:
    invoice = await invoiced(staff, 100_00)
    await staff.post(f"{INVOICES}/{invoice['id']}/void")
    for answer in (await pays(staff, 1, (invoice, 1)), await credited(staff, invoice)):
        assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")


async def test_a_partner_reads_its_payments_and_credit_notes_and_writes_none(
    staff: httpx.AsyncClient, api_as: As
) -> None:
    invoice = await invoiced(staff, 100_00)
    await pays(staff, 30_00, (invoice, 30_00))
    await credited(staff, invoice)
    for number, seen_by in ((1, 1), (2, 0)):
        scopes = "incubator:read incubator:write incubator:manage"
        async with api_as(caller("partner", partner=partner(number), scopes=scopes)) as api:
            for path in (PAYMENTS, NOTES):
                assert len((await api.get(path)).json()["data"]) == seen_by
            assert (await pays(api, 1)).json()["code"] == "wrong_kind_of_caller"


async def test_an_undone_payment_makes_its_invoice_owed_and_overdue_again(
    staff: httpx.AsyncClient, clock: FixedClock
) -> None:
    invoice = await invoiced(staff, 100_00, due_on="2026-03-10")
    payment = (await pays(staff, 100_00, (invoice, 100_00))).json()
    clock.at = NOON + timedelta(days=20)
    await staff.post(f"{PAYMENTS}/{payment['id']}/allocations/1/undo")
    now = await seen(staff, invoice)
    assert (now["overdue"], now["outstanding"], now["settled_on"]) == (True, 100_00, None)
