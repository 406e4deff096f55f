"""The Demonstration Base is there once, whatever happened to the loads before, and on whatever day they ran."""

import asyncio
from datetime import timedelta

import pytest

from deploy.korla.base.hand import Hand
from deploy.korla.base.house import opened
from deploy.korla.together import AT_ONCE
from tests.deploy.korla.base.conftest import BASE, NewZone

THINGS = {
    "sites": 1,
    "resources": 5 + 3,
    "plans": 2,
    "tariffs": 2,
    "memberships": 6,
    "service_points": 18,
    "meters": 18,
    "readings": 72,
    "utility_bills": 16,
    "reservations": 15 + 6,
    "invoices": 10,
    "payments": 5,
    "programs": 1,
    "incubations": 4,
    "consultants": 3,
    "offerings": 2,
    "job_postings": 2,
    "candidates": 5,
    "job_applications": 5,
    "investors": 3,
    "share_classes": 1,
    "cap_events": 4,
}


async def test_a_load_opens_a_house_with_start_ups_by_eight_calls_at_once_at_most(new_zone: NewZone) -> None:
    zone = await new_zone()
    assert await zone.load() == BASE
    assert zone.things() == THINGS
    assert zone.door.at_once == AT_ONCE


@pytest.mark.parametrize("later", [0, 40])
async def test_a_second_load_changes_nothing_on_whatever_day(new_zone: NewZone, later: int) -> None:
    zone = await new_zone()
    await zone.load()
    zone.door.calls.clear()
    zone.clock.at += timedelta(days=later)
    again = await zone.load()
    assert not again.changed
    assert zone.things() == THINGS
    assert {method for method, _ in zone.door.calls} == {"GET"}


@pytest.mark.parametrize(("at", "days_later"), [(3, 0), (150, 35), (290, 0)])
async def test_a_load_that_died_anywhere_is_finished_by_the_next_one(
    new_zone: NewZone, at: int, days_later: int
) -> None:
    zone = await new_zone()
    await zone.dies_at(at)
    zone.clock.at += timedelta(days=days_later)
    await zone.load()
    assert zone.things() == THINGS


@pytest.mark.parametrize(
    "moment",
    ["2026-03-01 00:00", "2028-02-29 21:59", "2026-12-31 23:59"],
)
async def test_a_load_comes_to_the_same_at_any_time_of_the_calendar(new_zone: NewZone, moment: str) -> None:
    zone = await new_zone(moment)
    assert await zone.load() == BASE


async def test_everything_that_people_read_says_that_it_is_an_example(new_zone: NewZone) -> None:
    zone = await new_zone()
    await zone.load()
    kinds = ("sites", "resources", "plans", "tariffs", "programs", "cohorts", "consultants", "candidates")
    rows = [row for kind in (*kinds, "investors", "share_classes", "rounds") for row in zone.store.rows(kind)]
    named = [row["name"] for row in rows if row.get("kind") != "consultant"]  # a calendar, which names nobody
    said = [
        *(row["title"] for kind in ("reservations", "offerings", "job_postings") for row in zone.store.rows(kind)),
        *(row["serial"] for row in zone.store.rows("meters")),
        *(row["external_ref"] for row in zone.store.rows("payments")),
    ]
    assert all("示例" in words for words in named + said)


async def test_half_of_the_start_ups_are_at_their_desk_already(new_zone: NewZone) -> None:
    zone = await new_zone()
    await zone.load()
    desks = [row["status"] for row in zone.store.rows("reservations") if row["title"] == "示例 开放工位"]
    assert sorted(desks) == ["checked_in"] * 4 + ["confirmed"] * 4


async def test_a_meeting_goes_where_there_is_room_when_another_was_faster(new_zone: NewZone) -> None:
    zone = await new_zone()
    await opened(Hand(zone.staff, asyncio.Semaphore(AT_ONCE)))
    rooms = {row["name"]: row["_id"] for row in zone.store.rows("resources")}
    time = {"start": "2026-03-11T09:00:00+08:00", "end": "2026-03-11T12:00:00+08:00"}
    taken = {"resource_ids": [rooms["示例会议室 胡杨"]], "reason": "示例", **time}
    assert (await zone.staff.post("/v1/incubator/blackouts", json=taken)).status_code == 201
    assert (await zone.load()).bookings == 15
