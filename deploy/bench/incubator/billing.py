"""A billing run of a thousand service points, at twenty sites and at one; and what makes its bills final."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from deploy.bench.contest import Clock, Contest, Line, Stopwatch, Took
from deploy.bench.incubator.meters import metered
from deploy.bench.incubator.scene import OFFICER, tenants
from deploy.bench.stage import Stage
from services.chassis.background.jobs import Jobs
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Write
from services.chassis.testing.moments import FixedClock
from services.incubator.kernel.period import Period
from services.incubator.main import service
from services.incubator.utilities.billing.clocks import BILLING, finalise_due_bills, order_run
from services.incubator.utilities.billing.effects import GRACE
from services.incubator.utilities.billing.utility_bill import BillStatus, UtilityBill

POINTS, BUSINESSES = 1_000, 200
SITES: Final = (20, 1)
PERIODS: Final = [Period.of(f"2026-{month:02}") for month in (5, 6, 7)]


class Counting(MongoStore):
    """A store that counts its transactions."""

    transactions = 0

    async def transact(self, writes: Sequence[Write]) -> None:
        self.transactions += 1
        await super().transact(writes)


class Town:
    """A thousand service points, billed month after month.

    Attributes:
        run_with, final_with: transactions that all runs, and all that made bills final, took.
    """

    def __init__(self, store: Counting, clock: Clock) -> None:
        self.store, self._clock, self._now = store, clock, FixedClock()
        self._to_bill, self._to_finalise = iter(PERIODS), iter(PERIODS)
        self.run_with = self.final_with = 0

    async def bill(self) -> Took:
        """A billing run of the next month, by the worker of its job."""
        period, before = next(self._to_bill), self.store.transactions
        self._now.at = period.days.ends_at + timedelta(hours=1)
        run, job = order_run(period.text, by=OFFICER, at=self._now.at)
        tx = Tx(self.store, now=self._now.at)
        tx.save(job)
        tx.save(run)
        await tx.commit()
        never, watch = asyncio.Event(), Stopwatch(self._clock)
        await Jobs(self.store, service.jobs, now=self._now).work_on(job.id, BILLING, never, never)
        watch.end()
        self.run_with += self.store.transactions - before
        return watch.took(await self._bills(period, BillStatus.DRAFT))

    async def finalise(self) -> Took:
        """What the clock does once the grace of that month is over."""
        period, before = next(self._to_finalise), self.store.transactions
        self._now.at += GRACE
        watch = Stopwatch(self._clock)
        await finalise_due_bills(self._now.at, lambda: Tx(self.store, now=self._now.at))
        watch.end()
        self.final_with += self.store.transactions - before
        return watch.took(await self._bills(period, BillStatus.FINALISED))

    async def _bills(self, period: Period, status: BillStatus) -> int:
        """Raises RuntimeError where a service point has no such bill."""
        where = {"period": period.text, "status": status}
        found = await self.store.database[UtilityBill.collection].count_documents(where)
        if found != POINTS:
            raise RuntimeError(f"{found} of {POINTS} bills of {period.text} are {status}")
        return found


async def measure(stage: Stage) -> list[Line]:
    towns = {}
    for sites in SITES:
        store = Counting(stage.mongo_url, f"bench_billing_{sites}", "incubator")
        await store.prepare(service.documents)
        await metered(store, POINTS, PERIODS, await tenants(store, BUSINESSES), sites)
        towns[sites] = Town(store, stage.clock("mongod"))
    took: dict[str, list[Took]] = {}
    for _ in PERIODS:
        for sites, town in towns.items():
            took.setdefault(f"a run, {sites}", []).append(await town.bill())
            took.setdefault(f"final, {sites}", []).append(await town.finalise())
    rates = {name: [each.things / each.seconds for each in turns] for name, turns in took.items()}
    found = Contest(rates, {name: [each.cpu / each.things for each in turns] for name, turns in took.items()})
    lines = []
    for sites, town in towns.items():
        at = f"{sites} site{'s' * (sites > 1)}"
        told = (("a run", town.run_with, "a billing run"), ("final", town.final_with, "bills made final"))
        for name, transactions, label in told:
            ratio = f"{transactions / POINTS / len(PERIODS):.3f} transactions a bill"
            measured = found.line("", f"{name}, {sites}").measured
            lines.append(Line(f"{label}, {POINTS:,} service points at {at}", measured, ratio))
        town.store.close()
    return lines
