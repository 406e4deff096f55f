"""One question asked of stores of several sizes, in turns, and what MongoDB looks at for it."""

import time
from collections.abc import Awaitable, Mapping
from statistics import median, quantiles
from typing import NamedTuple

from deploy.bench.contest import Line
from services.chassis.http.client import Client
from services.chassis.store.mongo import MongoStore

READS, ROUNDS = 25, 4


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
