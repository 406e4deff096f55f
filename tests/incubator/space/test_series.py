"""S4: a series remembers what was dropped, takes only what is new, and is made as a whole or without what cannot be."""

from typing import Any

import httpx
import pytest

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.conftest import V1, Json, created
from tests.incubator.space.conftest import Add, wanted

RESERVATIONS = f"{V1}/reservations"
Api = httpx.AsyncClient


def mondays(room: Json, count: int = 10, **more: Any) -> Json:
    return wanted(room, end="07-06 11:00", recurrence={"freq": "weekly", "count": count}, **more)


def statuses(reservation: Json) -> dict[int, str]:
    return {each["number"]: each["status"] for each in reservation["occurrences"]}


def slots(store: MemoryStore) -> set[str]:
    return {key for key in store.collections["claims"] if key.startswith("slot|")}


@pytest.fixture
async def series(first: Api, room: Json) -> Json:
    """Ten Mondays from ten to eleven, the third dropped."""
    made = created(await first.post(RESERVATIONS, json=mondays(room)))
    dropped = await first.post(f"{RESERVATIONS}/{made['id']}/cancel", params={"number": 3}, json={})
    found: Json = dropped.json()
    return found


async def change(api: Api, reservation: Json, **said: Any) -> httpx.Response:
    path = f"{RESERVATIONS}/{reservation['id']}"
    return await api.patch(path, json=said, headers={"If-Match": f'"v{reservation["version"]}"'})


async def test_a_series_costs_what_its_occurrences_cost_together(series: Json) -> None:
    assert series["price"] == {"amount": 9 * 8000, "currency": "CNY"}
    assert statuses(series) == {**dict.fromkeys(range(1, 11), "confirmed"), 3: "cancelled"}


async def test_a_dropped_occurrence_frees_its_time(second: Api, room: Json, series: Json) -> None:
    body = wanted(room, start="07-20 10:00", end="07-20 11:00", by=2)
    created(await second.post(RESERVATIONS, json=body))


async def test_another_title_never_brings_the_dropped_one_back(first: Api, series: Json) -> None:
    changed = await change(first, series, title="周会")
    assert (changed.json()["title"], statuses(changed.json())) == ("周会", statuses(series))


async def test_another_end_takes_only_what_is_new(
    first: Api, second: Api, room: Json, series: Json, store: MemoryStore
) -> None:
    created(await second.post(RESERVATIONS, json=wanted(room, start="07-20 10:00", end="07-20 11:00", by=2)))
    before = slots(store)
    changed = await change(first, series, recurrence={"freq": "weekly", "count": 12})
    assert changed.status_code == 200, changed.text
    assert statuses(changed.json()) == statuses(series) | {11: "confirmed", 12: "confirmed"}
    assert before < slots(store)


async def test_an_earlier_end_gives_back_what_lies_behind_it(first: Api, series: Json) -> None:
    changed = await change(first, series, recurrence={"freq": "weekly", "count": 8})
    assert [number for number, status in statuses(changed.json()).items() if status == "cancelled"] == [3, 9, 10]
    again = await change(first, changed.json(), recurrence={"freq": "weekly", "count": 10})
    assert statuses(again.json()) == statuses(changed.json())


async def test_a_new_occurrence_that_clashes_keeps_the_whole_change_out(
    first: Api, second: Api, room: Json, series: Json
) -> None:
    created(await second.post(RESERVATIONS, json=wanted(room, start="09-21 10:00", end="09-21 11:00", by=2)))
    answer = await change(first, series, recurrence={"freq": "weekly", "count": 12}, title="周会")
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    assert [each["occurrence"] for each in answer.json()["conflicts"]] == [12]
    assert (await first.get(f"{RESERVATIONS}/{series['id']}")).json() == series


async def test_another_rule_is_another_series(first: Api, series: Json) -> None:
    answer = await change(first, series, recurrence={"freq": "daily", "count": 12})
    assert (answer.status_code, answer.json()["code"]) == (409, "another_rule")


@pytest.mark.parametrize(("confirmed", "becomes"), [(True, "confirmed"), (False, "expired")])
async def test_what_is_new_of_a_held_series_is_held_with_the_rest(
    first: Api, room: Json, pass_time: Any, confirmed: bool, becomes: str
) -> None:
    held = created(await first.post(RESERVATIONS, json=mondays(room, count=2, hold_minutes=5)))
    longer = (await change(first, held, recurrence={"freq": "weekly", "count": 3})).json()
    assert statuses(longer) == dict.fromkeys((1, 2, 3), "held")
    if confirmed:
        await first.post(f"{RESERVATIONS}/{held['id']}/confirm", json={})
    await pass_time(minutes=5)
    now = (await first.get(f"{RESERVATIONS}/{held['id']}")).json()
    assert statuses(now) == dict.fromkeys((1, 2, 3), becomes)


async def test_a_series_that_was_cancelled_as_a_whole_is_not_prolonged(first: Api, series: Json) -> None:
    cancelled = (await first.post(f"{RESERVATIONS}/{series['id']}/cancel", json={})).json()
    answer = await change(first, cancelled, recurrence={"freq": "weekly", "count": 12})
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")


async def test_this_and_following_leaves_those_before_as_they_were(first: Api, series: Json) -> None:
    answer = await first.post(f"{RESERVATIONS}/{series['id']}/cancel", params={"from": 5}, json={})
    kept = [each for each in answer.json()["occurrences"] if each["number"] in (1, 2, 4)]
    assert kept == [each for each in series["occurrences"] if each["number"] in (1, 2, 4)]
    assert [number for number, status in statuses(answer.json()).items() if status == "confirmed"] == [1, 2, 4]


async def test_one_of_a_series_is_moved_alone(first: Api, second: Api, room: Json, series: Json) -> None:
    body = {"start": "2026-07-14T10:00:00+08:00", "end": "2026-07-14T11:00:00+08:00"}
    moved = await first.post(f"{RESERVATIONS}/{series['id']}/reschedule", params={"number": 2}, json=body)
    assert moved.json()["occurrences"][1]["start"] == "2026-07-14T02:00:00.000Z"
    created(await second.post(RESERVATIONS, json=wanted(room, start="07-13 10:00", end="07-13 11:00", by=2)))


async def test_a_series_keeps_its_desk_and_its_buffers_whatever_of_it_is_moved_or_new(
    first: Api, second: Api, staff: Api, add: Add
) -> None:
    desks = await add(kind="hot_desk", units=2, capacity=1)
    series = created(await first.post(RESERVATIONS, json=mondays(desks, count=3)))
    for start in ("07-14 10:00", "07-27 10:00"):  # nothing else is free than the desk that it has not
        body = wanted(desks, start=start, end=f"{start[:5]} 11:00", by=2)
        both = [created(await second.post(RESERVATIONS, json=body)) for _ in range(2)]
        other = next(each for each in both if each["units"] != series["units"])
        await second.post(f"{RESERVATIONS}/{other['id']}/cancel", json={})
    body = {"start": "2026-07-14T10:00:00+08:00", "end": "2026-07-14T11:00:00+08:00"}
    moved = await first.post(f"{RESERVATIONS}/{series['id']}/reschedule", params={"number": 2}, json=body)
    longer = await change(first, series, recurrence={"freq": "weekly", "count": 4})
    assert [(each.status_code, each.json()["code"]) for each in (moved, longer)] == [(409, "slot_taken")] * 2
    for _ in range(2):
        created(await second.post(RESERVATIONS, json=wanted(desks, start="07-20 11:00", end="07-20 12:00", by=2)))
    await staff.patch(
        f"{V1}/resources/{desks['id']}", json={"terms": {"buffer_after": 30}}, headers={"If-Match": '"v1"'}
    )
    body = {"start": "2026-07-14T12:00:00+08:00", "end": "2026-07-14T13:00:00+08:00"}
    moved = await first.post(f"{RESERVATIONS}/{series['id']}/reschedule", params={"number": 2}, json=body)
    assert (moved.status_code, moved.json()["units"]) == (200, series["units"])


async def test_a_clash_of_the_seventh_is_named_and_nothing_is_stored(
    first: Api, second: Api, room: Json, store: MemoryStore
) -> None:
    created(await second.post(RESERVATIONS, json=wanted(room, start="08-17 10:30", end="08-17 12:00", by=2)))
    before = slots(store)
    answer = await first.post(RESERVATIONS, json=mondays(room))
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    assert answer.json()["conflicts"] == [
        {
            "occurrence": 7,
            "resource_id": room["id"],
            "start": "2026-08-17T02:30:00.000Z",
            "end": "2026-08-17T04:00:00.000Z",
        }
    ]
    assert slots(store) == before


async def test_a_series_can_be_made_without_what_cannot_be(first: Api, second: Api, add: Add) -> None:
    holiday = [{"date": "2026-07-27", "hours": []}]
    room = await add(exceptions=holiday)
    created(await second.post(RESERVATIONS, json=wanted(room, start="07-13 10:00", end="07-13 11:00", by=2)))
    made = created(await first.post(RESERVATIONS, json=mondays(room, count=5, on_conflict="skip")))
    assert list(statuses(made)) == [1, 3, 5]
    assert [(each["number"], each["code"]) for each in made["skipped"]] == [
        (2, "slot_taken"),
        (4, "outside_opening_hours"),
    ]


async def test_a_series_of_which_nothing_can_be_is_refused_and_says_why(first: Api, add: Add) -> None:
    room = await add(opening=[])
    answer = await first.post(RESERVATIONS, json=mondays(room, count=3, on_conflict="skip"))
    assert answer.status_code == 422, answer.text
    assert [(each["pointer"], each["code"], each["detail"][:13]) for each in answer.json()["errors"]] == [
        ("/recurrence", "outside_opening_hours", f"Occurrence {number}:") for number in (1, 2, 3)
    ]


async def test_a_rule_that_one_occurrence_breaks_names_it(first: Api, add: Add) -> None:
    room = await add(exceptions=[{"date": "2026-07-20", "hours": []}])
    answer = await first.post(RESERVATIONS, json=mondays(room))
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/recurrence", "outside_opening_hours")
    assert error["detail"].startswith("Occurrence 3:")


@pytest.mark.parametrize("recurrence", [{"freq": "weekly", "count": 53}, {"freq": "weekly", "until": "2028-01-01"}])
async def test_a_series_has_at_most_52_occurrences(first: Api, room: Json, recurrence: Json) -> None:
    answer = await first.post(RESERVATIONS, json=wanted(room, end="07-06 11:00", recurrence=recurrence))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/recurrence")
