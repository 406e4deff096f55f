"""The checks of what the incubator keeps: a good end passes, and each thing that can be wrong is found.

The good end is what the incubator itself makes of bookings, entries, an invoice and two months that are billed.
"""

import asyncio
import contextlib
import copy
import random
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from deploy.chaos.evidence import Evidence
from deploy.chaos.journal import Acknowledged, Callers, Journal
from deploy.chaos.offering_checks import offered
from deploy.chaos.offerings import Offerings
from services.chassis.domain.times import utc_now
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.heard import hear
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import memory_tx
from services.incubator.finance.clocks import open_zone_book
from services.incubator.main import service
from tests.incubator.registry_says import business, partner, registered
from tests.incubator.utilities.conftest import finish_jobs

WRITES = "incubator:read incubator:write"
CLOCKS = ("incubator.reservations", "incubator.utility_bills")
Kept = dict[str, list[dict[str, Any]]]


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


async def made_by_the_incubator() -> tuple[Kept, list[Acknowledged]]:
    store, journal, dice = MemoryStore.of(service), Journal(), random.Random(1)
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
    assert journal.complaints == []
    later = utc_now() + timedelta(days=11)
    for clock in service.clocks:
        if clock.name in CLOCKS:
            await clock.task(later, lambda: memory_tx(store, at=later))
    return {name: store.rows(name) for name in store.collections}, journal.acknowledged


@pytest.fixture(scope="module")
def good_end() -> tuple[Kept, list[Acknowledged]]:
    return asyncio.run(made_by_the_incubator())


def found(kept: Kept, acknowledged: list[Acknowledged]) -> list[str]:
    evidence = Evidence({"incubator": kept}, {}, {}, [], {}, "cluster")
    return [each.kind for each in offered(evidence, acknowledged)]


def test_what_the_incubator_makes_is_a_good_end(good_end: tuple[Kept, list[Acknowledged]]) -> None:
    assert found(*good_end) == []


def test_a_good_end_has_something_of_everything(good_end: tuple[Kept, list[Acknowledged]]) -> None:
    kept, _ = good_end
    assert {each["status"] for each in kept["reservations"]} == {"no_show", "cancelled"}
    assert {each["status"] for each in kept["utility_bills"]} == {"finalised"}
    assert any(line["charge"]["source"] for invoice in kept["invoices"] for line in invoice["lines"])
    assert any(each["number"] for each in kept["invoices"])


def charged(kept: Kept) -> dict[str, Any]:
    """The invoice that gathers what bills and bookings cost."""
    return next(each for each in kept["invoices"] if each["number"] is None)


def booked_again(kept: Kept) -> None:
    """Another booking of an hour that somebody has, with no claim."""
    one = next(each for each in kept["reservations"] if each["status"] == "no_show")
    one["occurrences"][0]["status"] = one["status"] = "confirmed"
    kept["reservations"].append({**copy.deepcopy(one), "_id": f"rsv_{'9' * 32}"})


def swapped(kept: Kept) -> None:
    first, second = sorted(kept["utility_bills"], key=lambda bill: (bill["service_point_id"], bill["period"]))[:2]
    first["measured"], second["measured"] = second["measured"], first["measured"]


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("lost", lambda kept: kept["reservations"].pop()),
        ("lost", lambda kept: kept["entries"].clear()),
        ("lost", lambda kept: kept["readings"].clear() or kept["utility_bills"].clear()),
        ("lost", lambda kept: kept["service_points"][0].update(version=0)),
        ("doubled", lambda kept: kept["reservations"].append({**kept["reservations"][0], "_id": f"rsv_{'9' * 32}"})),
        ("doubled", lambda kept: kept["readings"].append({**kept["readings"][-1], "_id": f"rdg_{'9' * 32}"})),
        ("doubled", booked_again),
        ("wrong", booked_again),
        ("wrong", lambda kept: kept.setdefault("claims", []).append({"_id": "slot|res_1:0:1", "holder": "rsv_1"})),
        ("wrong", lambda kept: kept["entries"][0]["lines"][0].update(debit=1)),
        ("wrong", lambda kept: kept["entries"][0].update(number=7)),
        ("wrong", lambda kept: kept["turnovers"].pop()),
        ("wrong", lambda kept: kept["turnovers"][0].update(debit=kept["turnovers"][0]["debit"] + 1)),
        ("wrong", lambda kept: kept["accounts"][0].update(credit=1)),
        ("wrong", lambda kept: kept["books"][0].update(turnover=0)),
        ("wrong", lambda kept: next(each for each in kept["invoices"] if each["number"]).update(number=2)),
        ("wrong", lambda kept: kept["books"][0]["last_numbers"].update({"2020-01": 9})),
        ("wrong", swapped),
        ("doubled", lambda kept: kept["utility_bills"][0]["measured"]["own"].update(value="1")),
        ("doubled", lambda kept: charged(kept)["lines"].append(copy.deepcopy(charged(kept)["lines"][0]))),
        ("lost", lambda kept: charged(kept)["lines"].pop()),
    ],
)
def test_whatever_is_wrong_is_found(
    good_end: tuple[Kept, list[Acknowledged]], kind: str, change: Callable[[Kept], object]
) -> None:
    kept, acknowledged = copy.deepcopy(good_end)
    change(kept)
    assert kind in found(kept, acknowledged)
