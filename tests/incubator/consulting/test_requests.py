"""What a business asks for: what is listed is granted, what is taken is not, and what is wrong is said."""

from datetime import timedelta

import pytest

from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from tests.incubator.conftest import V1, Hear, Json, Pass, created
from tests.incubator.consulting.conftest import (
    APPOINTMENTS,
    OFFERINGS,
    PRICE,
    Act,
    Api,
    act,
    done,
    faults,
    kinds,
    problem,
    slots,
    told,
    wanted,
)
from tests.incubator.registry_says import business, suspended
from tests.incubator.space.conftest import at


def slot_claims(store: MemoryStore) -> set[str]:
    return {key for key in store.collections.get("claims", {}) if key.startswith("slot|")}


# asking


async def test_a_request_keeps_the_time_of_the_consultant_of_the_business_and_of_a_room(
    request_it: Act, consultant: Json, room: Json, store: MemoryStore
) -> None:
    asked = await request_it(room_id=room["id"])
    assert (asked["status"], asked["price"], asked["room_id"]) == ("requested", PRICE, room["id"])
    taken = {key.split("|")[1].split(":")[0] for key in slot_claims(store)}
    assert taken == {consultant["resource_id"], business(1), room["id"]}
    assert len(slot_claims(store)) == 3 * 4


async def test_a_request_is_told_with_whom_about_what_and_at_which_price(request_it: Act, store: MemoryStore) -> None:
    asked = await request_it()
    [(kind, said)] = told(store, asked)
    assert kind == "appointment.requested"
    assert (said["consulting_topic"], said["mode"], said["price"]) == ("tax", "onsite", PRICE)
    assert (said["business_id"], said["consultant_id"]) == (business(1), asked["consultant_id"])


async def test_a_business_is_in_one_place_at_a_time(
    first: Api, request_it: Act, employ: Act, offering: Json, store: MemoryStore
) -> None:
    await request_it("07-09 10:00")
    other = await employ()
    answer = await first.post(APPOINTMENTS, json=wanted(other, offering, "07-09 10:45"))
    assert problem(answer) == (409, "party_busy")
    created(await first.post(APPOINTMENTS, json=wanted(other, offering, "07-09 11:00")))


async def test_a_consultant_is_in_one_place_at_a_time(
    second: Api, request_it: Act, consultant: Json, offering: Json
) -> None:
    await request_it("07-09 10:00")
    answer = await second.post(APPOINTMENTS, json=wanted(consultant, offering, "07-09 10:45", by=2))
    assert problem(answer) == (409, "slot_taken")


async def test_a_room_that_is_booked_is_taken(
    first: Api, second: Api, room: Json, consultant: Json, offering: Json
) -> None:
    said = {"business_id": business(2), "resource_ids": [room["id"]], "title": "评审"}
    times = {"start": at("07-09 10:00"), "end": at("07-09 11:00")}
    created(await second.post(f"{V1}/reservations", json=said | times))
    answer = await first.post(APPOINTMENTS, json=wanted(consultant, offering, room_id=room["id"]))
    assert problem(answer) == (409, "slot_taken")


async def test_nothing_is_kept_of_what_was_refused(
    first: Api, request_it: Act, employ: Act, offering: Json, store: MemoryStore
) -> None:
    await request_it()
    before = slot_claims(store)
    await first.post(APPOINTMENTS, json=wanted(await employ(), offering))
    assert slot_claims(store) == before


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"topic": "export"}, "topic_not_offered"),
        ({"topic": "law"}, "topic_not_offered"),
        ({"consultant_id": f"cst_{'0' * 32}"}, "consultant_unknown"),
        ({"offering_id": f"ofr_{'0' * 32}"}, "offering_unknown"),
        ({"room_id": f"res_{'0' * 32}"}, "resource_unknown"),
        ({"start": at("07-09 10:05")}, "not_on_grid"),
        ({"start": at("07-09 17:15")}, "outside_opening_hours"),
        ({"start": at("07-11 10:00")}, "outside_opening_hours"),
        ({"start": at("07-05 10:00")}, "in_the_past"),
    ],
)
async def test_what_is_wrong_is_said(first: Api, consultant: Json, offering: Json, said: Json, code: str) -> None:
    answer = await first.post(APPOINTMENTS, json=wanted(consultant, offering) | said)
    assert code in faults(answer)


async def test_a_consultant_is_no_room_and_a_desk_is_none(
    first: Api, add: Act, employ: Act, consultant: Json, offering: Json
) -> None:
    for other in (await add(kind="hot_desk"), {"id": (await employ())["resource_id"]}):
        answer = await first.post(APPOINTMENTS, json=wanted(consultant, offering, room_id=other["id"]))
        assert faults(answer) == {"not_bookable"}


async def test_hours_are_those_of_the_consultants_zone(first: Api, employ: Act, offering: Json) -> None:
    there = await employ(time_zone="Asia/Urumqi")
    early = await first.post(APPOINTMENTS, json=wanted(there, offering, "07-09 10:00"))
    assert faults(early) == {"outside_opening_hours"}
    created(await first.post(APPOINTMENTS, json=wanted(there, offering, "07-09 11:00")))


async def test_what_is_not_offered_any_more_is_not_asked_for(
    first: Api, staff: Api, consultant: Json, offering: Json
) -> None:
    done(await staff.post(f"{OFFERINGS}/{offering['id']}/withdraw"))
    answer = await first.post(APPOINTMENTS, json=wanted(consultant, offering))
    assert problem(answer) == (409, "offering_withdrawn")
    assert await slots(first, consultant, offering, "07-06 00:00", "07-11 00:00") == []


async def test_who_may_not_trade_asks_for_nothing_new_and_what_runs_stays(
    first: Api, request_it: Act, confirm: Act, consultant: Json, offering: Json, hear: Hear
) -> None:
    asked = await confirm(await request_it())
    await hear(suspended())
    answer = await first.post(APPOINTMENTS, json=wanted(consultant, offering, "07-10 10:00"))
    assert problem(answer) == (409, "business_not_active")
    assert (await first.get(f"{APPOINTMENTS}/{asked['id']}")).json()["status"] == "confirmed"


async def test_an_appointment_is_its_business_alone(second: Api, staff: Api, request_it: Act) -> None:
    asked = await request_it()
    assert (await second.get(f"{APPOINTMENTS}/{asked['id']}")).status_code == 404
    assert (await second.get(APPOINTMENTS)).json()["data"] == []
    assert [each["id"] for each in (await staff.get(APPOINTMENTS)).json()["data"]] == [asked["id"]]


async def test_an_appointment_is_no_booking_and_a_booking_no_appointment(
    first: Api, request_it: Act, room: Json
) -> None:
    asked = await request_it()
    assert (await first.post(f"{V1}/reservations/{asked['id']}/cancel")).status_code == 404
    assert (await first.get(f"{V1}/reservations")).json()["data"] == []
    said = {"business_id": business(1), "resource_ids": [room["id"]], "title": "评审"}
    times = {"start": at("07-09 10:00"), "end": at("07-09 11:00")}
    booked = created(await first.post(f"{V1}/reservations", json=said | times))
    assert (await first.post(f"{APPOINTMENTS}/{booked['id']}/cancel")).status_code == 404


async def test_a_consultant_is_not_booked_as_a_room_is(first: Api, consultant: Json, site: Json) -> None:
    times = {"start": at("07-09 10:00"), "end": at("07-09 11:00")}
    said = {"business_id": business(1), "resource_ids": [consultant["resource_id"]], "title": "评审", **times}
    assert faults(await first.post(f"{V1}/reservations", json=said)) == {"not_bookable"}
    params = {"site_id": site["id"], "from": times["start"], "to": times["end"]}
    assert (await first.get(f"{V1}/resources/available", params=params)).json()["data"] == []


# slots


async def test_what_is_listed_is_granted_and_nothing_else(
    first: Api, request_it: Act, consultant: Json, offering: Json
) -> None:
    await request_it("07-09 12:00")
    free = await slots(first, consultant, offering, "07-09 00:00", "07-10 00:00")
    assert free[0] == "07-09 09:00"
    assert free[-1] == "07-09 17:00"
    assert [each for each in free if "11:00" < each[6:] < "13:00"] == []


async def test_times_of_which_the_business_is_elsewhere_are_not_its(
    first: Api, request_it: Act, employ: Act, offering: Json
) -> None:
    await request_it("07-09 12:00")
    other = await employ()
    day = ("07-09 11:00", "07-09 13:00")
    assert len(await slots(first, other, offering, *day)) == 8
    assert await slots(first, other, offering, *day, business_id=business(1)) == ["07-09 11:00"]


async def test_slots_are_of_an_offering_that_the_consultant_gives(
    first: Api, consultant: Json, offer: Act, offering: Json
) -> None:
    params = {"offering": (await offer(topics=["export"]))["id"]}
    answer = await first.get(f"{V1}/consultants/{consultant['id']}/slots", params=params)
    assert faults(answer) == {"topic_not_offered"}


async def test_c4_who_is_under_way_is_still_busy(
    first: Api, employ: Act, offer: Act, confirm: Act, clock: FixedClock
) -> None:
    busy = await employ(terms={"cutoff_minutes": 30})
    long = await offer(minutes=105)
    await confirm(created(await first.post(APPOINTMENTS, json=wanted(busy, long, "07-06 10:00"))))
    clock.at = clock.at.replace(hour=2, minute=10)
    free = await slots(first, busy, long, "07-06 10:10", "07-06 18:00")
    assert free[0] == "07-06 11:45"
    answer = await first.post(APPOINTMENTS, json=wanted(busy, long, "07-06 11:00"))
    assert problem(answer) == (409, "slot_taken")


# the weekly limit


async def test_c2_a_weekly_limit_sees_the_whole_week(first: Api, employ: Act, offering: Json) -> None:
    once = await employ(max_per_week=1)
    created(await first.post(APPOINTMENTS, json=wanted(once, offering, "08-31 10:00")))
    free = await slots(first, once, offering, "09-01 00:00", "10-01 00:00", business_id=business(1))
    assert free[0] == "09-07 09:00"
    answer = await first.post(APPOINTMENTS, json=wanted(once, offering, "09-04 10:00"))
    assert problem(answer) == (409, "quota_exhausted")
    created(await first.post(APPOINTMENTS, json=wanted(once, offering, "09-07 10:00")))


async def test_c2_the_week_is_that_of_the_zone_whatever_zone_the_caller_sends(
    first: Api, employ: Act, offering: Json
) -> None:
    night = [{"weekday": day, "from": "00:00", "to": "24:00"} for day in range(1, 8)]
    once = await employ(max_per_week=1, weekly_availability=night)
    created(await first.post(APPOINTMENTS, json=wanted(once, offering) | {"start": "2026-07-12T12:00:00-03:00"}))
    sunday = wanted(once, offering) | {"start": "2026-07-12T10:00:00Z"}
    assert problem(await first.post(APPOINTMENTS, json=sunday)) == (409, "quota_exhausted")
    monday = wanted(once, offering) | {"start": "2026-07-12T17:00:00Z"}
    created(await first.post(APPOINTMENTS, json=monday))


async def test_a_limit_is_each_businesss_own(first: Api, second: Api, employ: Act, offering: Json) -> None:
    once = await employ(max_per_week=1)
    created(await first.post(APPOINTMENTS, json=wanted(once, offering, "07-09 10:00")))
    created(await second.post(APPOINTMENTS, json=wanted(once, offering, "07-09 11:00", by=2)))


@pytest.mark.parametrize("end", ["decline", "cancel"])
async def test_what_does_not_take_place_gives_its_place_in_the_week_back(
    first: Api, staff: Api, employ: Act, offering: Json, end: str
) -> None:
    once = await employ(max_per_week=1)
    asked = created(await first.post(APPOINTMENTS, json=wanted(once, offering)))
    done(await act(staff if end == "decline" else first, asked, end))
    created(await first.post(APPOINTMENTS, json=wanted(once, offering, "07-10 10:00")))


async def test_what_was_missed_keeps_its_place_in_the_week(
    first: Api, staff: Api, employ: Act, offering: Json, confirm: Act, clock: FixedClock
) -> None:
    once = await employ(max_per_week=1)
    asked = await confirm(created(await first.post(APPOINTMENTS, json=wanted(once, offering, "07-06 10:00"))))
    clock.at = clock.at.replace(hour=2, minute=15)
    done(await act(staff, asked, "no-show"))
    answer = await first.post(APPOINTMENTS, json=wanted(once, offering, "07-09 10:00"))
    assert problem(answer) == (409, "quota_exhausted")


# C1


async def test_c1_an_unanswered_request_ends_by_itself(
    first: Api, second: Api, staff: Api, employ: Act, offering: Json, pass_time: Pass, store: MemoryStore
) -> None:
    once = await employ(max_per_week=1)
    asked = created(await first.post(APPOINTMENTS, json=wanted(once, offering, "07-09 10:00")))
    assert asked["answer_until"] == "2026-07-08T01:00:00.000Z"
    await pass_time(hours=48)
    assert (await first.get(f"{APPOINTMENTS}/{asked['id']}")).json()["status"] == "expired"
    assert kinds(store, asked) == ["appointment.requested", "appointment.expired"]
    assert problem(await act(staff, asked, "confirm")) == (410, "hold_expired")
    assert slot_claims(store) == set()
    created(await second.post(APPOINTMENTS, json=wanted(once, offering, "07-09 10:00", by=2)))
    created(await first.post(APPOINTMENTS, json=wanted(once, offering, "07-10 10:00")))


async def test_c1_a_request_ends_as_it_would_begin(request_it: Act, pass_time: Pass, first: Api) -> None:
    asked = await request_it("07-06 11:00")
    assert asked["answer_until"] == asked["start"]
    await pass_time(hours=2)
    assert (await first.get(f"{APPOINTMENTS}/{asked['id']}")).json()["status"] == "expired"


async def test_c1_what_has_ended_is_free_before_any_clock_says_so(
    first: Api, staff: Api, employ: Act, offering: Json, clock: FixedClock
) -> None:
    once = await employ(max_per_week=1)
    asked = created(await first.post(APPOINTMENTS, json=wanted(once, offering, "07-09 10:00")))
    clock.at = clock.at.replace(day=8)
    for answer in ("confirm", "decline"):
        assert problem(await act(staff, asked, answer)) == (410, "hold_expired")
    assert problem(await act(first, asked, "reschedule", start=at("07-10 10:00"))) == (410, "hold_expired")
    created(await first.post(APPOINTMENTS, json=wanted(once, offering, "07-09 10:00")))


async def test_what_was_confirmed_does_not_end_by_itself(
    request_it: Act, confirm: Act, pass_time: Pass, first: Api
) -> None:
    asked = await confirm(await request_it())
    await pass_time(days=10)
    assert (await first.get(f"{APPOINTMENTS}/{asked['id']}")).json()["status"] == "confirmed"


@pytest.mark.parametrize("start", ["9999-12-31T23:45:00Z", "9999-12-31T23:15:00Z", "0001-01-01T00:00:00Z"])
async def test_the_ends_of_time_are_no_time_to_meet(
    first: Api, request_it: Act, consultant: Json, offering: Json, start: str
) -> None:
    answers = [
        await first.post(APPOINTMENTS, json=wanted(consultant, offering) | {"start": start}),
        await act(first, await request_it(), "reschedule", start=start),
    ]
    assert {each.status_code for each in answers} == {422}
    params = {"offering": offering["id"], "from": start}
    assert (await first.get(f"{V1}/consultants/{consultant['id']}/slots", params=params)).status_code in (200, 422)


async def test_a_consultants_calendar_comes_with_the_consultant_alone(staff: Api, site: Json) -> None:
    said = {"site_id": site["id"], "name": "x", "kind": "consultant", "opening": []}
    assert faults(await staff.post(f"{V1}/resources", json=said)) == {"kind_reserved"}


# walking in


async def test_who_walks_in_is_entered_by_staff_and_has_the_hour_at_once(
    first: Api, staff: Api, employ: Act, offering: Json, clock: FixedClock, store: MemoryStore
) -> None:
    consultant = await employ(terms={"cutoff_minutes": 120})
    clock.at += timedelta(minutes=10)
    entered = created(await staff.post(APPOINTMENTS, json=wanted(consultant, offering, "07-06 09:00")))
    assert (entered["status"], entered["answer_until"]) == ("confirmed", None)
    assert [kind for kind, _ in told(store, entered)] == ["appointment.confirmed"]
    assert done(await act(staff, entered, "complete"))["status"] == "completed"
    assert done(await act(first, entered, "feedback", score=5))["score"] == 5


async def test_a_business_does_not_enter_itself_as_walking_in(
    first: Api, consultant: Json, offering: Json, clock: FixedClock
) -> None:
    clock.at += timedelta(minutes=10)
    asked = wanted(consultant, offering, "07-06 09:00")
    assert faults(await first.post(APPOINTMENTS, json=asked)) == {"in_the_past"}


async def test_nobody_walks_in_an_hour_ago_or_where_the_consultant_is_not(
    staff: Api, consultant: Json, offering: Json, clock: FixedClock
) -> None:
    clock.at += timedelta(minutes=15)
    asked = wanted(consultant, offering, "07-06 09:00")
    assert faults(await staff.post(APPOINTMENTS, json=asked)) == {"in_the_past"}
    clock.at = clock.at.replace(hour=10, minute=5)
    after_six = wanted(consultant, offering, "07-06 18:00")
    assert faults(await staff.post(APPOINTMENTS, json=after_six)) == {"outside_opening_hours"}


async def test_who_walks_in_to_a_consultant_who_is_busy_comes_second(
    staff: Api, consultant: Json, offering: Json
) -> None:
    asked = wanted(consultant, offering, "07-06 09:00")
    created(await staff.post(APPOINTMENTS, json=asked))
    assert problem(await staff.post(APPOINTMENTS, json=asked | {"business_id": business(2)})) == (409, "slot_taken")
