"""Bookings on a real MongoDB, through the routes of two processes: as many succeed as there are places, never more."""

import asyncio
from datetime import timedelta

import pytest

from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.moments import FixedClock
from services.incubator.space.clocks import pass_time
from tests.incubator.conftest import V1, Json, created
from tests.incubator.space.conftest import at, wanted
from tests.integration.outcomes import outcomes
from tests.integration.races.conftest import AT_ONCE, Pair, added, nobody_shares_anything

PLACES = 5
RESERVATIONS, BLACKOUTS = f"{V1}/reservations", f"{V1}/blackouts"


@pytest.fixture
async def desks(staff: Pair, site: Json) -> Json:
    return await added(staff, site, units=PLACES)


async def test_of_two_hundred_bookings_of_five_desks_five_are_made(
    first: Pair, second: Pair, desks: Json, store: MongoStore
) -> None:
    answers = await asyncio.gather(
        *((first, second)[n % 2][n // 2].post(RESERVATIONS, json=wanted(desks, by=n % 2 + 1)) for n in range(AT_ONCE))
    )
    assert outcomes(answers) == {(201, "confirmed"): PLACES, (409, "slot_taken"): AT_ONCE - PLACES}
    await nobody_shares_anything(store)
    made = [answer.json() for answer in answers if answer.status_code == 201]
    assert {each["units"][0]["unit"] for each in made} == set(range(PLACES))


async def test_of_overlapping_bookings_no_two_share_a_slot(
    first: Pair, second: Pair, desks: Json, store: MongoStore
) -> None:
    def body(n: int) -> Json:
        hour = 10 + n % 4
        return wanted(desks, start=f"07-06 {hour}:30", end=f"07-06 {hour + 2}:00", by=n % 2 + 1)

    answers = await asyncio.gather(
        *((first, second)[n % 2][n // 2].post(RESERVATIONS, json=body(n)) for n in range(AT_ONCE // 2))
    )
    assert set(outcomes(answers)) == {(201, "confirmed"), (409, "slot_taken")}
    await nobody_shares_anything(store)


async def test_several_resources_and_series_are_had_as_a_whole_or_not_at_all(
    first: Pair, second: Pair, staff: Pair, site: Json, store: MongoStore
) -> None:
    room, beamer = await added(staff, site, kind="room"), await added(staff, site, kind="equipment")
    series: Json = {"recurrence": {"freq": "daily", "count": 3}}
    bodies = [
        wanted(room, beamer, by=1, **series),
        wanted(beamer, start="07-08 11:00", end="07-08 13:00", by=2),
        wanted(room, start="07-07 11:00", end="07-07 13:00", by=2, **series),
    ]
    answers = await asyncio.gather(
        *((first if n % 3 == 0 else second)[n].post(RESERVATIONS, json=bodies[n % 3]) for n in range(60))
    )
    assert set(outcomes(answers)) == {(201, "confirmed"), (409, "slot_taken")}
    await nobody_shares_anything(store)
    for answer in answers:
        if answer.status_code == 201:
            made = answer.json()
            assert len(made["occurrences"]) == (1 if made["recurrence"] is None else 3)


async def test_a_blackout_and_bookings_at_once_leave_nobody_in_the_other_s_time(
    first: Pair, second: Pair, staff: Pair, desks: Json, store: MongoStore
) -> None:
    said = {"resource_ids": [desks["id"]], "start": at("07-06 11:00"), "end": at("07-06 18:00"), "reason": "维修"}
    bookings = [(first, second)[n % 2][n // 2].post(RESERVATIONS, json=wanted(desks, by=n % 2 + 1)) for n in range(40)]
    blackouts = [staff[n].post(BLACKOUTS, json=said | {"on_conflict": "cancel"}) for n in range(4)]
    answers = await asyncio.gather(*bookings[:20], *blackouts, *bookings[20:])
    assert outcomes(answers)[201, "active"] == 1
    assert set(outcomes(answers)) <= {(201, "active"), (201, "confirmed"), (409, "slot_taken"), (409, "slots_taken")}
    await nobody_shares_anything(store)
    found = [each for pair in (first, second) for each in (await pair[0].get(RESERVATIONS)).json()["data"]]
    assert {each["status"] for each in found} <= {"cancelled"}


async def test_a_business_never_has_more_than_five_holds_however_many_it_asks_for_at_once(
    first: Pair, desks: Json
) -> None:
    def body(n: int) -> Json:
        return wanted(desks, start=f"07-{10 + n} 10:00", end=f"07-{10 + n} 11:00", hold_minutes=10)

    answers = await asyncio.gather(*(first[n].post(RESERVATIONS, json=body(n)) for n in range(20)))
    assert outcomes(answers) == {(201, "held"): 5, (409, "too_many_holds"): 15}


async def test_a_hold_that_ends_while_it_is_confirmed_and_taken_over_is_one_s_alone(
    first: Pair, second: Pair, desks: Json, store: MongoStore, clock: FixedClock
) -> None:
    holds = [created(await first[0].post(RESERVATIONS, json=wanted(desks, hold_minutes=5))) for _ in range(PLACES)]
    clock.at += timedelta(minutes=5)
    await asyncio.gather(
        *(first[n].post(f"{RESERVATIONS}/{each['id']}/confirm", json={}) for n, each in enumerate(holds)),
        *(second[n].post(RESERVATIONS, json=wanted(desks, by=2)) for n in range(20)),
        pass_time(clock.at, lambda: Tx(store, now=clock.at)),
    )
    await pass_time(clock.at, lambda: Tx(store, now=clock.at))
    await nobody_shares_anything(store)
    held = (await first[0].get(RESERVATIONS)).json()["data"]
    assert {each["status"] for each in held} == {"expired"}


async def test_of_many_acts_on_one_hold_at_once_each_meets_what_the_one_before_it_left(
    first: Pair, desks: Json, store: MongoStore
) -> None:
    held = created(await first[0].post(RESERVATIONS, json=wanted(desks, hold_minutes=10)))
    path = f"{RESERVATIONS}/{held['id']}"
    confirmed = await asyncio.gather(*(first[n].post(f"{path}/confirm", json={}) for n in range(AT_ONCE // 2)))
    assert outcomes(confirmed) == {(200, "confirmed"): 1, (409, "invalid_transition"): AT_ONCE // 2 - 1}
    later = [{"start": at(f"07-{10 + n} 10:00"), "end": at(f"07-{10 + n} 12:00")} for n in range(20)]
    acts = [first[n].post(f"{path}/reschedule", json=body) for n, body in enumerate(later)]
    answers = await asyncio.gather(*acts, *(first[n].post(f"{path}/cancel", json={}) for n in range(AT_ONCE // 2)))
    assert outcomes(answers)[200, "cancelled"] == 1
    assert set(outcomes(answers)) <= {(200, "cancelled"), (200, "confirmed"), (409, "invalid_transition")}
    assert await store.database["claims"].count_documents({}) == 0
    told = await store.database["outbox"].count_documents({"_id": {"$regex": f"^{held['id']}"}})
    assert told == 3 + outcomes(answers)[200, "confirmed"]
