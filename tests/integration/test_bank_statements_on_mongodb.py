"""Bank statements on a real MongoDB: a file is one transaction, and no line and no entry is there twice."""

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
from services.incubator.finance.bank.formats.reading import MOST_LINES
from services.incubator.finance.book import ZONE_BOOK
from services.incubator.finance.clocks import open_zone_book
from services.incubator.main import service
from tests.incubator.finance.bank.files import ACCOUNT, camt, line
from tests.incubator.finance.books import invoiced
from tests.incubator.registry_says import business, registered
from tests.integration.incubators import incubator_store

STAFF = caller("officer", scopes="incubator:read incubator:write incubator:manage")
V1 = "/v1/incubator"


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with incubator_store(mongo_url, registered(1)) as store:
        await open_zone_book(NOON, lambda: Tx(store, now=NOON))
        yield store


@pytest.fixture
async def staff(store: MongoStore) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(service.routes_on(store, settings(), clock=FixedClock()), STAFF, "incubator") as api:
        yield api


@pytest.fixture
async def account(staff: httpx.AsyncClient) -> Any:
    body = {"book_id": ZONE_BOOK, "code": "1002", "name": "x", "numbers": [ACCOUNT]}
    return (await staff.post(f"{V1}/bank-accounts", json=body)).json()


async def imported(staff: httpx.AsyncClient, account: Any, content: bytes) -> httpx.Response:
    headers = {"Content-Type": "application/xml"}
    sent = await staff.post(f"{V1}/bank-statement-uploads", content=content, headers=headers)
    body = {"upload_id": sent.json()["id"], "bank_account_id": account["id"], "format": "camt"}
    return await staff.post(f"{V1}/bank-statements", json=body)


async def test_the_longest_file_is_one_transaction(staff: httpx.AsyncClient, account: Any, store: MongoStore) -> None:
    lines = [line(number, 1 + number % 28, f"r{number}", "rent " * 20) for number in range(1, MOST_LINES + 1)]
    answer = await imported(staff, account, camt(lines))
    assert answer.status_code == 201, answer.text
    assert answer.json()["new_lines"] == MOST_LINES
    assert await store.database["statement_lines"].count_documents({}) == MOST_LINES


async def test_f7_overlapping_files_at_once_bring_every_line_once(
    staff: httpx.AsyncClient, account: Any, store: MongoStore
) -> None:
    lines = [line(amount, amount) for amount in range(1, 10)]
    files = [camt(lines[first:], sum(range(first + 1))) for first in range(4)]
    answers = await asyncio.gather(*(imported(staff, account, content) for content in files))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert sum(answer.json()["new_lines"] for answer in answers) == 9
    assert sorted(answer.json()["number"] for answer in answers) == [1, 2, 3, 4]
    assert await store.database["statement_lines"].count_documents({}) == 9


async def test_one_line_is_taken_in_once_and_what_was_proposed_is_paid(staff: httpx.AsyncClient, account: Any) -> None:
    invoice = await invoiced(staff, 500)
    await imported(staff, account, camt([line(500, text=invoice["payment_reference"])]))
    (found,) = (await staff.get(f"{V1}/statement-lines")).json()["data"]
    path = f"{V1}/statement-lines/{found['id']}"
    (proposal,) = (await staff.get(f"{path}/proposals")).json()["data"]
    assert (proposal["reasons"], proposal["certain"]) == (["reference", "amount"], True)
    body = {"business_id": business(), "allocations": proposal["shares"]}
    answers = await asyncio.gather(*(staff.post(f"{path}/receive-payment", json=body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert (await staff.post(f"{path}/unmatch")).json()["status"] == "open"
    (again,) = (await staff.get(f"{path}/proposals")).json()["data"]
    assert again["shares"] == proposal["shares"]


async def test_one_entry_is_matched_once_with_two_lines_at_once(staff: httpx.AsyncClient, account: Any) -> None:
    sides = [{"code": "1002", "debit": 5}, {"code": "6001", "credit": 5}]
    said = {"reference": "a", "effective_on": "2026-02-02", "description": "x", "currency": "CNY", "lines": sides}
    entry = (await staff.post(f"{V1}/books/{ZONE_BOOK}/entries", json=said)).json()["id"]
    await imported(staff, account, camt([line(5), line(5)]))
    lines = (await staff.get(f"{V1}/statement-lines")).json()["data"]
    paths = [f"{V1}/statement-lines/{each['id']}/match" for each in lines]
    answers = await asyncio.gather(*(staff.post(path, json={"entry_id": entry}) for path in paths))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


@pytest.mark.parametrize(
    ("collection", "change"),
    [
        ("statement_lines", {"status": "perhaps"}),
        ("statement_lines", {"amount": 1.5}),
        ("bank_accounts", {"numbers": []}),
        ("bank_statements", {"sha256": "x"}),
    ],
)
async def test_the_database_itself_refuses_what_no_bank_says(
    staff: httpx.AsyncClient, account: Any, store: MongoStore, collection: str, change: dict[str, Any]
) -> None:
    await imported(staff, account, camt([line(5)]))
    with pytest.raises(WriteError) as refused:
        await store.database[collection].update_one({}, {"$set": change})
    assert refused.value.code == 121
