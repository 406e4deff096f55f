"""The figures on a real MongoDB: the answers of memory, at a cost that does not know the number of businesses."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.chassis.domain.errors import LostRace
from services.chassis.store.document_store import Store
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock, day
from services.metrics.main import service
from services.metrics.targets.examples import TARGET
from tests.metrics.happenings import TODAY, business, hear, registered, reported
from tests.metrics.supplies import opened, rated
from tests.own_store import own_store

EVENTS_A_POLL = 500
KINDS = 48
"""Businesses differ in 48 ways: with 100 of them, all cells of 10,000 are there already."""

QUESTIONS = [
    "/kpis",
    "/kpis?by=kind",
    "/kpis?by=sector",
    "/kpis?by=entry_year&as_of=2026-03-15",
    "/kpis/businesses_active/value",
    "/kpis/valuation_total/value?as_of=2026-03-15&kind=industrial&sector=C",
    "/kpis/businesses_registered/value?period=2026-03&kind=cloud",
    "/kpis/businesses_registered/value?period=2020",
    "/kpis/revenue_reported/value?period=2025",
    "/kpis/valuation_total/breakdown?by=sector",
    "/kpis/businesses_active/breakdown?by=sector&kind=industrial",
    "/kpis/businesses_registered/breakdown?by=size&period=2026-Q1",
    "/kpis/valuation_total/series?from=2025&granularity=day",
    "/kpis/businesses_registered/series?from=2025&granularity=quarter&sector=C",
    "/kpis/revenue_reported/series?from=2016",
    "/kpis/revenue_per_employee/breakdown?by=size",
    "/kpis/revenue_per_employee/series?from=2025&granularity=month",
    "/kpis/suspension_days/value?period=2026",
    "/kpis/suspension_days/series?from=2026&granularity=month&kind=cloud",
    "/kpis/cloud_share/value",
    "/kpis/cloud_share/series?from=2025&granularity=quarter",
    "/kpis/water_m3/value?period=2026-07-14",
    "/kpis/water_m3/breakdown?by=site&period=2026-Q3",
    "/kpis/water_m3/series?from=2026&granularity=day",
    "/kpis/water_per_tenant/value?period=2026-07",
    "/kpis/water_per_tenant/series?from=2026&granularity=quarter",
    "/kpis/tenant_days_supplied/value?period=2026-10",
    "/kpis/businesses_active/growth?period=2026-11&since=2025-11&to_date=true",
    "/kpis/businesses_active/forecast?granularity=month&kind=industrial",
    f"/targets/{TARGET.id}/progress",
    f"/targets/{TARGET.id}/progress?as_of=2026-03-15",
    "/projection/status?event_id=biz_00000000000000000000000000000001:0000000001",
]
EXPLAINED = [
    "/kpis/businesses_active/contributors?limit=10",
    "/kpis/valuation_total/contributors?limit=10&kind=cloud",
    "/kpis/water_m3/contributors?limit=10&period=2026-07",
    f"/kpis/valuation_total/contributors/{business(1)}",
]
"""Questions for single things."""


async def zone_of(store: Store, businesses: int) -> None:
    """Businesses of 48 kinds that entered over three months and report once, with water of a month; a target."""
    tx = Tx(store, now=NOON)
    tx.save(TARGET.model_copy(update={"version": 0, "due_on": day("2030-04-30")}))
    await tx.commit()
    events: list[Any] = []
    for number in range(businesses):
        one_of = number % KINDS
        opening = {"valuation": {"amount": 1_000 + number, "currency": "CNY" if one_of % 5 else "USD"}}
        events.append(
            registered(
                number,
                on=f"2026-0{1 + one_of % 3}-{1 + one_of % 20:02d}",
                kind="cloud" if one_of % 4 == 3 else "industrial",
                sector=("0111", "3111", "5292", "6513")[one_of % 4],
                entered=f"20{10 + one_of % 8}-01-01",
                opening=opening if one_of % 3 else None,
            )
        )
        events.append(reported(number, year="2025", sequence=2, revenue=number, employees=(5, 50)[one_of % 2]))
        events.append(opened(number, f"2026-0{1 + one_of % 6}-01"))
        events.append(rated("2026-07-01", f"2026-07-{25 + one_of % 6}", f"{one_of}.345", site=one_of % 3, point=number))
    for start in range(0, len(events), EVENTS_A_POLL):
        await hear(store, events[start : start + EVENTS_A_POLL])


async def multiply(store: MongoStore, times: int) -> None:
    """Each business so many times over, as if all had been heard: more entities, and more in the same buckets."""
    entities = store.database["entities"]
    there = await entities.find({}).to_list(None)
    await entities.insert_many(
        [{**entity, "_id": f"{entity['_id']}-{copy}"} for copy in range(1, times) for entity in there]
    )
    buckets = store.database["buckets"]
    for bucket in await buckets.find({}).to_list(None):
        await buckets.replace_one({"_id": bucket["_id"]}, bucket | {"cells": multiplied(bucket["cells"], times)})


def multiplied(counters: Any, times: int) -> Any:
    """Every counter so many times over."""
    if isinstance(counters, dict):
        return {name: multiplied(each, times) for name, each in counters.items()}
    return counters * times


@pytest.fixture
async def database(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with own_store(mongo_url, service.documents, service.name) as store:
        yield store


@pytest.fixture
async def larger(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with own_store(mongo_url, service.documents, service.name) as store:
        yield store


async def answer_of(store: Store, question: str, kind: str = "auditor", partner: str = "par_1") -> Any:
    app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
    reader = caller(kind, partner=partner, scopes="metrics:read")
    async with client_of(app, reader, audience="metrics") as api:
        answer = await api.get(f"/v1/metrics{question}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def cost_of(store: MongoStore, question: str, **reader: str) -> tuple[int, int, set[str]]:
    """Documents and index keys that MongoDB looked at for one question, and how it found them."""
    database = store.database
    await database.command("profile", 0)
    await database.drop_collection("system.profile")
    await database.command("profile", 2)
    await answer_of(store, question, **reader)
    await database.command("profile", 0)
    reads = await database["system.profile"].find({"op": {"$in": ["query", "getmore"]}}).to_list(None)
    assert reads
    documents = sum(read["docsExamined"] for read in reads)
    keys = sum(read["keysExamined"] for read in reads)
    return documents, keys, {read["planSummary"].split()[0].rstrip(",") for read in reads if "planSummary" in read}


async def test_no_question_costs_more_with_ten_thousand_businesses_than_with_a_hundred(
    database: MongoStore, larger: MongoStore
) -> None:
    await zone_of(database, 100)
    await zone_of(larger, 400)
    await multiply(larger, 25)
    assert await larger.database["entities"].count_documents({"_id": {"$regex": "^business"}}) == 10_000
    few = {question: await cost_of(database, question) for question in QUESTIONS}
    many = {question: await cost_of(larger, question) for question in QUESTIONS}
    assert {question: cost[:2] for question, cost in many.items()} == {
        question: cost[:2] for question, cost in few.items()
    }
    assert max(documents for documents, _, _ in few.values()) > 0
    assert not any("COLLSCAN" in plans for _, _, plans in [*few.values(), *many.values()])


async def test_a_page_of_contributors_costs_its_page_however_many_there_are(
    database: MongoStore, larger: MongoStore
) -> None:
    await zone_of(database, 100)
    await zone_of(larger, 400)
    await multiply(larger, 25)
    for question in EXPLAINED:
        few, _, _ = await cost_of(database, question)
        many, keys, plans = await cost_of(larger, question)
        assert few == many
        assert keys <= 2 * many
        assert "COLLSCAN" not in plans


async def test_a_partners_page_costs_its_own_things(larger: MongoStore) -> None:
    await zone_of(larger, 400)
    await multiply(larger, 25)
    await larger.database["entities"].update_many(
        {"_id": {"$regex": "^business.*0$"}}, {"$set": {"partner_id": "par_2"}}
    )
    documents, keys, _ = await cost_of(larger, EXPLAINED[0], kind="partner", partner="par_2")
    assert documents <= 40
    assert keys <= 100


async def test_a_value_is_read_from_a_bucket_of_years_one_of_months_and_one_of_days(database: MongoStore) -> None:
    await zone_of(database, 100)
    for as_of, documents in (("2026-03-15", 3), ("2026-10-31", 2), ("2025-12-31", 1)):
        found, keys, plans = await cost_of(database, f"/kpis/businesses_active/value?as_of={as_of}")
        assert (found, plans - {"IDHACK"}) == (documents, {"IXSCAN"}), "beside the pointer to the shown generation"
        assert keys <= 2 * documents + 1


async def test_two_workers_that_take_each_other_for_the_same_count_no_event_twice_and_lose_none(
    database: MongoStore,
) -> None:
    memory = MemoryStore.of(service)
    await hear(memory, [registered(number, on="2026-03-02") for number in range(60)])

    async def work(numbers: range) -> None:
        for number in numbers:
            while True:
                try:
                    await hear(database, [registered(number, on="2026-03-02")])
                    break
                except LostRace:
                    continue

    await asyncio.gather(work(range(0, 60, 2)), work(range(1, 60, 2)))
    question = "/kpis?by=kind"
    assert (await answer_of(database, question))["data"] == (await answer_of(memory, question))["data"]


async def test_what_several_workers_counted_is_one_figure(database: MongoStore) -> None:
    for number in range(6):
        await hear(database, [registered(number, on="2026-03-02")], worker=number % 3)
    answer = await answer_of(database, "/kpis/businesses_active/value")
    assert (answer["value"], answer["n"]) == (6, 6)
    assert await database.database["buckets"].count_documents({"_id": {"$regex": "^businesses_active.d"}}) == 3


async def test_mongodb_and_memory_give_the_same_answers(database: MongoStore) -> None:
    memory = MemoryStore.of(service)
    await zone_of(database, 60)
    await zone_of(memory, 60)
    for question in [*QUESTIONS, *EXPLAINED]:
        assert await answer_of(database, question) == await answer_of(memory, question)
