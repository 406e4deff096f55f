"""Pledges on a real MongoDB, through the routes of two processes: never a minor unit beyond the cap."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.moments import NOON, FixedClock
from services.incubator.investment.commitments.commitment import Commitment
from services.incubator.investment.commitments.status import COUNTED
from tests.incubator.conftest import FIRST, OFFICER, Json, created
from tests.incubator.investment.conftest import COMMITMENTS, INVESTORS, MILLION, MINE, ROUNDS, SEEKS
from tests.incubator.registry_says import business, registered
from tests.integration.incubators import incubator_store, two_processes
from tests.integration.outcomes import outcomes

AT_ONCE, TICKET = 200, 100_000
ROOM = 20
Api = httpx.AsyncClient


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with incubator_store(mongo_url, registered(1, by=1)) as store:
        yield store


@pytest.fixture
async def apis(store: MongoStore) -> AsyncIterator[list[Api]]:
    """A partner and an officer, each on a process of its own."""
    async with two_processes(store, (FIRST, OFFICER), FixedClock(NOON)) as apis:
        yield apis


async def opened(api: Api, **terms: Any) -> Json:
    said = {"business_id": business(1), "name": "示例轮", "currency": "CNY", "instrument": "grant"}
    drafted = created(
        await api.post(ROUNDS, json={**said, "terms": {**SEEKS, "hard_cap": ROOM * TICKET, "target": 1, **terms}})
    )
    await api.post(f"{ROUNDS}/{drafted['id']}/open")
    return drafted


async def entered(api: Api) -> Json:
    return created(await api.post(INVESTORS, json={"name": "示例基金", "kind": "fund"}))


async def pledged(api: Api, round: Json, investor: Json, amount: int = TICKET) -> httpx.Response:
    said = {"investor_id": investor["id"], "amount": {"amount": amount, "currency": "CNY"}}
    return await api.post(f"{ROUNDS}/{round['id']}/commitments", json=said)


async def check_sum(api: Api, round: Json, store: MongoStore) -> Json:
    """The round, whose counters are what its commitments say."""
    now: Json = (await api.get(f"{ROUNDS}/{round['id']}")).json()
    live = [each for each in await Tx(store, now=NOON).select(Commitment, {}, limit=500) if each.is_live]
    assert sum(each.amount for each in live if each.status in COUNTED) == now["committed"]
    assert (len(live), now["committed"] <= now["terms"]["hard_cap"]) == (now["commitments_count"], True)
    return now


async def test_of_two_hundred_pledges_at_once_exactly_the_cap_is_taken(apis: list[Api], store: MongoStore) -> None:
    round = await opened(apis[0])
    investors = [await entered(apis[0]) for _ in range(AT_ONCE)]
    answers = await asyncio.gather(*(pledged(apis[number % 2], round, each) for number, each in enumerate(investors)))
    assert outcomes(answers) == {(201, "pledged"): ROOM, (409, "round_oversubscribed"): AT_ONCE - ROOM}
    assert (await check_sum(apis[0], round, store))["committed"] == ROOM * TICKET


async def test_an_investor_that_pledges_from_two_sides_at_once_keeps_to_its_bound(
    apis: list[Api], store: MongoStore
) -> None:
    round, who = await opened(apis[0], max_per_investor=5 * TICKET), await entered(apis[0])
    answers = await asyncio.gather(*(pledged(apis[number % 2], round, who) for number in range(30)))
    assert outcomes(answers) == {(201, "pledged"): 5, (409, "investor_limit_exceeded"): 25}
    assert (await check_sum(apis[0], round, store))["committed"] == 5 * TICKET


async def test_who_waits_and_who_leaves_at_once_leave_no_room_empty_and_none_taken_twice(
    apis: list[Api], store: MongoStore
) -> None:
    round = await opened(apis[0], oversubscription="waitlist")
    investors = [await entered(apis[0]) for _ in range(30)]
    first = [created(await pledged(apis[0], round, each)) for each in investors[:ROOM]]
    answers = await asyncio.gather(
        *(apis[number % 2].post(f"{COMMITMENTS}/{each['id']}/cancel") for number, each in enumerate(first[:10])),
        *(pledged(apis[number % 2], round, each) for number, each in enumerate(investors[ROOM:])),
    )
    assert {each.status_code for each in answers} == {200, 201}
    now = await check_sum(apis[0], round, store)
    assert (now["committed"], now["commitments_count"]) == (ROOM * TICKET, ROOM)


async def test_of_two_transfers_of_one_holding_at_once_one_is_made(apis: list[Api]) -> None:
    said = {"name": "x", "class_type": "common", "id_prefix": "CS", "authorised": MILLION, "effective_on": "2026-01-01"}
    common, who = created(await apis[0].post(f"{MINE}/share-classes", json=said)), await entered(apis[0])
    new = {"share_class_id": common["id"], "investor_id": who["id"], "shares": 100}
    paid = {"paid": {"amount": 0, "currency": "CNY"}, "effective_on": "2026-01-01"}
    issued = await asyncio.gather(
        *(apis[number % 2].post(f"{MINE}/cap-events/issue", json={**new, **paid}) for number in range(20))
    )
    assert {each.status_code for each in issued} == {201}
    assert sorted(each.json()["seq"] for each in issued) == list(range(2, 22))
    moved = {"certificate": "CS-1", "shares": 60, "to_investor_id": who["id"], "effective_on": "2026-01-01"}
    answers = await asyncio.gather(
        *(apis[number % 2].post(f"{MINE}/cap-events/transfer", json=moved) for number in range(10))
    )
    codes = Counter((each.status_code, each.json().get("code")) for each in answers)
    assert codes == {(201, None): 1, (409, "holding_used_up"): 9}
