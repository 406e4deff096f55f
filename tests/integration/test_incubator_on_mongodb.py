"""The incubator on a real MongoDB: what is stored, and what the database itself refuses."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from pymongo.errors import WriteError

from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.heard import hear
from services.chassis.testing.moments import NOON
from services.incubator.finance.turnover import Basis, through
from services.incubator.main import service
from services.incubator.tenants.tenant import book_id
from tests.incubator.registry_says import business, registered, suspended
from tests.integration.incubators import incubator_store

OFFICER = caller("officer", scopes="incubator:read incubator:write")
ENTRY = {
    "effective_on": "2026-03-01",
    "description": "Rent of March",
    "currency": "CNY",
    "lines": [{"code": "6602", "debit": 120_000}, {"code": "1002", "credit": 120_000}],
}


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with incubator_store(mongo_url, registered(1), registered(2), suspended(2)) as store:
        yield store


async def test_what_was_heard_is_read_back_as_it_was_said(store: MongoStore) -> None:
    async with client_of(service.routes_on(store, settings()), OFFICER, "incubator") as api:
        tenants = (await api.get("/v1/incubator/tenants", params={"kind": "cloud"})).json()["data"]
        suspended_ones = (await api.get("/v1/incubator/tenants", params={"status": "suspended"})).json()["data"]
        accounts = (await api.get(f"/v1/incubator/books/{book_id(business(1))}/accounts")).json()["data"]
    assert [(each["business_id"], each["may_trade"]) for each in tenants] == [(business(1), True), (business(2), False)]
    assert [each["business_id"] for each in suspended_ones] == [business(2)]
    assert [each["code"] for each in accounts] == sorted(each["code"] for each in accounts)
    assert len(accounts) == 9


async def test_hearing_it_again_in_another_unit_of_work_changes_nothing(store: MongoStore) -> None:
    names = ("tenants", "books", "accounts", "outbox")
    before = [await store.database[name].find().to_list(None) for name in names]
    tx = Tx(store, now=NOON)
    await hear(service.handlers, tx, registered(1))
    await tx.commit()
    assert [await store.database[name].find().to_list(None) for name in names] == before


@pytest.mark.parametrize(
    ("collection", "change"),
    [
        ("tenants", {"status": "gone"}),
        ("tenants", {"since": "2026-03-02"}),
        ("books", {"currency": "cny"}),
        ("books", {"currency": None}),
        ("books", {"closed_through": "2026-03-31"}),
        ("accounts", {"type": "debt"}),
        ("accounts", {"status": "frozen"}),
        ("accounts", {"code": "bank"}),
        ("accounts", {"currency": "RMB1"}),
    ],
)
async def test_the_database_itself_refuses_what_no_service_may_store(
    store: MongoStore, collection: str, change: dict[str, Any]
) -> None:
    await post_entries(store, ["r"])
    with pytest.raises(WriteError) as refused:
        await store.database[collection].update_one({}, {"$set": change})
    assert refused.value.code == 121


async def post_entries(store: MongoStore, references: list[str]) -> list[dict[str, Any]]:
    """Entries of one book, posted at once."""
    async with client_of(service.routes_on(store, settings()), OFFICER, "incubator") as api:
        path = f"/v1/incubator/books/{book_id(business(1))}/entries"
        answers = await asyncio.gather(*(api.post(path, json=ENTRY | {"reference": each}) for each in references))
    return [answer.json() for answer in answers]


async def test_entries_that_are_posted_at_once_get_numbers_in_a_row_and_add_up(store: MongoStore) -> None:
    entries = await post_entries(store, [f"r{n}" for n in range(20)])
    assert sorted(each["number"] for each in entries) == list(range(1, 21))
    accounts = await store.database["accounts"].find({"debit": {"$gt": 0}}).to_list(None)
    assert [(each["code"], each["debit"]) for each in accounts] == [("6602", 20 * 120_000)]
    turnovers = await store.database["turnovers"].find({"account_id": accounts[0]["_id"]}).to_list(None)
    assert {(each["basis"], each["span"], each["debit"]) for each in turnovers} == {
        (basis, span, 20 * 120_000) for basis in ("effective", "recorded") for span in ("day", "month")
    }


async def test_one_entry_that_is_posted_at_once_under_one_reference_is_posted_once(store: MongoStore) -> None:
    entries = await post_entries(store, ["same"] * 10)
    assert {(each["id"], each["number"]) for each in entries} == {(entries[0]["id"], 1)}


@pytest.mark.parametrize(
    "change",
    [
        {"lines.0.debit": 120_001},
        {"lines.0.credit": 120_000},
        {"lines.0.debit": 1.5},
        {"lines": []},
        {"lines.1.credit": -120_000, "lines.0.debit": -120_000},
        {"currency": "yuan"},
        {"number": 0},
    ],
)
async def test_the_database_itself_refuses_an_entry_that_does_not_balance(
    store: MongoStore, change: dict[str, Any]
) -> None:
    await post_entries(store, ["r"])
    with pytest.raises(WriteError) as refused:
        await store.database["entries"].update_one({}, {"$set": change})
    assert refused.value.code == 121


async def test_a_statement_examines_as_many_documents_whatever_the_number_of_entries(store: MongoStore) -> None:
    book = book_id(business(1))
    where = through(date(2026, 3, 2), Basis.EFFECTIVE, book_id=book)
    sheet = f"/v1/incubator/books/{book}/statements/balance-sheet?as_of=2026-03-02"
    examined, results = [], []
    for number in (2, 20):
        await post_entries(store, [f"{number}/{n}" for n in range(number)])
        cursor = store.database["turnovers"].find(where, sort=[("span", 1), ("on", 1)])
        told = (await cursor.explain())["executionStats"]
        examined.append((told["totalDocsExamined"], told["nReturned"]))
        async with client_of(service.routes_on(store, settings()), OFFICER, "incubator") as api:
            results.append((await api.get(sheet)).json()["result_of_year"])
    assert examined == [(2, 2), (2, 2)]
    assert results == [-2 * 120_000, -22 * 120_000]
