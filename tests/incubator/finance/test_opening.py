"""Opening balances: what a book held before the zone kept it is entered once, before everything else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.chassis.testing.callers import caller
from services.chassis.testing.memory_store import MemoryStore
from services.incubator.tenants.tenant import book_id
from tests.incubator.conftest import As
from tests.incubator.finance.books import invoiced, tenants
from tests.incubator.registry_says import business, partner
from tests.refusals import reason

BOOK = f"/v1/incubator/books/{book_id(business())}"
HELD = [{"code": "1002", "debit": 900}, {"code": "2202", "credit": 200}, {"code": "4001", "credit": 700}]


@pytest.fixture
async def owner(staff: httpx.AsyncClient, api_as: As) -> AsyncIterator[httpx.AsyncClient]:
    async with api_as(caller("partner", partner=partner(1), scopes="incubator:read incubator:write")) as api:
        yield api


async def opened(api: httpx.AsyncClient, balances: Any = HELD, on: str = "2025-12-31", **more: Any) -> httpx.Response:
    body = {"effective_on": on, "currency": "CNY", "lines": balances}
    return await api.post(f"{BOOK}/opening-balances", json=body | more)


async def test_a_book_opens_with_what_it_held(owner: httpx.AsyncClient, store: MemoryStore) -> None:
    answer = await opened(owner)
    assert (answer.status_code, answer.json()["number"], answer.json()["period"]) == (201, 1, "2025-12")
    assert tenants(store) == {"1002": 900, "2202": -200, "4001": -700}
    sheet = (await owner.get(f"{BOOK}/statements/balance-sheet", params={"as_of": "2025-12-31"})).json()
    assert (sheet["total_assets"], sheet["total_liabilities"], sheet["total_equity"]) == (900, 200, 700)


async def test_the_same_balances_again_are_the_entry_there_is_and_others_are_refused(
    owner: httpx.AsyncClient, store: MemoryStore
) -> None:
    first = (await opened(owner)).json()
    assert (await opened(owner)).json()["id"] == first["id"]
    other = await opened(owner, [{"code": "1002", "debit": 1}, {"code": "4001", "credit": 1}])
    assert (other.status_code, reason(other), other.json()["entry_id"]) == (
        409,
        "reference_conflict",
        first["id"],
    )
    assert tenants(store)["1002"] == 900


async def test_five_at_once_open_a_book_once(owner: httpx.AsyncClient, store: MemoryStore) -> None:
    answers = await asyncio.gather(*(opened(owner) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert tenants(store)["1002"] == 900


async def test_nothing_counts_for_a_day_before(
    owner: httpx.AsyncClient, staff: httpx.AsyncClient, store: MemoryStore
) -> None:
    await invoiced(staff, 100)
    assert (await opened(owner, on="2026-03-02")).status_code == 201
    other = {"effective_on": "2025-01-01", "reference": "r", "description": "x", "currency": "CNY"}
    sides = [{"code": "1002", "debit": 1}, {"code": "6001", "credit": 1}]
    second = f"/v1/incubator/books/{book_id(business(2))}"
    await staff.post(f"{second}/entries", json=other | {"lines": sides})
    body = {"effective_on": "2025-12-31", "currency": "CNY", "lines": HELD}
    answer = await staff.post(f"{second}/opening-balances", json=body)
    assert (answer.status_code, reason(answer), answer.json()["first_on"]) == (
        409,
        "entries_before",
        "2025-01-01",
    )


@pytest.mark.parametrize(
    ("balances", "place", "code"),
    [
        ([*HELD[:2], {"code": "4001", "credit": 699}], "/lines", "unbalanced"),
        ([*HELD[:2], {"code": "6001", "credit": 700}], "/lines/2/code", "account_of_result"),
        ([*HELD[:2], {"code": "6602", "credit": 700}], "/lines/2/code", "account_of_result"),
        ([*HELD[:2], {"code": "9999", "credit": 700}], "/lines/2/code", "account_unknown"),
        ([*HELD[:2], {"code": "4001"}], "/lines/2", "one_side"),
        ([HELD[0]], "/lines", "length"),
    ],
)
async def test_balances_that_no_book_can_hold_are_refused_at_their_place(
    owner: httpx.AsyncClient, balances: Any, place: str, code: str
) -> None:
    answer = await opened(owner, balances)
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(place, code)]


async def test_an_account_opens_with_one_balance(owner: httpx.AsyncClient) -> None:
    answer = await opened(owner, [{"code": "1002", "debit": 2}, *[{"code": "4001", "credit": 1}] * 2])
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/lines/1/code", "account_twice"),
        ("/lines/2/code", "account_twice"),
    ]


async def test_what_else_makes_no_opening(owner: httpx.AsyncClient, api_as: As) -> None:
    assert reason(await opened(owner, currency="USD")) == "currency_mismatch"
    assert reason(await opened(owner, on="2026-03-03")) == "date_range"
    await owner.post(f"{BOOK}/close-period", json={"period": "2026-01"})
    assert (await opened(owner)).json()["code"] == "period_closed"
    async with api_as(caller("partner", partner=partner(2), scopes="incubator:read incubator:write")) as stranger:
        assert (await opened(stranger)).status_code == 404
