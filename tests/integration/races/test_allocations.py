"""Allocations on a real MongoDB, through the routes of two processes: no day of a unit is anybody's but one's."""

import asyncio

import pytest

from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.moments import FixedClock
from services.incubator.booking.occupancy.clocks import close_days
from services.incubator.space.allocations.clocks import pass_days
from tests.incubator.conftest import V1, Json, created
from tests.incubator.registry_says import business
from tests.integration.outcomes import outcomes
from tests.integration.races.conftest import AT_ONCE, Pair, added, nobody_shares_anything

PLACES = 5
ALLOCATIONS = f"{V1}/allocations"


@pytest.fixture
async def desks(staff: Pair, site: Json) -> Json:
    rate = {"price": "310", "currency": "CNY", "per": "month"}
    return await added(staff, site, kind="dedicated_desk", usage="allocatable", units=PLACES, rate=rate)


def asked(desks: Json, first: str = "07-06", last: str = "07-31", by: int = 1, **more: object) -> Json:
    said = {"business_id": business(by), "resource_id": desks["id"]}
    return said | {"starts_on": f"2026-{first}", "ends_on": f"2026-{last}"} | more


async def test_of_two_hundred_allocations_of_five_desks_five_are_made(
    staff: Pair, desks: Json, store: MongoStore
) -> None:
    answers = await asyncio.gather(
        *(staff[n].post(ALLOCATIONS, json=asked(desks, by=n % 2 + 1)) for n in range(AT_ONCE))
    )
    assert outcomes(answers) == {(201, "running"): PLACES, (409, "slot_taken"): AT_ONCE - PLACES}
    await nobody_shares_anything(store)
    assert sorted(each.json()["units"][0] for each in answers if each.status_code == 201) == list(range(PLACES))


async def test_longer_ones_and_new_ones_at_once_share_no_day(staff: Pair, desks: Json, store: MongoStore) -> None:
    made = [created(await staff[0].post(ALLOCATIONS, json=asked(desks))) for _ in range(PLACES)]
    longer = [
        staff[n].patch(f"{ALLOCATIONS}/{each['id']}", json={"ends_on": "2026-08-15"}, headers={"If-Match": '"v1"'})
        for n, each in enumerate(made)
    ]
    new = [staff[n].post(ALLOCATIONS, json=asked(desks, "08-01", "08-31", by=2)) for n in range(20)]
    answers = await asyncio.gather(*new[:3], *longer, *new[3:])
    assert set(outcomes(answers)) <= {(200, "running"), (201, "confirmed"), (409, "slot_taken")}
    assert outcomes(answers)[200, "running"] + outcomes(answers)[201, "confirmed"] == PLACES
    await nobody_shares_anything(store)


async def test_clocks_of_two_processes_start_charge_and_count_each_once(
    staff: Pair, desks: Json, store: MongoStore, clock: FixedClock
) -> None:
    for number in range(PLACES):
        created(await staff[0].post(ALLOCATIONS, json=asked(desks, "07-07", "08-31", by=number % 2 + 1)))
    clock.at = clock.at.replace(month=8, day=2)

    async def tick() -> None:
        await asyncio.gather(
            *(task(clock.at, lambda: Tx(store, now=clock.at)) for task in (pass_days, close_days) for _ in range(2))
        )

    for _ in range(4):
        await tick()
    invoices = (await staff[0].get(f"{V1}/invoices")).json()["data"]
    lines = [line for each in invoices for line in each["lines"]]
    assert [line["amount"] for line in lines] == [25_000] * PLACES
    assert len({line["source"] for line in lines}) == PLACES
    days = await store.database["resource_days"].find({}).sort("on").to_list(None)
    assert [(each["open"], each["occupied"], each["sequence"]) for each in days] == [
        (PLACES, 0 if place == 0 else PLACES, 1) for place in range(27)
    ]
    told = await store.database["outbox"].count_documents({"type": "zone.incubator.allocation.started.v1"})
    assert told == PLACES
