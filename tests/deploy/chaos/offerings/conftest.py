"""The end of a run in which all went well: what the incubator itself makes of everything that writers want."""

import asyncio
import contextlib
import copy
import random
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from deploy.chaos.evidence import Evidence
from deploy.chaos.journal import Acknowledged, Callers, Journal
from deploy.chaos.offerings import rounds as rounds_module
from deploy.chaos.offerings.admissions import Admissions
from deploy.chaos.offerings.checks import offered
from deploy.chaos.offerings.offerings import Offerings
from deploy.chaos.offerings.rounds import Rounds
from deploy.chaos.target.fail_points import moments
from services.chassis.domain.times import utc_now
from services.chassis.store.writes import Write
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.heard import hear
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import memory_tx
from services.incubator.finance.clocks import open_zone_book
from services.incubator.main import service
from services.incubator.programme.programmes.clocks import move_cohorts
from tests.incubator.registry_says import business, partner, registered
from tests.incubator.utilities.conftest import finish_jobs

WRITES = "incubator:read incubator:write"
CLOCKS = ("incubator.reservations", "incubator.utility_bills")
ROUNDS = 3
Kept = dict[str, list[dict[str, Any]]]
Found = Callable[..., list[str]]


class Ended(NamedTuple):
    """What is kept, what was answered, and which fail points all commits came by."""

    kept: Kept
    acknowledged: list[Acknowledged]
    passed: set[str]


class Watched(MemoryStore):
    """A store that knows which fail points its commits come by."""

    passed: set[str]

    async def transact(self, writes: Sequence[Write]) -> None:
        self.passed.update(moments(writes))
        await super().transact(writes)


class InMemory(Callers):
    """Callers of an incubator in this process."""

    def __init__(self, store: MemoryStore, journal: Journal, dice: random.Random) -> None:
        super().__init__("", journal, dice)
        app = service.routes_on(store, settings())
        owner = caller(partner=partner(1), scopes=WRITES)
        staff = caller("officer", partner=partner(99), scopes=f"{WRITES} incubator:manage")
        self._clients = {"partner": client_of(app, owner, "incubator"), "officer": client_of(app, staff, "incubator")}


@contextlib.asynccontextmanager
async def a_worker_of(store: MemoryStore) -> AsyncIterator[None]:
    """Does the jobs that are ordered meanwhile."""

    async def work() -> None:
        while True:
            await finish_jobs(store, utc_now())
            await asyncio.sleep(0.01)

    working = asyncio.create_task(work())
    try:
        yield
    finally:
        working.cancel()


async def made_by_the_incubator() -> Ended:
    store, journal, dice = Watched.of(service), Journal(), random.Random(1)
    store.passed = set()
    tx = memory_tx(store)
    await hear(service.handlers, tx, registered(1, by=1))
    await tx.commit()
    await open_zone_book(utc_now(), lambda: memory_tx(store, at=utc_now()))
    offerings = Offerings(InMemory(store, journal, dice), dice)
    await offerings.open_for(business(1))
    for hour in range(3):
        await offerings.book_a_room(hour, gives_back=hour == 2)
    await offerings.post_an_entry()
    await offerings.post_an_entry()
    await offerings.invoice()
    async with a_worker_of(store):
        await offerings.bill_a_month()
        await offerings.bill_a_month()
    await everything_of_rounds(offerings.rounds)
    await everything_of_seats(offerings.admissions, store)
    assert journal.complaints == []
    later = utc_now() + timedelta(days=11)
    for clock in service.clocks:
        if clock.name in CLOCKS:
            await clock.task(later, lambda: memory_tx(store, at=later))
    kept = {name: store.rows(name) for name in store.collections}
    return Ended(kept, journal.acknowledged, store.passed)


async def everything_of_rounds(rounds: Rounds) -> None:
    """A round that fails, and some that close: of shares, and of promises that become shares with them."""
    await rounds.fall_short()
    for _ in range(ROUNDS):
        await rounds.come_due()
        await rounds.close_one()


async def everything_of_seats(admissions: Admissions, store: MemoryStore) -> None:
    """All are accepted at once, in two cohorts; in each of them the seat is given back, and given to the next."""
    await move_cohorts_at(11, store)
    await admissions.apply()
    await move_cohorts_at(22, store)
    for _ in range(4):
        await admissions.give_a_seat()


async def move_cohorts_at(days: int, store: MemoryStore) -> None:
    """What the clock does so many days later."""
    at = utc_now() + timedelta(days=days)
    await move_cohorts(at, lambda: memory_tx(store, at=at))


@pytest.fixture(scope="session")
def good_end() -> Ended:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounds_module, "IN_TIME", (0.3, 3.0))
        return asyncio.run(made_by_the_incubator())


@pytest.fixture
def found(good_end: Ended) -> Found:
    """The kinds of what the checks find once something has been changed."""

    def found(change: Callable[[Kept], object] = lambda kept: None) -> list[str]:
        kept, acknowledged, _ = copy.deepcopy(good_end)
        change(kept)
        evidence = Evidence({"incubator": kept}, {}, {}, [], {}, "cluster")
        return [each.kind for each in offered(evidence, acknowledged)]

    return found
