"""S5: included minutes are a ledger: used as they are booked, given back in time, never counted twice."""

from typing import Any

import httpx
import pytest

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.conftest import V1, Json, Pass, created
from tests.incubator.registry_says import business
from tests.incubator.space.conftest import Add, at, wanted
from tests.refusals import reason

RESERVATIONS, MEMBERSHIPS = f"{V1}/reservations", f"{V1}/memberships"
Api = httpx.AsyncClient


@pytest.fixture
async def plan(staff: Api) -> Json:
    return await offered(staff)


async def offered(staff: Api, minutes: int = 600) -> Json:
    overage = {"price": "60", "currency": "CNY", "per": "hour"}
    said = {"name": "创业套餐", "covers": ["room"], "included_minutes_per_month": minutes, "overage": overage}
    return created(await staff.post(f"{V1}/plans", json=said))


@pytest.fixture
async def membership(staff: Api, plan: Json) -> Json:
    said = {"business_id": business(1), "plan_id": plan["id"], "starts_on": "2026-07-01"}
    return created(await staff.post(MEMBERSHIPS, json=said))


def used(store: MemoryStore) -> dict[str, int]:
    ledgers = store.collections.get("minutes_used", {})
    return {each["month"]: each["used"] for each in ledgers.values()}


async def book(api: Api, room: Json, day: str, start: str, end: str, **more: Any) -> Json:
    return created(await api.post(RESERVATIONS, json=wanted(room, start=f"{day} {start}", end=f"{day} {end}", **more)))


async def test_s5_what_is_left_is_used_up_and_the_rest_is_paid(
    first: Api, room: Json, membership: Json, store: MemoryStore
) -> None:
    await book(first, room, "07-06", "10:00", "14:45")
    await book(first, room, "07-07", "10:00", "14:45")
    assert used(store) == {"2026-07": 570}
    preview = await first.post(f"{RESERVATIONS}/preview", json=wanted(room, start="07-08 10:00", end="07-08 11:00"))
    last = await book(first, room, "07-08", "10:00", "11:00")
    for shown in (preview.json(), last):
        assert (shown["credits_minutes"], shown["price"]["amount"]) == (30, 3000)
    assert used(store) == {"2026-07": 600}


async def test_s5_what_is_cancelled_comes_back_to_the_month_that_was_charged(
    first: Api, room: Json, membership: Json, store: MemoryStore
) -> None:
    booked = await book(first, room, "08-03", "10:00", "12:00")
    await book(first, room, "07-31", "20:00", "22:00")
    assert used(store) == {"2026-07": 120, "2026-08": 120}
    await first.post(f"{RESERVATIONS}/{booked['id']}/cancel", json={})
    assert used(store) == {"2026-07": 120, "2026-08": 0}


async def test_s5_a_month_is_one_of_the_zone_whatever_the_clocks_of_the_site_show(
    first: Api, staff: Api, add: Add, membership: Json, store: MemoryStore
) -> None:
    said = {"name": "示例边境驿站", "address": "示例路3号", "area_m2": 80, "time_zone": "Asia/Urumqi"}
    there = created(await staff.post(f"{V1}/sites", json=said))
    always = [{"weekday": day, "from": "00:00", "to": "24:00"} for day in range(1, 8)]
    room = await add(site_id=there["id"], opening=always)
    await book(first, room, "08-01", "00:30", "01:30")  # by the clocks of the site it is still July
    assert used(store) == {"2026-08": 60}


async def test_s5_who_does_not_come_has_used_them(
    first: Api, room: Json, membership: Json, store: MemoryStore, pass_time: Pass
) -> None:
    await book(first, room, "07-06", "10:00", "12:00")
    await pass_time(hours=2)
    assert used(store) == {"2026-07": 120}


async def test_a_hold_that_expires_gives_them_back(
    first: Api, room: Json, membership: Json, store: MemoryStore, pass_time: Pass
) -> None:
    await book(first, room, "07-06", "14:00", "16:00", hold_minutes=5)
    assert used(store) == {"2026-07": 120}
    await pass_time(minutes=5)
    assert used(store) == {"2026-07": 0}


async def test_s2_moving_a_booking_that_uses_all_of_them_costs_nothing_more(
    first: Api, room: Json, staff: Api, membership: Json, store: MemoryStore
) -> None:
    small = await offered(staff, minutes=60)
    await staff.post(f"{MEMBERSHIPS}/{membership['id']}/change-plan", json={"plan_id": small["id"]})
    booked = await book(first, room, "07-06", "10:00", "11:00")
    assert (booked["price"]["amount"], booked["credits_minutes"]) == (0, 60)
    body = {"start": at("07-06 10:15"), "end": at("07-06 11:15")}
    moved = (await first.post(f"{RESERVATIONS}/{booked['id']}/reschedule", json=body)).json()
    assert (moved["price"]["amount"], moved["credits_minutes"]) == (0, 60)
    assert used(store) == {"2026-07": 60}


async def test_s5_another_plan_in_mid_month_keeps_what_is_used(
    first: Api, room: Json, staff: Api, membership: Json, store: MemoryStore
) -> None:
    await book(first, room, "07-06", "10:00", "12:00")
    bigger = await offered(staff, minutes=180)
    await staff.post(f"{MEMBERSHIPS}/{membership['id']}/change-plan", json={"plan_id": bigger["id"]})
    booked = await book(first, room, "07-07", "10:00", "12:00")
    assert (booked["credits_minutes"], booked["price"]["amount"]) == (60, 6000)
    assert used(store) == {"2026-07": 180}


async def test_a_series_uses_the_minutes_of_each_month_that_it_touches(
    first: Api, room: Json, membership: Json, store: MemoryStore
) -> None:
    rule = {"freq": "weekly", "count": 5}
    await book(first, room, "07-20", "10:00", "12:00", recurrence=rule)
    assert used(store) == {"2026-07": 240, "2026-08": 360}


async def test_minutes_are_for_the_kinds_that_the_plan_covers(
    first: Api, add: Add, membership: Json, store: MemoryStore
) -> None:
    desk = await add(kind="hot_desk", rate={"price": "10", "currency": "CNY", "per": "hour"})
    booked = await book(first, desk, "07-06", "10:00", "12:00")
    assert (booked["credits_minutes"], booked["price"]["amount"]) == (0, 2000)
    assert used(store) == {}


async def test_a_membership_counts_from_its_first_day_to_its_last(
    first: Api, room: Json, staff: Api, membership: Json
) -> None:
    await staff.post(f"{MEMBERSHIPS}/{membership['id']}/end", json={"ends_on": "2026-07-10"})
    last = await book(first, room, "07-10", "10:00", "11:00")
    after = await book(first, room, "07-11", "10:00", "11:00")
    assert [each["credits_minutes"] for each in (last, after)] == [60, 0]


async def test_a_business_has_one_membership_at_a_time(staff: Api, plan: Json, membership: Json) -> None:
    said = {"business_id": business(1), "plan_id": plan["id"], "starts_on": "2026-08-01"}
    second = await staff.post(MEMBERSHIPS, json=said)
    assert (second.status_code, second.json()["code"]) == (409, "membership_exists")
    assert second.json()["membership_id"] == membership["id"]
    await staff.post(f"{MEMBERSHIPS}/{membership['id']}/end", json={"ends_on": "2026-07-31"})
    created(await staff.post(MEMBERSHIPS, json=said))


async def test_a_membership_ends_once_and_not_before_it_begins(staff: Api, membership: Json) -> None:
    path = f"{MEMBERSHIPS}/{membership['id']}/end"
    early = await staff.post(path, json={"ends_on": "2026-06-30"})
    assert early.json()["code"] == "ends_before_it_begins"
    await staff.post(path, json={"ends_on": "2026-07-31"})
    for later in ("2026-07-31", "2026-08-31"):
        assert (await staff.post(path, json={"ends_on": later})).json()["code"] == "invalid_transition"
    assert (await staff.post(path, json={"ends_on": "2026-07-20"})).json()["ends_on"] == "2026-07-20"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_a_membership_is_of_our_time(staff: Api, plan: Json, membership: Json, day: str) -> None:
    said = {"business_id": business(1), "plan_id": plan["id"], "starts_on": day}
    for path, body in ((MEMBERSHIPS, said), (f"{MEMBERSHIPS}/{membership['id']}/end", {"ends_on": day})):
        assert reason(await staff.post(path, json=body)) == "date_range"


async def test_a_plan_that_is_not_there_is_refused(staff: Api) -> None:
    said = {"business_id": business(1), "plan_id": "pln_" + "0" * 32, "starts_on": "2026-08-01"}
    answer = await staff.post(MEMBERSHIPS, json=said)
    assert (answer.status_code, reason(answer)) == (422, "plan_unknown")
