"""Resources through the API: when they are free, who is hit by a change, and what staff keeps free."""

from typing import Any

import httpx
import pytest

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.conftest import V1, Json, Pass, created
from tests.incubator.space.conftest import Add, at, wanted
from tests.refusals import reason

RESOURCES, RESERVATIONS, BLACKOUTS = f"{V1}/resources", f"{V1}/reservations", f"{V1}/blackouts"
Api = httpx.AsyncClient
DAY = {"from": at("07-06 09:00"), "to": at("07-06 13:00")}


async def starts(api: Api, room: Json, minutes: int, **window: str) -> list[str]:
    asked: dict[str, Any] = {**DAY, **window, "minutes": minutes}
    answer = await api.get(f"{RESOURCES}/{room['id']}/availability", params=asked)
    assert answer.status_code == 200, answer.text
    return [each["start"] for each in answer.json()["data"]]


# S1: listed means bookable


async def test_s1_every_start_that_is_listed_passes_the_preview_and_each_other_is_refused(first: Api, add: Add) -> None:
    room = await add(
        terms={"buffer_after": 30, "min_minutes": 30}, opening=[{"weekday": 1, "from": "08:00", "to": "12:00"}]
    )
    created(await first.post(RESERVATIONS, json=wanted(room, start="07-06 09:00", end="07-06 10:00")))
    listed = await starts(first, room, 30)
    assert listed[0] == "2026-07-06T02:30:00.000Z"
    for quarter in range(16):
        hour, minutes = divmod(9 * 60 + quarter * 15, 60)
        end_hour, end_minutes = divmod(9 * 60 + quarter * 15 + 30, 60)
        body = wanted(room, start=f"07-06 {hour:02}:{minutes:02}", end=f"07-06 {end_hour:02}:{end_minutes:02}")
        answer = await first.post(f"{RESERVATIONS}/preview", json=body)
        start = f"2026-07-06T{hour - 8:02}:{minutes:02}:00.000Z"
        assert (answer.status_code == 200) == (start in listed), start


async def test_the_resources_that_are_free_for_a_time_are_those_that_can_be_booked(
    first: Api, staff: Api, room: Json, add: Add, site: Json
) -> None:
    other = await add(name="会议室二", capacity=4)
    created(await first.post(RESERVATIONS, json=wanted(room)))
    asked = {"site_id": site["id"], "from": at("07-06 11:00"), "to": at("07-06 12:00")}

    async def free(**more: Any) -> list[str]:
        answer = await staff.get(f"{RESOURCES}/available", params=asked | more)
        return [each["id"] for each in answer.json()["data"]]

    assert await free() == [other["id"]]
    assert await free(capacity=5) == []
    assert await free(**{"from": at("07-06 12:00"), "to": at("07-06 13:00")}) == [room["id"], other["id"]]


@pytest.mark.parametrize(
    ("window", "code"),
    [
        ({"from": at("07-06 09:00"), "to": at("07-06 09:00")}, "empty_interval"),
        ({"from": at("07-06 09:00"), "to": at("08-06 09:01")}, "window_too_large"),
        ({"minutes": 20}, "invalid"),
    ],
)
async def test_a_window_that_makes_no_sense_is_refused(
    first: Api, room: Json, window: dict[str, Any], code: str
) -> None:
    answer = await first.get(f"{RESOURCES}/{room['id']}/availability", params=window)
    assert (answer.status_code, reason(answer)) in {(422, code), (422, "validation_failed")}


async def test_a_retired_resource_lists_nothing_and_takes_nothing(first: Api, staff: Api, room: Json) -> None:
    await staff.post(f"{RESOURCES}/{room['id']}/retire", json={})
    assert await starts(first, room, 60) == []
    answer = await first.post(RESERVATIONS, json=wanted(room))
    assert (answer.status_code, answer.json()["code"]) == (409, "resource_retired")
    again = await staff.post(f"{RESOURCES}/{room['id']}/retire", json={})
    assert again.json()["code"] == "invalid_transition"


# C3: changed hours name who is hit


async def test_c3_changed_hours_name_the_reservations_that_lie_outside_them_now(
    first: Api, staff: Api, room: Json
) -> None:
    hit = created(await first.post(RESERVATIONS, json=wanted(room)))
    created(await first.post(RESERVATIONS, json=wanted(room, start="07-06 14:00", end="07-06 15:00")))
    afternoons = [{"weekday": day, "from": "13:00", "to": "22:00"} for day in range(1, 8)]
    changed = await staff.patch(f"{RESOURCES}/{room['id']}", json={"opening": afternoons}, headers={"If-Match": '"v1"'})
    assert changed.json()["affected"] == [hit["id"]]
    assert (await first.get(f"{RESERVATIONS}/{hit['id']}")).json()["status"] == "confirmed"


async def test_c3_a_retired_resource_names_who_has_reserved_it_still(
    first: Api, second: Api, staff: Api, room: Json, pass_time: Pass
) -> None:
    hit = created(await second.post(RESERVATIONS, json=wanted(room, by=2, start="07-08 10:00", end="07-08 12:00")))
    for given_up in (
        created(await first.post(RESERVATIONS, json=wanted(room, start="07-09 10:00", end="07-09 12:00"))),
        created(await first.post(RESERVATIONS, json=wanted(room, start="07-06 10:00", end="07-06 12:00"))),
    ):
        await first.post(f"{RESERVATIONS}/{given_up['id']}/cancel", json={})
    created(await first.post(RESERVATIONS, json=wanted(room, start="07-06 10:00", end="07-06 12:00")))
    await pass_time(hours=4)
    retired = await staff.post(f"{RESOURCES}/{room['id']}/retire", json={})
    assert retired.json()["affected"] == [hit["id"]]
    assert (await second.get(f"{RESERVATIONS}/{hit['id']}")).json()["status"] == "confirmed"


async def test_c3_fewer_units_name_who_has_one_that_is_gone(first: Api, staff: Api, add: Add) -> None:
    desks = await add(kind="hot_desk", units=2, capacity=1)
    booked = [created(await first.post(RESERVATIONS, json=wanted(desks))) for _ in range(2)]
    changed = await staff.patch(f"{RESOURCES}/{desks['id']}", json={"units": 1}, headers={"If-Match": '"v1"'})
    assert changed.json()["affected"] == [each["id"] for each in booked if each["units"][0]["unit"] == 1]


async def test_a_resource_can_be_measured_anew(staff: Api, room: Json) -> None:
    changed = await staff.patch(f"{RESOURCES}/{room['id']}", json={"area_m2": 31.5}, headers={"If-Match": '"v1"'})
    assert (changed.status_code, changed.json()["area_m2"]) == (200, 31.5)


# blackouts


async def test_a_blackout_over_bookings_names_them_and_changes_nothing(
    first: Api, staff: Api, room: Json, store: MemoryStore
) -> None:
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    said = {"resource_ids": [room["id"]], "start": at("07-06 11:00"), "end": at("07-06 18:00"), "reason": "维修"}
    answer = await staff.post(BLACKOUTS, json=said)
    assert (answer.status_code, answer.json()["code"]) == (409, "slots_taken")
    assert [each["id"] for each in answer.json()["conflicts"]] == [booked["id"]]
    assert "blackouts" not in store.collections


async def test_a_blackout_cancels_what_it_is_told_to_cancel_and_keeps_the_time_free(
    first: Api, staff: Api, room: Json
) -> None:
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    said = {"resource_ids": [room["id"]], "start": at("07-06 11:00"), "end": at("07-06 18:00"), "reason": "维修"}
    blackout = created(await staff.post(BLACKOUTS, json=said | {"on_conflict": "cancel"}))
    assert (await first.get(f"{RESERVATIONS}/{booked['id']}")).json()["status"] == "cancelled"
    refused = await first.post(RESERVATIONS, json=wanted(room, start="07-06 12:00", end="07-06 13:00"))
    assert refused.json()["code"] == "slot_taken"
    await staff.post(f"{BLACKOUTS}/{blackout['id']}/lift", json={})
    created(await first.post(RESERVATIONS, json=wanted(room, start="07-06 12:00", end="07-06 13:00")))


async def test_a_blackout_cancels_what_it_leaves_no_time_to_clean_up_after(first: Api, staff: Api, add: Add) -> None:
    room = await add(terms={"buffer_after": 30})
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    said = {"resource_ids": [room["id"]], "start": at("07-06 12:15"), "end": at("07-06 18:00"), "reason": "维修"}
    created(await staff.post(BLACKOUTS, json=said | {"on_conflict": "cancel"}))
    assert (await first.get(f"{RESERVATIONS}/{booked['id']}")).json()["status"] == "cancelled"


async def test_a_blackout_cancels_nobody_who_is_there(
    first: Api, second: Api, staff: Api, room: Json, pass_time: Pass
) -> None:
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    later = created(await second.post(RESERVATIONS, json=wanted(room, by=2, start="07-06 14:00", end="07-06 15:00")))
    await pass_time(minutes=60)
    await first.post(f"{RESERVATIONS}/{booked['id']}/check-in", json={})
    said = {"resource_ids": [room["id"]], "start": at("07-06 11:00"), "end": at("07-06 18:00"), "reason": "维修"}
    answer = await staff.post(BLACKOUTS, json=said | {"on_conflict": "cancel"})
    assert (answer.status_code, answer.json()["code"]) == (409, "slots_taken")
    assert [each["id"] for each in answer.json()["conflicts"]] == [booked["id"]]
    assert (await second.get(f"{RESERVATIONS}/{later['id']}")).json()["status"] == "confirmed"


# prices


@pytest.mark.parametrize(
    ("rate", "cap", "end", "fen"),
    [
        (("80", "hour"), None, "07-06 10:45", 6000),
        (("0.033333", "minute"), None, "07-06 10:15", 50),
        (("80", "hour"), 10000, "07-06 14:00", 10000),
        (("300", "day"), None, "07-06 10:30", 30000),
    ],
)
async def test_a_price_is_rounded_once_and_no_day_costs_more_than_its_cap(
    first: Api, add: Add, rate: tuple[str, str], cap: int | None, end: str, fen: int
) -> None:
    room = await add(
        rate={"price": rate[0], "currency": "CNY", "per": rate[1]},
        price_cap_per_day=None if cap is None else {"amount": cap, "currency": "CNY"},
    )
    answer = await first.post(f"{RESERVATIONS}/preview", json=wanted(room, end=end))
    assert answer.json()["price"] == {"amount": fen, "currency": "CNY"}


async def test_more_than_an_amount_can_be_is_refused(first: Api, add: Add) -> None:
    dear = {"price": "999999999999", "currency": "CNY", "per": "minute"}
    rooms = [await add(name=f"会议室{number}", rate=dear) for number in range(3)]
    for path in ("/preview", ""):
        answer = await first.post(f"{RESERVATIONS}{path}", json=wanted(*rooms))
        assert (answer.status_code, reason(answer)) == (422, "amount_too_large")
    lasting = wanted(rooms[0], end="07-06 10:15", recurrence={"freq": "daily", "count": 10})
    answer = await first.post(f"{RESERVATIONS}/preview", json=lasting)
    assert (answer.status_code, reason(answer)) == (422, "amount_too_large")


@pytest.mark.parametrize(
    ("said", "place", "code"),
    [
        ({"rate": {"price": "1", "currency": "USD", "per": "hour"}}, "/rate/currency", "currency_mismatch"),
        ({"rate": {"price": "1", "currency": "CNY", "per": "month"}}, "/rate/per", "unit_mismatch"),
        ({"rate": {"price": "1.1234567", "currency": "CNY", "per": "hour"}}, "/rate/price", "pattern"),
        ({"price_cap_per_day": {"amount": 1, "currency": "USD"}}, "/price_cap_per_day/currency", "currency_mismatch"),
        ({"terms": {"buffer_after": 10}}, "/terms/buffer_after", "not_on_grid"),
        ({"opening": [{"weekday": 8, "from": "08:00", "to": "09:00"}]}, "/opening/0/weekday", "invalid"),
        ({"units": 0}, "/units", "invalid"),
        ({"site_id": "sit_" + "0" * 32}, "/site_id", "site_unknown"),
    ],
)
async def test_what_no_resource_can_be_is_refused_at_its_place(
    staff: Api, site: Json, said: dict[str, Any], place: str, code: str
) -> None:
    usual = {"site_id": site["id"], "name": "会议室一", "kind": "room", "capacity": 10, "opening": []}
    answer = await staff.post(RESOURCES, json=usual | said)
    assert answer.status_code == 422, answer.text
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(place, code)]


async def test_s1_a_consultant_is_met_by_an_appointment_and_so_not_listed(first: Api, staff: Api, site: Json) -> None:
    week = [{"weekday": 1, "from": "09:00", "to": "18:00"}]
    said = {"site_id": site["id"], "name": "示例顾问", "topics": ["tax"], "languages": ["zh"], "max_per_week": 2}
    consultant = created(await staff.post(f"{V1}/consultants", json=said | {"weekly_availability": week}))
    person = {"id": consultant["resource_id"]}
    assert await starts(first, person, 60) == []
    answer = await first.post(f"{RESERVATIONS}/preview", json=wanted(person))
    assert (answer.status_code, reason(answer)) == (422, "not_bookable")


@pytest.mark.parametrize(("usage", "fits", "per"), [("bookable", "hour", "month"), ("allocatable", "month", "hour")])
async def test_another_price_goes_by_the_time_that_it_is_reserved_by(
    staff: Api, add: Add, usage: str, fits: str, per: str
) -> None:
    resource = await add(usage=usage)
    path, seen = f"{RESOURCES}/{resource['id']}", {"If-Match": '"v1"'}
    wrong, right = ({"price": "30", "currency": "CNY", "per": each} for each in (per, fits))
    answer = await staff.patch(path, json={"rate": wrong}, headers=seen)
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [("/rate/per", "unit_mismatch")]
    assert (await staff.patch(path, json={"rate": right}, headers=seen)).json()["rate"] == right
