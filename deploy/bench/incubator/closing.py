"""Closing a round of a thousand commitments: one transaction, whatever it takes."""

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Final

from deploy.bench.contest import Line, Stopwatch, in_words
from deploy.bench.incubator.founded import PLEDGED, founded, investors, opened_round
from deploy.bench.incubator.scene import TODAY, V1, insert, routes_on
from deploy.bench.stage import Stage
from services.chassis.store.mongo import MongoStore
from services.chassis.store.writes import Write
from services.incubator.investment.commitments.commitment import Commitment
from services.incubator.investment.rounds.round import Round
from services.incubator.main import service

SIZES: Final = {"100 commitments": (99, 1), "1,000 commitments": (990, 10)}
"""How many the business took and were paid, and how many were promised only: those are let go."""
ROUNDS: Final = 3


class Watching(MongoStore):
    """A store that remembers its last transaction, and counts them."""

    transactions = 0
    last: Sequence[Write] = ()

    async def transact(self, writes: Sequence[Write]) -> None:
        self.transactions, self.last = self.transactions + 1, writes
        await super().transact(writes)


async def over(store: MongoStore, taken: int, promised: int) -> Round:
    """A round whose deadline has passed, with so many commitments."""
    tenant, shares = await founded(store)
    round = opened_round(tenant, shares, opened_days_ago=30, lasts_days=29)
    who = await investors(store, taken + promised)
    made = [Commitment.pledge(round, each, PLEDGED, TODAY, waits=False) for each in who]
    for each in made[:taken]:
        each.accept(PLEDGED)
        each.fund(PLEDGED)
    round.committed, round.commitments_count = PLEDGED * len(made), len(made)
    await store.database["investors"].update_many(
        {"_id": {"$in": [each.id for each in who]}}, {"$inc": {"commitments": 1}}
    )
    await insert(store, [round])
    await insert(store, made)
    return round


async def measure(stage: Stage) -> list[Line]:
    """Raises nothing but what the servers do."""
    store = Watching(stage.mongo_url, "bench_closing", "incubator")
    await store.prepare(service.documents)
    api, clock = routes_on(store), stage.clock("mongod")
    lines = []
    for name, (taken, promised) in SIZES.items():
        seconds, cpu = [], []
        for _ in range(ROUNDS):
            round = await over(store, taken, promised)
            before, watch = store.transactions, Stopwatch(clock)
            answer = await api.post(f"{V1}/rounds/{round.id}/close")
            watch.end()
            answer.raise_for_status()
            took = watch.took(1)
            seconds.append(took.seconds)
            cpu.append(took.cpu)
        wrote = Counter(write.collection for write in store.last)
        told = ", ".join(f"{number:,} {collection}" for collection, number in wrote.most_common(5))
        measured = f"{median(seconds) * 1000:,.0f} ms, cpu {in_words(median(cpu))}"
        ratio = f"{store.transactions - before} transaction, {sum(wrote.values()):,} documents: {told}"
        lines.append(Line(f"closing a round, {name}", measured, ratio, "1 transaction"))
    await api.aclose()
    store.close()
    return lines
