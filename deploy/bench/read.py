"""Reading a figure, in a zone of a thousand businesses and of a hundred thousand."""

import time
from collections.abc import Awaitable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from statistics import median, quantiles
from typing import NamedTuple

from deploy.bench.contest import Contest, Line, Round
from deploy.bench.stage import Stage
from deploy.bench.write import WRITERS, repeated
from services.chassis.http.client import Client
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.moments import FixedClock
from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.figures.bucket import Bucket, Counted, increments
from services.metrics.figures.contributions import contributions, difference
from services.metrics.figures.entity import Fact
from services.metrics.main import service

SIZES, READS, ROUNDS = (1_000, 100_000), 25, 4
KINDS = 48
"""Businesses differ in 48 ways: the thousand fill every cell that the others fill."""
QUESTIONS = (
    "/v1/metrics/kpis/businesses_active/value",
    "/v1/metrics/kpis/valuation_total/breakdown?by=sector",
    "/v1/metrics/kpis/businesses_registered/series?from=2024&granularity=month",
)
ENTITIES_AT_ONCE = 5_000
TODAY = datetime(2026, 11, 24, 4, tzinfo=UTC)


def fact(kind: int) -> Fact:
    """All that is known of one business of a kind."""
    said = {
        "registered": True,
        "status": "active",
        "kind": ("industrial", "cloud")[kind % 2],
        "sector": ("C", "F", "I", "A")[kind % 4],
        "entry_year": f"20{10 + kind % 8}",
        "valuation": {"amount": 1_000 + kind, "currency": "CNY"},
        "employees": (5, 50)[kind % 2],
    }
    return Fact(on=f"202{4 + kind % 2}-0{1 + kind % 9}-0{1 + kind % 5}", subject="biz_0", sequence=1, set=said)


async def fill(store: MongoStore, businesses: int) -> None:
    """What so many businesses leave behind, without telling it event by event."""
    tx = Tx(store, now=TODAY)
    for kind in range(KINDS):
        count = len(range(kind, businesses, KINDS))
        for place, added in difference({}, contributions(BUSINESS, [fact(kind)])):
            sums = {name: amount * count for name, amount in added.items()}
            tx.sum_up(Bucket, Counted(BUSINESS, place, 0), sums, increments)
    await tx.commit()
    facts = [asdict(fact(kind)) for kind in range(KINDS)]
    for start in range(0, businesses, ENTITIES_AT_ONCE):
        entities = [
            {"_id": f"business|biz_{number:032x}", "version": 1, "sequence": 0, "facts": [facts[number % KINDS]]}
            for number in range(start, min(start + ENTITIES_AT_ONCE, businesses))
        ]
        await store.database["entities"].insert_many(entities, ordered=False)


async def documents_examined(store: MongoStore, asking: Awaitable[object]) -> int:
    """How many documents MongoDB looks at while something is asked."""
    database = store.database
    await database.command("profile", 2)
    await asking
    await database.command("profile", 0)
    reads = await database["system.profile"].find({"op": {"$in": ["query", "getmore"]}}).to_list(None)
    await database.drop_collection("system.profile")
    return sum(read["docsExamined"] for read in reads)


async def ask(api: Client, question: str) -> float:
    """Seconds until the answer is there."""
    started = time.perf_counter()
    answer = await api.get(question)
    answer.raise_for_status()
    return time.perf_counter() - started


class Asked(NamedTuple):
    """A question to a store of some size."""

    store: MongoStore
    api: Client
    question: str


async def compared(label: str, sizes: Mapping[str, Asked]) -> list[Line]:
    """The same question asked of stores that hold more and more, in turns, and what MongoDB looks at in each."""
    seconds: dict[str, list[float]] = {size: [] for size in sizes}
    for _ in range(ROUNDS):
        for size, asked in sizes.items():
            seconds[size] += [await ask(asked.api, asked.question) for _ in range(READS)]
    lines = []
    for place, (size, asked) in enumerate(sizes.items()):
        examined = await documents_examined(asked.store, ask(asked.api, asked.question))
        p50, p99 = median(seconds[size]) * 1000, quantiles(seconds[size], n=100)[98] * 1000
        told = f"p99 {p99:.1f} ms, {examined} documents examined"
        lines.append(Line(f"{label}, {size}", f"{p50:.1f} ms", told, "equal" if place else ""))
    return lines


async def by_id(stage: Stage, store: MongoStore) -> list[Line]:
    """One document by its id at a time for each of some readers: together as the store does it, and each alone."""
    clock, entities = stage.clock("mongod"), store.database["entities"]

    def one_of(number: int) -> str:
        return f"business|biz_{number % SIZES[0]:032x}"

    async def alone(number: int) -> None:
        await entities.find_one({"_id": one_of(number)})

    async def together(number: int) -> None:
        await store.read("entities", [one_of(number)])

    lines = []
    for readers in WRITERS:
        rounds: dict[str, Round] = {
            "a query each": partial(repeated, alone, readers, clock),
            "grouped": partial(repeated, together, readers, clock),
        }
        found = await Contest.of(rounds, ROUNDS)
        at = f"a document by id, {readers} reader{'s' * (readers > 1)}"
        lines += [
            found.line(f"{at}: {name}", name, *(["a query each"] if name == "grouped" else [])) for name in rounds
        ]
    return lines


async def measure(stage: Stage) -> list[Line]:
    stores = {size: MongoStore(stage.mongo_url, f"bench_read_{size}", "metrics") for size in SIZES}
    clients = {}
    for size, store in stores.items():
        await store.prepare(service.documents)
        await fill(store, size)
        app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
        clients[size] = client_of(app, caller("auditor", scopes="metrics:read"), audience="metrics")
    lines = []
    for question in QUESTIONS:
        path = question.partition("?")[0].removeprefix("/v1/metrics")
        sizes = {f"{size:,} businesses": Asked(stores[size], clients[size], question) for size in SIZES}
        lines += await compared(f"GET {path}", sizes)
    lines += await by_id(stage, stores[SIZES[0]])
    for size, store in stores.items():
        await clients[size].aclose()
        store.close()
    return lines
