"""Invoices on a real MongoDB: numbers without a gap, money that is spent once, and what the database itself refuses."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pymongo.errors import WriteError

from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.moments import NOON, FixedClock
from services.incubator.finance.clocks import open_zone_book
from services.incubator.main import service
from tests.incubator.finance.books import INVOICES, PAYMENTS, charge, invoiced
from tests.incubator.registry_says import business, registered
from tests.integration.incubators import incubator_store

STAFF = caller("officer", scopes="incubator:read incubator:write incubator:manage")


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with incubator_store(mongo_url, registered(1)) as store:
        await open_zone_book(NOON, lambda: Tx(store, now=NOON))
        yield store


@pytest.fixture
async def staff(store: MongoStore) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(service.routes_on(store, settings(), clock=FixedClock()), STAFF, "incubator") as api:
        yield api


async def test_f4_invoices_that_are_finalised_at_once_get_numbers_in_a_row(staff: httpx.AsyncClient) -> None:
    new = {"business_id": business(), "lines": [charge(service_from="2026-02-01", service_through="2026-02-28")]}
    drafts = [(await staff.post(INVOICES, json=new)).json()["id"] for _ in range(10)]
    answers = await asyncio.gather(*(staff.post(f"{INVOICES}/{id}/finalise", json={}) for id in drafts))
    assert sorted(answer.json()["number"] for answer in answers) == list(range(1, 11))
    assert (await staff.get(f"{INVOICES}/{drafts[0]}")).json()["lines"][0]["service_through"] == "2026-02-28"


@pytest.mark.parametrize(
    "change", [{"paid": 100_01}, {"paid": -1}, {"credited": 1, "paid": 100_00}, {"status": "late"}]
)
async def test_the_database_itself_refuses_an_invoice_on_which_more_is_paid_than_it_charges(
    staff: httpx.AsyncClient, store: MongoStore, change: dict[str, Any]
) -> None:
    await invoiced(staff)
    with pytest.raises(WriteError) as refused:
        await store.database["invoices"].update_one({}, {"$set": change})
    assert refused.value.code == 121


async def test_f1_one_payment_is_spent_once_on_two_invoices_at_once(staff: httpx.AsyncClient) -> None:
    invoices = [await invoiced(staff, 100_00) for _ in range(2)]
    new = {"business_id": business(), "external_ref": "r", "amount": 100_00, "currency": "CNY"}
    payment = (await staff.post(PAYMENTS, json=new | {"received_on": "2026-03-02", "prepay": True})).json()
    source = f"{PAYMENTS}/{payment['id']}"
    shares = [{"invoice_id": each["id"], "amount": 100_00} for each in invoices]
    answers = await asyncio.gather(*(staff.post(f"{source}/allocations", json=share) for share in shares))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert (await staff.get(source)).json()["unallocated"] == 0
    undone = await staff.post(f"{source}/allocations/1/undo")
    assert (undone.status_code, undone.json()["unallocated"]) == (200, 100_00)


async def test_a_credit_note_and_aged_receivables_are_read_back_as_they_were_stored(staff: httpx.AsyncClient) -> None:
    invoice = await invoiced(staff, 100_00, tax_rate_bps=600, due_on="2026-03-31")
    lines = [{"line": 1, "amount": 40_00}]
    note = (await staff.post(f"{INVOICES}/{invoice['id']}/credit-notes", json={"reason": "x", "lines": lines})).json()
    assert (await staff.get(f"/v1/incubator/credit-notes/{note['id']}")).json() == note
    (row,) = (await staff.get("/v1/incubator/aged-receivables", params={"as_of": "2026-05-01"})).json()["rows"]
    assert (row["days_31_60"], row["total"]) == (63_60, 63_60)
