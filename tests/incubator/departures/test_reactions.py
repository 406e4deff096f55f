"""What each room does as a business leaves, or stays after all; each reaction twice, and in another order."""

from datetime import timedelta

import httpx
import pytest

from services.chassis.domain.events import Event
from services.chassis.testing.callers import caller
from tests.incubator.conftest import As
from tests.incubator.departures.conftest import MONDAY, V1, Json, Office, said_in
from tests.incubator.registry_says import (
    business,
    dissolution_cancelled,
    dissolution_started,
    dissolved,
    partner,
    suspended,
)
from tests.refusals import reason

TEN, TWELVE = "2026-07-07T10:00:00+08:00", "2026-07-07T12:00:00+08:00"
WEEKLY = {"freq": "weekly", "interval": 1, "count": 4}
STOPS = [suspended(), dissolution_started()]


def told(office: Office, what: str) -> list[Json]:
    """The data of all events of a kind, such as `reservation.cancelled`."""
    return [said_in(row) for row in office.store.rows("outbox") if f".{what}.v" in row["type"]]


async def refused(office: Office, method: str, path: str, **body: object) -> tuple[int, str]:
    answer: httpx.Response = await office.api.request(method, f"{V1}{path}", json=body)
    return answer.status_code, reason(answer)


# commands


@pytest.mark.parametrize("stop", STOPS, ids=["suspended", "dissolving"])
async def test_who_may_not_trade_books_nothing_new(office: Office, stop: Event) -> None:
    room = await office.room(await office.site())
    await office.hear(stop)
    body = {"business_id": business(), "resource_ids": [room["id"]], "start": TEN, "end": TWELVE, "title": "评审"}
    for path in ("/reservations", "/reservations/preview"):
        assert await refused(office, "POST", path, **body) == (409, "business_not_active")


@pytest.mark.parametrize("act", ["confirm", "reschedule"])
async def test_who_may_not_trade_takes_and_moves_nothing_that_is_held(office: Office, act: str) -> None:
    room = await office.room(await office.site())
    office.clock.at = MONDAY
    held = await office.booking(room, TEN, TWELVE, hold_minutes=15)
    await office.hear(suspended())
    body = {"start": TWELVE, "end": "2026-07-07T13:00:00+08:00"} if act == "reschedule" else {}
    assert await refused(office, "POST", f"/reservations/{held['id']}/{act}", **body) == (409, "business_not_active")


async def test_who_may_not_trade_prolongs_no_series(office: Office) -> None:
    room = await office.room(await office.site())
    series = await office.booking(room, TEN, TWELVE, recurrence=WEEKLY)
    await office.hear(suspended())
    path, longer = f"{V1}/reservations/{series['id']}", {"recurrence": WEEKLY | {"count": 6}}
    seen = await office.api.get(path)
    answer = await office.api.patch(path, json=longer, headers={"If-Match": seen.headers["etag"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "business_not_active")


@pytest.mark.parametrize("stop", STOPS, ids=["suspended", "dissolving"])
async def test_who_may_not_trade_begins_no_membership_and_is_supplied_nowhere_new(office: Office, stop: Event) -> None:
    site = await office.site()
    membership = await office.membership()
    await office.post(f"/memberships/{membership['id']}/end", 200, ends_on="2026-07-02")
    point, _ = await office.metered_point(site)
    await office.hear(stop)
    body = {"business_id": business(), "plan_id": membership["plan_id"], "starts_on": "2026-08-01"}
    assert await refused(office, "POST", "/memberships", **body) == (409, "business_not_active")
    place = {name: point[name] for name in ("site_id", "utility", "business_id", "tariff_id", "area_m2", "opened_on")}
    assert await refused(office, "POST", "/service-points", **place, place="3-303") == (409, "business_not_active")


async def test_what_runs_of_a_suspended_business_stays(office: Office) -> None:
    room = await office.room(await office.site())
    booking, membership = await office.booking(room, TEN, TWELVE), await office.membership()
    await office.hear(suspended())
    assert (await office.get(f"/reservations/{booking['id']}"))["status"] == "confirmed"
    assert (await office.get(f"/memberships/{membership['id']}"))["status"] == "active"


async def test_who_stays_after_all_may_book_again(office: Office) -> None:
    room = await office.room(await office.site())
    await office.hear(dissolution_started(), dissolution_cancelled(status="active"))
    assert (await office.booking(room, TEN, TWELVE))["status"] == "confirmed"


async def test_who_stays_suspended_may_not_book_yet(office: Office) -> None:
    room = await office.room(await office.site())
    await office.hear(
        suspended(), dissolution_started(sequence=3), dissolution_cancelled(sequence=4, status="suspended")
    )
    body = {"business_id": business(), "resource_ids": [room["id"]], "start": TEN, "end": TWELVE, "title": "评审"}
    assert await refused(office, "POST", "/reservations", **body) == (409, "business_not_active")


# reservations


async def test_what_is_reserved_and_has_not_begun_is_cancelled_and_its_slots_are_free(office: Office) -> None:
    room = await office.room(await office.site())
    booking = await office.booking(room, TEN, TWELVE)
    await office.hear(dissolution_started())
    assert (await office.get(f"/reservations/{booking['id']}"))["status"] == "cancelled"
    (event,) = told(office, "reservation.cancelled")
    assert (event["reservation_id"], event["reason"]) == (booking["id"], "dissolution")
    body = {"business_id": business(2), "resource_ids": [room["id"]], "start": TEN, "end": TWELVE, "title": "评审"}
    assert (await office.post("/reservations", **body))["status"] == "confirmed"


async def test_of_a_series_what_is_to_come_is_cancelled_and_what_took_place_stays(office: Office) -> None:
    room = await office.room(await office.site())
    series = await office.booking(room, "2026-07-02T10:00:00+08:00", "2026-07-02T11:00:00+08:00", recurrence=WEEKLY)
    office.clock.at = MONDAY
    await office.run_clocks()
    await office.hear(dissolution_started())
    shown = await office.get(f"/reservations/{series['id']}")
    statuses = [each["status"] for each in shown["occurrences"]]
    assert statuses == ["no_show", "cancelled", "cancelled", "cancelled"]
    assert len(told(office, "reservation.cancelled")) == 1


async def test_who_is_in_a_room_may_stay_until_the_end(office: Office) -> None:
    room = await office.room(await office.site())
    booking = await office.booking(room, "2026-07-06T09:00:00+08:00", "2026-07-06T10:00:00+08:00")
    office.clock.at = MONDAY
    await office.post(f"/reservations/{booking['id']}/check-in", 200)
    await office.hear(dissolution_started())
    assert (await office.get(f"/reservations/{booking['id']}"))["status"] == "checked_in"


async def test_the_reservations_of_others_stay(office: Office) -> None:
    room = await office.room(await office.site())
    body = {"business_id": business(2), "resource_ids": [room["id"]], "start": TEN, "end": TWELVE, "title": "评审"}
    booking = await office.post("/reservations", **body)
    await office.hear(dissolution_started())
    assert (await office.get(f"/reservations/{booking['id']}"))["status"] == "confirmed"


# allocations


async def test_an_allocation_ends_today_and_one_to_come_does_not_take_place(office: Office) -> None:
    site = await office.site()
    desks = {"site_id": site["id"], "name": "工位", "kind": "dedicated_desk", "usage": "allocatable", "units": 2}
    week = [{"weekday": day, "from": "08:00", "to": "22:00"} for day in range(1, 8)]
    desk = await office.post(
        "/resources", **desks, area_m2=10, opening=week, rate={"price": "900", "per": "month", "currency": "CNY"}
    )
    said = {"business_id": business(), "resource_id": desk["id"], "units": 1}
    running = await office.post("/allocations", **said, starts_on="2026-07-01", ends_on="2026-12-31")
    to_come = await office.post("/allocations", **said, starts_on="2026-08-01", ends_on="2026-12-31")
    office.clock.at = MONDAY
    await office.run_clocks()
    await office.hear(dissolution_started(), dissolution_started())
    shown = [await office.get(f"/allocations/{each['id']}") for each in (running, to_come)]
    assert [(each["status"], each["ends_on"]) for each in shown] == [
        ("running", "2026-07-06"),
        ("cancelled", "2026-12-31"),
    ]
    await office.run_clocks()
    assert await office.awaits() == [("use_ends", running["id"])]
    office.clock.at = MONDAY + timedelta(days=27)  # the month is over
    for _ in range(3):
        await office.run_clocks()
    assert (await office.departure())["status"] == "owing"


# postings


async def test_nobody_applies_at_a_business_that_leaves_until_it_stays_and_publishes_again(office: Office) -> None:
    said = {"title": "示例：软件工程师", "description": "示例", "employment_type": "full_time", "openings": 1}
    where = {"country": "CN", "region": "新疆", "locality": "库尔勒"}
    more = {"valid_through": "2026-12-31", "location": where}
    posting = await office.post("/job-postings", business_id=business(), **said, **more)
    await office.post(f"/job-postings/{posting['id']}/publish", 200)
    await office.hear(dissolution_started(), dissolution_started())
    assert (await office.get(f"/job-postings/{posting['id']}"))["status"] == "paused"
    assert len(told(office, "job.paused")) == 1
    publish = f"/job-postings/{posting['id']}/publish"
    assert await refused(office, "POST", publish) == (409, "business_not_active")
    await office.hear(dissolution_cancelled())
    assert (await office.post(publish, 200))["status"] == "published"


# memberships


async def test_a_membership_ends_on_the_day_and_one_to_come_with_its_first(office: Office) -> None:
    running = await office.membership("2026-07-01")
    await office.post(f"/memberships/{running['id']}/end", 200, ends_on="2026-07-31")
    to_come = await office.membership("2026-08-01")
    office.clock.at = MONDAY
    await office.hear(dissolution_started())
    ends = [(await office.get(f"/memberships/{each['id']}"))["ends_on"] for each in (running, to_come)]
    assert ends == ["2026-07-06", "2026-08-01"]


async def test_a_membership_without_an_end_ends_today(office: Office) -> None:
    membership = await office.membership()
    office.clock.at = MONDAY
    await office.hear(dissolution_started())
    shown = await office.get(f"/memberships/{membership['id']}")
    assert (shown["status"], shown["ends_on"]) == ("ended", "2026-07-06")


# service points


async def test_staff_can_list_whose_meter_is_to_be_read_for_the_last_time(office: Office) -> None:
    point, meter = await office.metered_point(await office.site())
    office.clock.at = MONDAY
    await office.hear(dissolution_started())
    (listed,) = (await office.get("/service-points", awaits_final_reading=True))["data"]
    assert (listed["id"], listed["final_reading_requested_on"]) == (point["id"], "2026-07-06")
    assert (await office.get("/service-points", awaits_final_reading=False))["data"] == []
    (event,) = told(office, "final_reading.requested")
    assert (event["service_point_id"], event["requested_on"]) == (point["id"], "2026-07-06")
    final = {"at": MONDAY.isoformat(), "value": "150", "source": "final"}
    await office.post(f"/meters/{meter['id']}/readings", **final)
    assert (await office.get("/service-points", awaits_final_reading=True))["data"] == []


async def test_a_meter_that_is_exchanged_meanwhile_leaves_the_final_reading_to_the_new_one(office: Office) -> None:
    point, meter = await office.metered_point(await office.site())
    office.clock.at = MONDAY
    await office.hear(dissolution_started())
    other = {"serial": "EX-2", "digits": 5, "initial": "0"}
    await office.post(f"/meters/{meter['id']}/exchange", at=MONDAY.isoformat(), final="120", meter=other)
    (listed,) = (await office.get("/service-points", awaits_final_reading=True))["data"]
    assert listed["id"] == point["id"]


async def test_who_stays_is_read_on(office: Office) -> None:
    await office.metered_point(await office.site())
    await office.hear(dissolution_started(), dissolution_cancelled())
    assert (await office.get("/service-points", awaits_final_reading=True))["data"] == []


# twice, and in another order


@pytest.mark.parametrize(
    "again",
    [
        [dissolution_started(), dissolution_started()],
        [dissolution_started(), dissolved(), dissolution_started()],
        [dissolution_started(), dissolved(), dissolved()],
    ],
)
async def test_what_is_heard_again_does_nothing_more(office: Office, again: list[Event]) -> None:
    site = await office.site()
    await office.booking(await office.room(site), TEN, TWELVE)
    await office.membership()
    await office.metered_point(site)
    await office.hear(again[0])
    events = [row["_id"] for row in office.store.rows("outbox")]
    await office.hear(*again[1:])
    assert [row["_id"] for row in office.store.rows("outbox")] == events


async def test_a_beginning_that_is_heard_again_after_the_cancellation_ends_nothing(office: Office) -> None:
    site = await office.site()
    room = await office.room(site)
    await office.hear(dissolution_started(), dissolution_cancelled())
    booking, membership = await office.booking(room, TEN, TWELVE), await office.membership()
    await office.metered_point(site)
    await office.hear(dissolution_started())
    assert (await office.get(f"/reservations/{booking['id']}"))["status"] == "confirmed"
    assert (await office.get(f"/memberships/{membership['id']}"))["status"] == "active"
    assert (await office.get("/service-points", awaits_final_reading=True))["data"] == []
    assert (await office.departure())["status"] == "cancelled"


async def test_the_departure_of_another_is_not_there(office: Office, api_as: As) -> None:
    await office.hear(dissolution_started())
    async with api_as(caller("partner", partner=partner(2), scopes="incubator:read")) as stranger:
        assert (await stranger.get(f"{V1}/departures/{business()}")).status_code == 404
        assert (await stranger.get(f"{V1}/departures")).json()["data"] == []
