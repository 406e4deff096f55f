"""Reservations through the API: what is listed can be booked, what is taken is not, and what happens to it in time."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest

from services.chassis.background.spent_claims import spent_claims
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from tests.incubator.conftest import V1, Hear, Json, Pass, created
from tests.incubator.registry_says import business, suspended
from tests.incubator.space.conftest import Add, at, wanted
from tests.refusals import reason

RESERVATIONS = f"{V1}/reservations"
Api = httpx.AsyncClient


def told(store: MemoryStore, about: str = "reservation") -> list[str]:
    """What was told, in order: the middle of each event's name."""
    rows = [row for _, row in sorted(store.collections["outbox"].items()) if f".{about}." in row["type"]]
    return [str(row["type"]).split(".")[3] for row in rows]


def last_told(store: MemoryStore) -> Any:
    """The last event of the only reservation, as it was kept."""
    return max((row for row in store.collections["outbox"].values() if row["_id"].startswith("rsv_")), key=by_id)


def by_id(row: Any) -> str:
    return str(row["_id"])


def instant(text: str) -> datetime:
    return datetime.fromisoformat(at(text))


def claims(store: MemoryStore) -> set[str]:
    return {key for key in store.collections.get("claims", {}) if key.startswith(("slot|", "hold|"))}


async def act(api: Api, reservation: Json, action: str, **body: Any) -> httpx.Response:
    return await api.post(f"{RESERVATIONS}/{reservation['id']}/{action}", json=body)


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, reason(answer)


# booking


async def test_a_booking_is_confirmed_at_once_at_the_price_of_the_room(first: Api, room: Json) -> None:
    preview = await first.post(f"{RESERVATIONS}/preview", json=wanted(room))
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    assert booked["status"] == "confirmed"
    assert booked["price"] == preview.json()["price"] == {"amount": 16000, "currency": "CNY"}
    assert booked["units"] == [{"resource_id": room["id"], "unit": 0}]


async def test_a_preview_keeps_nothing(first: Api, room: Json, store: MemoryStore) -> None:
    await first.post(f"{RESERVATIONS}/preview", json=wanted(room))
    assert "reservations" not in store.collections
    assert not claims(store)


async def test_what_is_taken_is_refused_with_when_it_is_taken_and_not_by_whom(
    first: Api, second: Api, room: Json
) -> None:
    await first.post(RESERVATIONS, json=wanted(room))
    answer = await second.post(RESERVATIONS, json=wanted(room, start="07-06 11:00", end="07-06 13:00", by=2))
    assert problem(answer) == (409, "slot_taken")
    assert answer.json()["conflicts"] == [
        {
            "occurrence": 1,
            "resource_id": room["id"],
            "start": "2026-07-06T02:00:00.000Z",
            "end": "2026-07-06T04:00:00.000Z",
        }
    ]
    assert business(1) not in answer.text


async def test_bookings_that_only_touch_stand_beside_each_other(first: Api, room: Json) -> None:
    created(await first.post(RESERVATIONS, json=wanted(room)))
    created(await first.post(RESERVATIONS, json=wanted(room, start="07-06 12:00", end="07-06 13:00")))


async def test_several_resources_are_reserved_together_or_not_at_all(
    first: Api, second: Api, room: Json, add: Add, store: MemoryStore
) -> None:
    beamer = await add(kind="equipment", name="投影仪")
    created(await second.post(RESERVATIONS, json=wanted(beamer, by=2)))
    before = claims(store)
    assert problem(await first.post(RESERVATIONS, json=wanted(room, beamer))) == (409, "slot_taken")
    assert claims(store) == before
    created(await first.post(RESERVATIONS, json=wanted(room)))


async def test_as_many_desks_are_booked_as_there_are(first: Api, add: Add) -> None:
    desks = await add(kind="hot_desk", units=3, capacity=1)
    units = [created(await first.post(RESERVATIONS, json=wanted(desks)))["units"][0]["unit"] for _ in range(3)]
    assert sorted(units) == [0, 1, 2]
    assert problem(await first.post(RESERVATIONS, json=wanted(desks))) == (409, "slot_taken")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"start": at("07-06 12:00"), "end": at("07-06 12:00")}, "empty_interval"),
        ({"start": at("07-06 10:07")}, "not_on_grid"),
        ({"start": at("07-06 07:30"), "end": at("07-06 09:00")}, "in_the_past"),
        ({"start": at("07-06 21:30"), "end": at("07-06 22:30")}, "outside_opening_hours"),
        ({"end": at("07-07 09:00")}, "too_long"),
        ({"end": "2027-08-06T10:00:00+08:00"}, "too_long"),
        ({"start": "2026-07-06T10:00:00"}, "timestamp_offset_required"),
        ({"attendees": 11}, "over_capacity"),
        ({"attendees": 0}, "invalid"),
        ({"resource_ids": []}, "length"),
        ({"resource_ids": ["res_" + "0" * 32]}, "resource_unknown"),
        ({"title": " "}, "length"),
        ({"hold_minutes": 16}, "invalid"),
        ({"price": 1}, "unknown_field"),
    ],
)
async def test_what_cannot_be_reserved_is_refused_at_its_place(
    first: Api, room: Json, said: dict[str, Any], code: str
) -> None:
    answer = await first.post(RESERVATIONS, json=wanted(room) | said)
    assert answer.status_code == 422, answer.text
    assert code in {each["code"] for each in answer.json()["errors"]}


async def test_no_more_people_than_there_is_room_for_are_expected_later_either(first: Api, room: Json) -> None:
    made = created(await first.post(RESERVATIONS, json=wanted(room, attendees=4)))
    path, seen = f"{RESERVATIONS}/{made['id']}", {"If-Match": '"v1"'}
    assert problem(await first.patch(path, json={"attendees": 11}, headers=seen)) == (422, "over_capacity")
    assert (await first.patch(path, json={"attendees": 10}, headers=seen)).json()["attendees"] == 10


async def test_a_resource_that_stands_twice_is_refused(first: Api, room: Json) -> None:
    assert problem(await first.post(RESERVATIONS, json=wanted(room, room))) == (422, "resource_repeated")


async def test_resources_of_two_sites_are_not_reserved_together(first: Api, staff: Api, room: Json, add: Add) -> None:
    elsewhere = created(
        await staff.post(f"{V1}/sites", json={"name": "示例二号楼", "address": "示例路2号", "area_m2": 10})
    )
    other = await add(site_id=elsewhere["id"])
    assert problem(await first.post(RESERVATIONS, json=wanted(room, other))) == (422, "resources_of_two_sites")


async def test_nothing_is_reserved_at_another_price_than_expected(first: Api, room: Json) -> None:
    body = wanted(room, expected_price={"amount": 1, "currency": "CNY"})
    answer = await first.post(RESERVATIONS, json=body)
    assert problem(answer) == (409, "price_changed")
    assert answer.json()["price"] == {"amount": 16000, "currency": "CNY"}


# for whom


async def test_a_suspended_business_reserves_nothing_new_and_keeps_what_it_has(
    first: Api, room: Json, hear: Hear
) -> None:
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    await hear(suspended(1))
    answer = await first.post(RESERVATIONS, json=wanted(room, start="07-06 14:00", end="07-06 15:00"))
    assert problem(answer) == (409, "business_not_active")
    assert (await first.get(f"{RESERVATIONS}/{booked['id']}")).json()["status"] == "confirmed"


@pytest.mark.parametrize("number", [2, 77])
async def test_a_business_of_another_is_as_unknown_as_one_that_is_not_there(
    first: Api, room: Json, number: int
) -> None:
    answer = await first.post(RESERVATIONS, json=wanted(room, by=number))
    assert problem(answer) == (409, "business_unknown_yet")
    assert answer.headers["retry-after"] == "1"


async def test_another_partner_finds_no_reservation_of_mine(first: Api, second: Api, room: Json) -> None:
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    assert (await second.get(RESERVATIONS)).json()["data"] == []
    for action in ("confirm", "cancel", "check-in", "check-out"):
        assert problem(await act(second, booked, action)) == (404, "not_found")


# holds


async def test_a_hold_is_confirmed_in_time(first: Api, room: Json, pass_time: Pass, store: MemoryStore) -> None:
    held = created(await first.post(RESERVATIONS, json=wanted(room, hold_minutes=10)))
    assert (held["status"], held["hold_expires_at"]) == ("held", "2026-07-06T01:10:00.000Z")
    await pass_time(minutes=9)
    confirmed = (await act(first, held, "confirm")).json()
    assert (confirmed["status"], confirmed["hold_expires_at"]) == ("confirmed", None)
    assert not [key for key in claims(store) if key.startswith("hold|")]
    assert told(store) == ["held", "confirmed"]


async def test_a_hold_that_is_over_can_be_taken_by_another_before_any_clock_has_run(
    first: Api, second: Api, room: Json, clock: FixedClock
) -> None:
    held = created(await first.post(RESERVATIONS, json=wanted(room, hold_minutes=10)))
    clock.at += timedelta(minutes=10)
    created(await second.post(RESERVATIONS, json=wanted(room, by=2)))
    assert problem(await act(first, held, "confirm")) == (410, "hold_expired")
    elsewhere = {"start": at("07-06 13:00"), "end": at("07-06 14:00")}
    moved = await first.post(f"{RESERVATIONS}/{held['id']}/reschedule", json=elsewhere)
    assert problem(moved) == (409, "invalid_transition")


async def test_a_clock_expires_a_hold_and_leaves_what_another_has_taken_meanwhile(
    first: Api, second: Api, room: Json, clock: FixedClock, pass_time: Pass, store: MemoryStore
) -> None:
    held = created(await first.post(RESERVATIONS, json=wanted(room, hold_minutes=10)))
    clock.at += timedelta(minutes=10)
    created(await second.post(RESERVATIONS, json=wanted(room, by=2)))
    taken = claims(store)
    await pass_time()
    assert (await first.get(f"{RESERVATIONS}/{held['id']}")).json()["status"] == "expired"
    assert {key for key in taken if key.startswith("slot|")} <= claims(store)
    assert problem(await act(first, held, "confirm")) == (410, "hold_expired")


async def test_a_business_has_five_holds_at_a_time(first: Api, add: Add, clock: FixedClock) -> None:
    desks = await add(kind="hot_desk", units=10)
    for _ in range(5):
        created(await first.post(RESERVATIONS, json=wanted(desks, hold_minutes=15)))
    assert problem(await first.post(RESERVATIONS, json=wanted(desks, hold_minutes=15))) == (409, "too_many_holds")
    clock.at += timedelta(minutes=15)
    created(await first.post(RESERVATIONS, json=wanted(desks, hold_minutes=15)))


# moving and cancelling


async def test_s2_moving_a_booking_never_counts_against_itself(first: Api, add: Add) -> None:
    room = await add(terms={"buffer_before": 15, "buffer_after": 15})
    booked = created(await first.post(RESERVATIONS, json=wanted(room, end="07-06 11:00")))
    moved = await act(first, booked, "reschedule", start=at("07-06 10:15"), end=at("07-06 11:15"))
    assert moved.status_code == 200, moved.text
    assert moved.json()["occurrences"][0]["start"] == "2026-07-06T02:15:00.000Z"


async def test_a_move_to_a_taken_time_leaves_the_old_booking_as_it_was(
    first: Api, second: Api, room: Json, store: MemoryStore
) -> None:
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    created(await second.post(RESERVATIONS, json=wanted(room, start="07-06 14:00", end="07-06 16:00", by=2)))
    before, shown = claims(store), (await first.get(f"{RESERVATIONS}/{booked['id']}")).json()
    answer = await act(first, booked, "reschedule", start=at("07-06 13:00"), end=at("07-06 15:00"))
    assert problem(answer) == (409, "slot_taken")
    assert claims(store) == before
    assert (await first.get(f"{RESERVATIONS}/{booked['id']}")).json() == shown


async def test_a_move_gives_the_old_time_to_others(first: Api, second: Api, room: Json) -> None:
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    await act(first, booked, "reschedule", start=at("07-06 14:00"), end=at("07-06 16:00"))
    created(await second.post(RESERVATIONS, json=wanted(room, by=2)))


async def test_a_cancelled_booking_frees_its_time_and_costs_nothing(
    first: Api, second: Api, room: Json, store: MemoryStore
) -> None:
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    cancelled = (await act(first, booked, "cancel")).json()
    assert (cancelled["status"], cancelled["price"]["amount"]) == ("cancelled", 0)
    assert not claims(store)
    created(await second.post(RESERVATIONS, json=wanted(room, by=2)))
    assert problem(await act(first, booked, "cancel")) == (409, "invalid_transition")


async def test_its_holder_is_too_late_where_staff_is_not(first: Api, staff: Api, add: Add) -> None:
    room = await add(terms={"cancel_minutes": 120})
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    assert problem(await act(first, booked, "cancel")) == (409, "cancellation_window_passed")
    late = await act(first, booked, "reschedule", start=at("07-06 14:00"), end=at("07-06 15:00"))
    assert problem(late) == (409, "cancellation_window_passed")
    assert (await act(staff, booked, "cancel")).json()["status"] == "cancelled"


async def test_the_last_moment_in_which_it_is_cancelled_is_included(first: Api, add: Add) -> None:
    room = await add(terms={"cancel_minutes": 60})
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    assert (await act(first, booked, "cancel")).status_code == 200


# coming and leaving


async def test_a_holder_comes_and_leaves_early_and_the_rest_is_free(
    first: Api, second: Api, room: Json, pass_time: Pass, store: MemoryStore
) -> None:
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    assert problem(await act(first, booked, "check-in")) == (409, "not_now")
    await pass_time(minutes=50)
    assert (await act(first, booked, "check-in")).json()["status"] == "checked_in"
    await pass_time(minutes=25)
    done = (await act(first, booked, "check-out")).json()
    assert (done["status"], done["occurrences"][0]["left_at"]) == ("completed", "2026-07-06T02:15:00.000Z")
    created(await second.post(RESERVATIONS, json=wanted(room, start="07-06 10:15", end="07-06 12:00", by=2)))
    assert told(store)[:3] == ["confirmed", "checked_in", "completed"]


async def test_who_does_not_come_within_the_grace_is_missed_by_a_clock(
    first: Api, staff: Api, room: Json, pass_time: Pass, store: MemoryStore
) -> None:
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    await pass_time(minutes=74)
    assert problem(await act(staff, booked, "no-show")) == (409, "not_now")
    await pass_time(minutes=1)
    assert (await first.get(f"{RESERVATIONS}/{booked['id']}")).json()["status"] == "no_show"
    assert not claims(store)
    await pass_time(minutes=1)
    assert told(store) == ["confirmed", "no_show"]
    assert last_told(store)["effective_at"] == instant("07-06 10:15")


async def test_a_booking_that_was_used_is_completed_at_its_end(
    first: Api, room: Json, pass_time: Pass, store: MemoryStore
) -> None:
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    await pass_time(minutes=60)
    await act(first, booked, "check-in")
    await pass_time(minutes=120, hours=13)  # the clock comes late, on the next day
    assert (await first.get(f"{RESERVATIONS}/{booked['id']}")).json()["status"] == "completed"
    last = last_told(store)
    assert orjson.loads(last["data"])["minutes"] == 120
    assert last["effective_at"] == instant("07-06 12:00")


async def test_only_staff_says_that_somebody_did_not_come(first: Api, room: Json) -> None:
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    assert problem(await act(first, booked, "no-show")) == (403, "insufficient_scope")


async def test_what_was_booked_is_remembered_and_its_claims_are_not(
    first: Api, room: Json, pass_time: Pass, store: MemoryStore, clock: FixedClock
) -> None:
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    await pass_time(minutes=60)
    await act(first, booked, "check-in")
    later = created(await first.post(RESERVATIONS, json=wanted(room, start="07-09 10:00", end="07-09 12:00")))
    await pass_time(days=2)
    await spent_claims(store, clock=clock).task(clock.at, lambda: Tx(store, now=clock.at))
    assert len(claims(store)) == 8
    assert (await first.get(f"{RESERVATIONS}/{booked['id']}")).json()["status"] == "completed"
    assert (await act(first, later, "cancel")).json()["status"] == "cancelled"
    assert not claims(store)


# what it is charged


async def charged(api: Api, business_id: str) -> list[Json]:
    """The space lines of all invoices of a business."""
    found = (await api.get(f"{V1}/invoices", params={"business_id": business_id})).json()["data"]
    return [line for invoice in found for line in invoice["lines"] if line["kind"] == "space"]


async def test_a_booking_that_was_used_is_a_line_on_the_invoice_of_its_business(
    first: Api, staff: Api, room: Json, pass_time: Pass
) -> None:
    booked = created(await first.post(RESERVATIONS, json=wanted(room)))
    await pass_time(minutes=60)
    await act(first, booked, "check-in")
    assert await charged(staff, business(1)) == []
    await pass_time(minutes=120)
    await pass_time(minutes=1)
    (line,) = await charged(staff, business(1))
    assert (line["amount"], line["tax_rate_bps"], line["source"]) == (16000, 900, f"{booked['id']}-1")
    assert (line["quantity"], line["service_from"]) == ({"value": "120", "unit": "minute"}, "2026-07-06")


async def test_who_does_not_come_pays_and_who_cancels_in_time_does_not(
    first: Api, staff: Api, room: Json, pass_time: Pass
) -> None:
    created(await first.post(RESERVATIONS, json=wanted(room)))
    later = created(await first.post(RESERVATIONS, json=wanted(room, start="07-06 14:00", end="07-06 15:00")))
    await act(first, later, "cancel")
    await pass_time(hours=8)
    assert [line["amount"] for line in await charged(staff, business(1))] == [16000]


async def test_what_costs_nothing_is_no_line(first: Api, staff: Api, add: Add, pass_time: Pass) -> None:
    created(await first.post(RESERVATIONS, json=wanted(await add())))
    await pass_time(hours=8)
    assert await charged(staff, business(1)) == []


@pytest.mark.parametrize("start", ["9999-12-31T20:00:00Z", "0001-01-01T00:00:00Z"])
async def test_the_ends_of_time_are_no_time_to_book(first: Api, room: Json, start: str) -> None:
    body = wanted(room) | {"start": start, "end": "9999-12-31T23:00:00Z"}
    assert (await first.post(RESERVATIONS, json=body)).status_code == 422
    params = {"from": start}
    answer = await first.get(f"{V1}/resources/{room['id']}/availability", params=params)
    assert answer.status_code == 422
