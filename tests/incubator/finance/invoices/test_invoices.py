"""Invoices: drafts gather charges, what is finalised has a number and stands in both books, and is never edited."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from services.chassis.domain.times import zone_midnight
from services.chassis.testing.callers import caller
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock, day, memory_tx
from services.incubator.finance.clocks import tell_overdue
from tests.incubator.conftest import As
from tests.incubator.finance.books import INVOICES, charge, invoiced, tenants, zones
from tests.incubator.registry_says import business, partner
from tests.refusals import faults, reason

NEW = {"business_id": business(), "lines": [charge(100_00, 600)]}


def told(store: MemoryStore, noun: str) -> list[dict[str, Any]]:
    rows = [row for row in store.rows("outbox") if row["type"].startswith(f"zone.incubator.{noun}.")]
    return [{"type": row["type"].split(".")[3], **orjson.loads(row["data"])} for row in rows]


async def test_a_draft_has_no_number_and_stands_in_no_book(staff: httpx.AsyncClient, store: MemoryStore) -> None:
    answer = await staff.post(INVOICES, json=NEW)
    draft = answer.json()
    assert (answer.status_code, draft["number"], draft["status"]) == (201, None, "draft")
    assert (draft["subtotal"], draft["tax"], draft["total"], draft["outstanding"]) == (100_00, 6_00, 106_00, 0)
    assert (zones(store), tenants(store), told(store, "invoice")) == ({}, {}, [])


async def test_what_is_finalised_stands_in_the_zones_book_and_in_the_tenants(
    staff: httpx.AsyncClient, store: MemoryStore
) -> None:
    draft = (await staff.post(INVOICES, json=NEW)).json()
    answer = await staff.post(f"{INVOICES}/{draft['id']}/finalise", json={})
    invoice = answer.json()
    assert (invoice["status"], invoice["number"], invoice["outstanding"]) == ("finalised", 1, 106_00)
    assert (invoice["issued_on"], invoice["due_on"]) == ("2026-03-02", "2026-04-01")
    assert zones(store) == {"1122": 106_00, "6001": -100_00, "2221": -6_00}
    assert tenants(store) == {"6602": 100_00, "2221": 6_00, "2202": -106_00}
    (issued,) = told(store, "invoice")
    assert (issued["type"], issued["total"], issued["lines"]) == (
        "issued",
        106_00,
        [{"kind": "space", "amount": 100_00, "tax": 6_00}],
    )
    assert {row["source"] for row in store.rows("entries")} == {draft["id"]}


async def test_what_was_issued_before_it_is_entered_keeps_its_own_day(
    staff: httpx.AsyncClient, store: MemoryStore
) -> None:
    draft = (await staff.post(INVOICES, json=NEW)).json()
    said = {"issued_on": "2026-01-10", "due_on": "2026-02-09"}
    invoice = (await staff.post(f"{INVOICES}/{draft['id']}/finalise", json=said)).json()
    assert (invoice["issued_on"], invoice["due_on"], invoice["overdue"]) == ("2026-01-10", "2026-02-09", True)
    entries = store.rows("entries")
    assert {str(row["effective_on"])[:10] for row in entries} == {"2026-01-10"}
    (issued,) = (row for row in store.rows("outbox") if row["type"] == "zone.incubator.invoice.issued.v1")
    assert issued["effective_at"] == zone_midnight(day("2026-01-10"))


async def test_an_invoice_that_says_its_day_is_due_a_month_after_that(staff: httpx.AsyncClient) -> None:
    draft = (await staff.post(INVOICES, json=NEW)).json()
    answer = await staff.post(f"{INVOICES}/{draft['id']}/finalise", json={"issued_on": "2026-01-10"})
    assert answer.json()["due_on"] == "2026-02-09"


async def test_no_invoice_is_issued_on_a_day_to_come(staff: httpx.AsyncClient) -> None:
    draft = (await staff.post(INVOICES, json=NEW)).json()
    answer = await staff.post(f"{INVOICES}/{draft['id']}/finalise", json={"issued_on": "2026-03-03"})
    assert faults(answer) == [("/issued_on", "date_range")]


async def test_no_invoice_is_issued_in_a_month_that_the_zone_has_closed(staff: httpx.AsyncClient) -> None:
    book = (await staff.get("/v1/incubator/books", params={"owner": "zone"})).json()["data"][0]
    closed = await staff.post(f"/v1/incubator/books/{book['id']}/close-period", json={"period": "2026-01"})
    assert closed.status_code == 200, closed.text
    draft = (await staff.post(INVOICES, json=NEW)).json()
    answer = await staff.post(f"{INVOICES}/{draft['id']}/finalise", json={"issued_on": "2026-01-10"})
    assert (answer.status_code, answer.json()["code"]) == (409, "period_closed")


async def test_an_invoice_is_found_by_what_it_charges(staff: httpx.AsyncClient) -> None:
    lines = [charge(100_00) | {"source": source} for source in ("rsv_a-1", "rsv_a-2")]
    wanted = (await staff.post(INVOICES, json=NEW | {"lines": lines})).json()
    await staff.post(INVOICES, json=NEW)
    found = (await staff.get(INVOICES, params={"source": "rsv_a-2"})).json()["data"]
    assert [each["id"] for each in found] == [wanted["id"]]
    assert (await staff.get(INVOICES, params={"source": "rsv_a"})).json()["data"] == []


async def test_finalising_needs_no_body(staff: httpx.AsyncClient) -> None:
    draft = (await staff.post(INVOICES, json=NEW)).json()
    assert (await staff.post(f"{INVOICES}/{draft['id']}/finalise")).json()["issued_on"] == "2026-03-02"


async def test_f4_numbers_are_given_when_it_counts_and_leave_no_gap(staff: httpx.AsyncClient) -> None:
    drafts = [(await staff.post(INVOICES, json=NEW)).json()["id"] for _ in range(12)]
    for id in drafts[:3]:
        await staff.post(f"{INVOICES}/{id}/discard")
        assert (await staff.post(f"{INVOICES}/{id}/finalise", json={})).status_code == 409
    too_early = await staff.post(f"{INVOICES}/{drafts[3]}/finalise", json={"due_on": "2026-03-01"})
    assert faults(too_early) == [("/due_on", "date_range")]
    answers = await asyncio.gather(*(staff.post(f"{INVOICES}/{id}/finalise", json={}) for id in drafts[3:]))
    assert sorted(answer.json()["number"] for answer in answers) == list(range(1, 10))


async def test_f4_fifty_who_are_finalised_at_once_get_fifty_numbers_in_a_row(staff: httpx.AsyncClient) -> None:
    drafts = [(await staff.post(INVOICES, json=NEW)).json()["id"] for _ in range(50)]
    answers = await asyncio.gather(*(staff.post(f"{INVOICES}/{id}/finalise", json={}) for id in drafts))
    assert sorted(answer.json()["number"] for answer in answers) == list(range(1, 51))


async def test_tax_is_rounded_once_a_line_and_half_away_from_zero(staff: httpx.AsyncClient) -> None:
    lines = [charge(amount, 1300) for amount in (50, 50, -50, 3)]
    draft = (await staff.post(INVOICES, json=NEW | {"lines": lines})).json()
    assert [line["tax"] for line in draft["lines"]] == [7, 7, -7, 0]
    assert (draft["subtotal"], draft["tax"], draft["total"]) == (53, 7, 60)


async def test_a_draft_below_nothing_or_without_lines_is_no_invoice(staff: httpx.AsyncClient) -> None:
    for lines in ([], [charge(-1)]):
        draft = (await staff.post(INVOICES, json=NEW | {"lines": lines})).json()
        answer = await staff.post(f"{INVOICES}/{draft['id']}/finalise", json={})
        assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_invoice")


async def test_an_invoice_of_nothing_is_paid_at_once(staff: httpx.AsyncClient, store: MemoryStore) -> None:
    invoice = await invoiced(staff, 5, -5)
    assert (invoice["status"], invoice["settled_on"]) == ("paid", "2026-03-02")
    assert [each["type"] for each in told(store, "invoice")] == ["issued", "paid"]


async def test_a_finalised_invoice_takes_no_more_charges(staff: httpx.AsyncClient) -> None:
    invoice = await invoiced(staff)
    answer = await staff.post(f"{INVOICES}/{invoice['id']}/lines", json={"lines": [charge()]})
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")
    assert answer.json()["allowed_actions"] == ["void", "credit"]


async def test_a_void_invoice_is_taken_back_in_both_books_and_keeps_its_number(
    staff: httpx.AsyncClient, store: MemoryStore
) -> None:
    invoice = await invoiced(staff, tax_rate_bps=600)
    void = (await staff.post(f"{INVOICES}/{invoice['id']}/void")).json()
    assert (void["status"], void["number"], void["outstanding"]) == ("void", 1, 0)
    assert (zones(store), tenants(store)) == ({}, {})
    entries = store.rows("entries")
    assert sorted(each["_id"] for each in entries if each["reversed_by"]) == sorted(
        each["reverses"] for each in entries if each["reverses"]
    )
    assert len(entries) == 4
    assert [each["type"] for each in told(store, "invoice")] == ["issued", "voided"]
    assert (await staff.post(f"{INVOICES}/{invoice['id']}/void")).json()["code"] == "invalid_transition"
    assert (await invoiced(staff))["number"] == 2


async def test_what_a_tenant_closed_is_no_bar_to_the_zone(
    staff: httpx.AsyncClient, clock: FixedClock, store: MemoryStore
) -> None:
    book = next(row["_id"] for row in store.rows("books") if row["owner"] == business())
    await staff.post(f"/v1/incubator/books/{book}/close-period", json={"period": "2026-02"})
    await invoiced(staff)
    assert {f"{row['effective_on']}" for row in store.rows("entries")} == {"2026-03-02"}


async def test_an_entry_of_an_invoice_is_not_reversed_by_hand(staff: httpx.AsyncClient, store: MemoryStore) -> None:
    invoice = await invoiced(staff)
    entry = store.rows("entries")[0]
    path = f"/v1/incubator/books/{entry['book_id']}/entries/{entry['_id']}/reverse"
    answer = await staff.post(path, json={})
    assert (answer.status_code, reason(answer), answer.json()["source"]) == (
        409,
        "not_reversible",
        invoice["id"],
    )


async def test_an_invoice_that_is_due_is_told_overdue_once(
    staff: httpx.AsyncClient, store: MemoryStore, clock: FixedClock
) -> None:
    invoice = await invoiced(staff, due_on="2026-03-10")
    path = f"{INVOICES}/{invoice['id']}"
    for days, overdue, said in ((8, False, 0), (9, True, 1), (10, True, 1)):
        clock.at = NOON + timedelta(days=days)
        await tell_overdue(clock.at, lambda: memory_tx(store, at=clock.at))
        assert (await staff.get(path)).json()["overdue"] is overdue
        assert [each["type"] for each in told(store, "invoice")].count("overdue") == said
    assert told(store, "invoice")[-1]["outstanding"] == 100_00


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"lines": [charge(1.5)]}, ("/lines/0/amount", "money_invalid")),  # type: ignore[arg-type]  # what a caller may send
        ({"lines": [charge("100")]}, ("/lines/0/amount", "money_invalid")),  # type: ignore[arg-type]  # as above
        ({"lines": [charge(2**53)]}, ("/lines/0/amount", "money_invalid")),
        ({"lines": [charge(2**53 - 1), charge(1)]}, ("/lines", "money_invalid")),
        ({"lines": [charge(1, 10_001)]}, ("/lines/0/tax_rate_bps", "invalid")),
        ({"lines": [charge(kind="rent")]}, ("/lines/0/kind", "not_one_of")),
        (
            {"lines": [charge(service_from="2026-03-02", service_through="2026-03-01")]},
            ("/lines/0/service_through", "date_range"),
        ),
        (
            {"lines": [charge(unit_price={"price": "1", "currency": "USD", "per": "hour"})]},
            ("/lines/0/unit_price", "currency_mismatch"),
        ),
        ({"currency": "USD"}, ("/currency", "currency_mismatch")),
        ({"due_on": "9999-12-31"}, ("/due_on", "date_range")),  # its overdue day would be beyond all calendars
    ],
)
async def test_what_no_invoice_can_be_is_refused_at_its_place(
    staff: httpx.AsyncClient, change: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert faults(await staff.post(INVOICES, json=NEW | change)) == [expected]


async def test_an_unknown_business_is_not_invoiced(staff: httpx.AsyncClient) -> None:
    answer = await staff.post(INVOICES, json=NEW | {"business_id": business(9)})
    assert (answer.status_code, answer.json()["code"]) == (409, "business_unknown_yet")


async def test_a_partner_reads_its_invoices_and_writes_none(staff: httpx.AsyncClient, api_as: As) -> None:
    mine, other = await invoiced(staff), await invoiced(staff, number=2)
    scopes = "incubator:read incubator:write incubator:manage"
    async with api_as(caller("partner", partner=partner(1), scopes=scopes)) as api:
        assert [each["id"] for each in (await api.get(INVOICES)).json()["data"]] == [mine["id"]]
        assert (await api.get(f"{INVOICES}/{other['id']}")).status_code == 404
        assert (await api.post(INVOICES, json=NEW)).json()["code"] == "wrong_kind_of_caller"
    found = (await staff.get(INVOICES, params={"business_id": business(2), "status": "finalised"})).json()["data"]
    assert [each["id"] for each in found] == [other["id"]]


async def test_a_draft_says_when_its_invoice_is_due(staff: httpx.AsyncClient) -> None:
    draft = (await staff.post(INVOICES, json=NEW | {"due_on": "2026-05-31"})).json()
    invoice = (await staff.post(f"{INVOICES}/{draft['id']}/finalise", json={})).json()
    assert day(invoice["due_on"]) == day("2026-05-31")
