"""What is told of each day once it is over: how much of the resources could be had, how much was, and corrections."""

from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.incubator.booking.occupancy.clocks import close_days
from tests.incubator.conftest import V1, Json, Pass, created
from tests.incubator.registry_says import business
from tests.incubator.space.conftest import Add, at, wanted

RESERVATIONS, ALLOCATIONS, BLACKOUTS = f"{V1}/reservations", f"{V1}/allocations", f"{V1}/blackouts"
Api = httpx.AsyncClient


def told(store: MemoryStore) -> list[tuple[int, str, str, int, int]]:
    """Of each day that was told, in order: sequence, kind, day, open and occupied."""
    rows = [row for _, row in sorted(store.collections["outbox"].items()) if ".resource_day." in row["type"]]
    said = [(int(row["_id"].rpartition(":")[2]), orjson.loads(row["data"])) for row in rows]
    found = [(number, each["resource_kind"], each["on"], each["open"], each["occupied"]) for number, each in said]
    return sorted(found, key=lambda each: (each[2], each[1], each[0]))


async def come(api: Api, reservation: Json) -> None:
    assert (await api.post(f"{RESERVATIONS}/{reservation['id']}/check-in", json={})).status_code == 200


async def allocate(staff: Api, resource: Json, first: str, last: str, by: int = 1, units: int = 1) -> Json:
    said = {"business_id": business(by), "resource_id": resource["id"], "units": units}
    return created(await staff.post(ALLOCATIONS, json=said | {"starts_on": f"2026-{first}", "ends_on": f"2026-{last}"}))


async def test_a_day_is_closed_once_it_is_over_in_minutes_of_units(
    first: Api, add: Add, pass_time: Pass, store: MemoryStore
) -> None:
    desks = await add(kind="hot_desk", units=2, terms={"buffer_after": 30})
    room = await add()
    used = created(await first.post(RESERVATIONS, json=wanted(desks, room)))
    missed = created(await first.post(RESERVATIONS, json=wanted(desks, start="07-06 14:00", end="07-06 16:00")))
    gone = created(await first.post(RESERVATIONS, json=wanted(desks, start="07-06 18:00", end="07-06 20:00")))
    await first.post(f"{RESERVATIONS}/{gone['id']}/cancel", json={})
    await pass_time(hours=1)
    await come(first, used)
    await pass_time(minutes=40)
    await first.post(f"{RESERVATIONS}/{used['id']}/check-out", json={})  # 45 minutes are taken
    assert told(store) == []
    await pass_time(hours=14, minutes=20)  # it is one in the morning
    await pass_time(hours=1)
    assert told(store) == [
        (1, "hot_desk", "2026-07-06", 2 * 14 * 60, 45),
        (1, "room", "2026-07-06", 14 * 60, 45),
    ]
    assert (await first.get(f"{RESERVATIONS}/{missed['id']}")).json()["status"] == "no_show"


async def test_what_goes_over_midnight_is_of_both_days(
    first: Api, add: Add, pass_time: Pass, store: MemoryStore
) -> None:
    always = [{"weekday": day, "from": "00:00", "to": "24:00"} for day in range(1, 8)]
    room = await add(opening=always)
    booked = created(await first.post(RESERVATIONS, json=wanted(room, start="07-06 23:00", end="07-07 00:30")))
    await pass_time(hours=14)
    await come(first, booked)
    await pass_time(days=2)
    assert told(store) == [(1, "room", "2026-07-06", 1440, 60), (1, "room", "2026-07-07", 1440, 30)]


async def test_days_are_those_of_the_zone_and_hours_those_of_the_site(
    staff: Api, add: Add, pass_time: Pass, store: MemoryStore
) -> None:
    said = {"name": "示例边境驿站", "address": "示例路3号", "area_m2": 80, "time_zone": "Asia/Urumqi"}
    there = created(await staff.post(f"{V1}/sites", json=said))
    tuesday_night = [{"weekday": 2, "from": "21:00", "to": "24:00"}]  # 23:00 to 02:00 in the zone
    await add(site_id=there["id"], opening=tuesday_night)
    await pass_time(days=3)
    assert [each[2:4] for each in told(store)] == [("2026-07-06", 0), ("2026-07-07", 60), ("2026-07-08", 120)]


async def test_what_is_allocated_is_counted_in_days_of_units(
    staff: Api, add: Add, pass_time: Pass, store: MemoryStore
) -> None:
    desks = await add(kind="dedicated_desk", usage="allocatable", units=3)
    await allocate(staff, desks, "07-06", "07-06", units=2)
    await allocate(staff, desks, "07-07", "07-07", by=2)
    await pass_time(days=3)
    assert [each[1:] for each in told(store)] == [
        ("dedicated_desk", "2026-07-06", 3, 2),
        ("dedicated_desk", "2026-07-07", 3, 1),
        ("dedicated_desk", "2026-07-08", 3, 0),
    ]


async def test_an_allocation_that_ended_before_corrects_the_days_since_with_higher_sequences(
    staff: Api, add: Add, pass_time: Pass, store: MemoryStore
) -> None:
    office = await add(kind="office", usage="allocatable")
    made = await allocate(staff, office, "07-06", "07-08")
    await pass_time(days=3)
    version = (await staff.get(f"{ALLOCATIONS}/{made['id']}")).json()["version"]
    answer = await staff.patch(
        f"{ALLOCATIONS}/{made['id']}", json={"ends_on": "2026-07-07"}, headers={"If-Match": f'"v{version}"'}
    )
    assert answer.status_code == 200, answer.text
    await pass_time(hours=4)
    assert [each[2:] for each in told(store)] == [("2026-07-06", 1, 1), ("2026-07-07", 1, 1), ("2026-07-08", 1, 1)]
    await pass_time(days=1)
    assert told(store) == [
        (1, "office", "2026-07-06", 1, 1),
        (1, "office", "2026-07-07", 1, 1),
        (1, "office", "2026-07-08", 1, 1),
        (2, "office", "2026-07-08", 1, 0),
        (1, "office", "2026-07-09", 1, 0),
    ]


async def test_what_staff_keeps_free_could_not_be_had(
    staff: Api, add: Add, pass_time: Pass, store: MemoryStore
) -> None:
    desks = await add(kind="hot_desk", units=2)
    office = await add(kind="office", usage="allocatable")
    said = {"start": at("07-06 20:00"), "end": at("07-07 09:00"), "reason": "维修"}
    created(await staff.post(BLACKOUTS, json=said | {"resource_ids": [desks["id"], office["id"]]}))
    await pass_time(days=3)
    assert [each[1:] for each in told(store)] == [
        ("hot_desk", "2026-07-06", 2 * 12 * 60, 0),
        ("office", "2026-07-06", 0, 0),
        ("hot_desk", "2026-07-07", 2 * 13 * 60, 0),
        ("office", "2026-07-07", 0, 0),
        ("hot_desk", "2026-07-08", 2 * 14 * 60, 0),
        ("office", "2026-07-08", 1, 0),
    ]


async def test_a_resource_counts_from_the_day_it_is_added_to_the_day_it_is_retired(
    staff: Api, add: Add, pass_time: Pass, store: MemoryStore
) -> None:
    await pass_time(days=1)
    room = await add()
    await pass_time(days=1)
    await staff.post(f"{V1}/resources/{room['id']}/retire", json={})
    await pass_time(days=2)
    assert [each[2] for each in told(store)] == ["2026-07-07", "2026-07-08"]


async def test_other_hours_from_now_on_do_not_change_a_day_that_is_closed(
    staff: Api, add: Add, pass_time: Pass, store: MemoryStore
) -> None:
    room = await add()
    await pass_time(days=1)
    mornings = [{"weekday": day, "from": "08:00", "to": "12:00"} for day in range(1, 8)]
    await staff.patch(f"{V1}/resources/{room['id']}", json={"opening": mornings}, headers={"If-Match": '"v1"'})
    await pass_time(days=1)
    assert told(store) == [(1, "room", "2026-07-06", 840, 0), (1, "room", "2026-07-07", 240, 0)]


async def test_a_clock_that_was_away_closes_every_day_since(add: Add, pass_time: Pass, store: MemoryStore) -> None:
    await add()
    await pass_time(days=1)
    await pass_time(days=50)
    assert len(told(store)) == 51


@pytest.mark.parametrize("times", [1, 3])
async def test_closing_days_again_says_nothing_new(add: Add, store: MemoryStore, clock: FixedClock, times: int) -> None:
    await add()
    clock.at += timedelta(days=2)
    for _ in range(times):
        await close_days(clock.at, lambda: Tx(store, now=clock.at))
    assert [each[:3] for each in told(store)] == [(1, "room", "2026-07-06"), (1, "room", "2026-07-07")]


async def test_a_day_says_where_and_what_and_how_it_is_counted(
    add: Add, site: Json, pass_time: Pass, store: MemoryStore
) -> None:
    await add(kind="office", usage="allocatable")
    await pass_time(days=1)
    (row,) = [row for row in store.rows("outbox") if ".resource_day." in row["type"]]
    said: dict[str, Any] = orjson.loads(row["data"])
    assert said == {
        "site_id": site["id"],
        "resource_kind": "office",
        "usage": "allocatable",
        "on": "2026-07-06",
        "open": 1,
        "occupied": 0,
    }
