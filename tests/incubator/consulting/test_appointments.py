"""What becomes of an appointment: answered, moved, cancelled, held, missed, rated, charged and forgotten."""

from datetime import timedelta

import pytest

from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from tests.incubator.conftest import V1, Hear, Json, created
from tests.incubator.consulting.conftest import (
    APPOINTMENTS,
    CONSULTANTS,
    Act,
    Api,
    act,
    change,
    done,
    faults,
    kinds,
    problem,
    told,
    wanted,
)
from tests.incubator.registry_says import dissolution_started
from tests.incubator.space.conftest import at


@pytest.fixture
async def confirmed(request_it: Act, confirm: Act) -> Json:
    """Thursday from ten to eleven."""
    return await confirm(await request_it(agenda="如何开票？"), join_url="https://meet.example/1")


def on_thursday(clock: FixedClock, hour: int, minute: int = 0) -> None:
    """By the clock of the zone."""
    clock.at = clock.at.replace(day=9, hour=hour - 8, minute=minute)


async def invoiced(staff: Api) -> list[tuple[str, int, int, str]]:
    """Kind, amount, tax rate and source of each line that was charged."""
    found = (await staff.get(f"{V1}/invoices")).json()["data"]
    return [
        (line["kind"], line["amount"], line["tax_rate_bps"], line["source"]) for each in found for line in each["lines"]
    ]


# answers


async def test_a_request_is_confirmed_by_staff_alone(first: Api, confirmed: Json, request_it: Act) -> None:
    assert (confirmed["status"], confirmed["join_url"]) == ("confirmed", "https://meet.example/1")
    other = await request_it("07-10 10:00")
    for action in ("confirm", "decline", "complete", "no-show"):
        assert (await act(first, other, action)).status_code == 403


async def test_what_is_declined_is_over_and_free(
    first: Api,
    staff: Api,
    request_it: Act,
    consultant: Json,
    offering: Json,
    store: MemoryStore,
    clock: FixedClock,
) -> None:
    asked = await request_it()
    assert done(await act(staff, asked, "decline"))["status"] == "declined"
    assert kinds(store, asked) == ["appointment.requested", "appointment.declined"]
    created(await first.post(APPOINTMENTS, json=wanted(consultant, offering)))
    clock.at += timedelta(days=2)
    for answer in ("confirm", "decline"):
        assert problem(await act(staff, asked, answer)) == (409, "invalid_transition")


async def test_what_was_answered_is_not_answered_again(staff: Api, confirmed: Json) -> None:
    for action in ("confirm", "decline"):
        answer = await act(staff, confirmed, action)
        assert problem(answer) == (409, "invalid_transition")
        assert answer.json()["allowed_actions"] == ["cancel", "reschedule", "complete", "no_show", "feedback"]


# moving


async def test_moving_gives_the_old_time_back_and_keeps_the_place_in_a_full_week(
    first: Api, second: Api, employ: Act, offering: Json, confirm: Act
) -> None:
    once = await employ(max_per_week=1)
    asked = await confirm(created(await first.post(APPOINTMENTS, json=wanted(once, offering))))
    moved = done(await act(first, asked, "reschedule", start=at("07-09 10:30")))
    assert (moved["status"], moved["start"]) == ("confirmed", "2026-07-09T02:30:00.000Z")
    created(await second.post(APPOINTMENTS, json=wanted(once, offering, "07-09 09:30", by=2)))


async def test_moving_to_another_week_takes_a_place_there_and_gives_one_back(
    first: Api, employ: Act, offering: Json
) -> None:
    once = await employ(max_per_week=1)
    asked = created(await first.post(APPOINTMENTS, json=wanted(once, offering)))
    done(await act(first, asked, "reschedule", start=at("07-16 10:00")))
    created(await first.post(APPOINTMENTS, json=wanted(once, offering, "07-09 10:00")))
    answer = await first.post(APPOINTMENTS, json=wanted(once, offering, "07-17 10:00"))
    assert problem(answer) == (409, "quota_exhausted")


async def test_what_cannot_be_moved_keeps_its_time(
    first: Api, second: Api, confirmed: Json, consultant: Json, offering: Json, store: MemoryStore
) -> None:
    created(await second.post(APPOINTMENTS, json=wanted(consultant, offering, "07-09 14:00", by=2)))
    before = dict(store.collections["claims"])
    answer = await act(first, confirmed, "reschedule", start=at("07-09 14:00"))
    assert problem(answer) == (409, "slot_taken")
    assert store.collections["claims"] == before
    assert (await first.get(f"{APPOINTMENTS}/{confirmed['id']}")).json()["start"] == confirmed["start"]


async def test_a_request_that_is_moved_waits_no_longer_for_an_answer_than_from_its_first_day(
    first: Api, request_it: Act, clock: FixedClock
) -> None:
    asked = await request_it("07-06 14:00")
    clock.at = clock.at.replace(hour=2)
    moved = done(await act(first, asked, "reschedule", start=at("07-10 10:00")))
    assert moved["answer_until"] == "2026-07-08T01:00:00.000Z"
    assert moved["status"] == "requested"


# cancelling


async def test_who_cancels_in_time_gives_both_sides_their_time_back(
    first: Api, confirmed: Json, store: MemoryStore
) -> None:
    assert done(await act(first, confirmed, "cancel"))["status"] == "cancelled"
    assert not [key for key in store.collections["claims"] if key.startswith("slot|")]
    assert told(store, confirmed)[-1][1]["reason"] == "by_holder"


async def test_an_own_late_cancellation_is_refused_and_staff_is_never_late(
    first: Api, staff: Api, employ: Act, offering: Json, clock: FixedClock
) -> None:
    strict = await employ(terms={"cancel_minutes": 1440})
    asked = created(await first.post(APPOINTMENTS, json=wanted(strict, offering)))
    clock.at = clock.at.replace(day=8, hour=0, minute=59)
    done(await act(staff, asked, "confirm"))
    clock.at = clock.at.replace(day=8, hour=2, minute=1)
    assert problem(await act(first, asked, "cancel")) == (409, "cancellation_window_passed")
    late = await act(first, asked, "reschedule", start=at("07-10 10:00"))
    assert problem(late) == (409, "cancellation_window_passed")
    assert done(await act(staff, asked, "cancel"))["status"] == "cancelled"


async def test_a_blackout_cancels_appointments_and_gives_their_place_in_the_week_back(
    first: Api, staff: Api, employ: Act, offering: Json, store: MemoryStore
) -> None:
    once = await employ(max_per_week=1)
    asked = created(await first.post(APPOINTMENTS, json=wanted(once, offering)))
    ill = {"start": at("07-09 08:00"), "end": at("07-09 18:00"), "reason": "生病", "on_conflict": "cancel"}
    created(await staff.post(f"{V1}/blackouts", json={"resource_ids": [once["resource_id"]], **ill}))
    assert (kinds(store, asked)[-1], told(store, asked)[-1][1]["reason"]) == ("appointment.cancelled", "blackout")
    created(await first.post(APPOINTMENTS, json=wanted(once, offering, "07-10 10:00")))


async def test_who_is_dissolved_meets_nobody_any_more_and_what_has_begun_goes_on(
    confirmed: Json, request_it: Act, first: Api, hear: Hear, clock: FixedClock
) -> None:
    later = await request_it("07-10 10:00")
    on_thursday(clock, 10, 30)
    await hear(dissolution_started(), dissolution_started())
    found = {each["id"]: each["status"] for each in (await first.get(APPOINTMENTS)).json()["data"]}
    assert found[later["id"]] == "cancelled"


# held and missed


async def test_what_took_place_is_charged_once(
    staff: Api, confirmed: Json, clock: FixedClock, store: MemoryStore
) -> None:
    on_thursday(clock, 11)
    assert done(await act(staff, confirmed, "complete", notes="已说明。"))["status"] == "completed"
    kind, said = told(store, confirmed)[-1]
    assert (kind, said["minutes"]) == ("appointment.completed", 60)
    assert said["held_on"] == confirmed["start"][:10]
    assert await invoiced(staff) == [("consulting", 20000, 600, confirmed["id"])]
    assert problem(await act(staff, confirmed, "complete")) == (409, "invalid_transition")
    assert len(await invoiced(staff)) == 1


async def test_what_is_over_early_frees_the_rest_of_its_time(
    first: Api, staff: Api, confirmed: Json, consultant: Json, offering: Json, clock: FixedClock
) -> None:
    on_thursday(clock, 10, 20)
    done(await act(staff, confirmed, "complete"))
    created(await first.post(APPOINTMENTS, json=wanted(consultant, offering, "07-09 10:30")))


async def test_nothing_is_completed_before_it_begins(staff: Api, confirmed: Json) -> None:
    assert problem(await act(staff, confirmed, "complete")) == (409, "not_now")


async def test_who_does_not_come_pays_all_the_same(
    staff: Api, confirmed: Json, clock: FixedClock, store: MemoryStore
) -> None:
    on_thursday(clock, 10, 14)
    assert problem(await act(staff, confirmed, "no-show")) == (409, "not_now")
    on_thursday(clock, 10, 15)
    assert done(await act(staff, confirmed, "no-show"))["status"] == "no_show"
    assert kinds(store, confirmed)[-1] == "appointment.missed"
    assert await invoiced(staff) == [("consulting", 20000, 600, confirmed["id"])]


async def test_what_costs_nothing_is_not_charged(
    first: Api, staff: Api, consultant: Json, offer: Act, confirm: Act, clock: FixedClock
) -> None:
    free = await offer(price={"amount": 0, "currency": "CNY"})
    asked = await confirm(created(await first.post(APPOINTMENTS, json=wanted(consultant, free))))
    on_thursday(clock, 11)
    done(await act(staff, asked, "complete"))
    assert await invoiced(staff) == []


# feedback


async def test_feedback_is_given_once_after_the_end_by_the_business_that_was_there(
    first: Api, second: Api, staff: Api, confirmed: Json, clock: FixedClock, store: MemoryStore
) -> None:
    on_thursday(clock, 10, 59)
    assert problem(await act(first, confirmed, "feedback", score=5)) == (409, "not_now")
    on_thursday(clock, 11)
    assert (await act(second, confirmed, "feedback", score=5)).status_code == 404
    assert problem(await act(staff, confirmed, "feedback", score=5)) == (403, "other_side")
    rated = done(await act(first, confirmed, "feedback", score=5, comment="很清楚"))
    assert (rated["score"], rated["comment"]) == (5, "很清楚")
    kind, said = told(store, confirmed)[-1]
    assert (kind, said["score"], said["consulting_topic"]) == ("consultation.rated", 5, "tax")
    assert "comment" not in said
    assert problem(await act(first, confirmed, "feedback", score=1)) == (409, "feedback_given")


@pytest.mark.parametrize("score", [0, 6])
async def test_a_score_is_from_one_to_five(first: Api, confirmed: Json, score: int) -> None:
    assert (await act(first, confirmed, "feedback", score=score)).status_code == 422


async def test_who_gave_feedback_has_neither_missed_it_nor_given_it_back(
    first: Api, staff: Api, confirmed: Json, clock: FixedClock
) -> None:
    on_thursday(clock, 11)
    done(await act(first, confirmed, "feedback", score=4))
    for undo in ("no-show", "cancel"):
        assert problem(await act(staff, confirmed, undo)) == (409, "feedback_given")
    assert done(await act(staff, confirmed, "complete"))["score"] == 4


async def test_what_was_missed_is_not_rated(first: Api, staff: Api, confirmed: Json, clock: FixedClock) -> None:
    on_thursday(clock, 11)
    done(await act(staff, confirmed, "no-show"))
    assert problem(await act(first, confirmed, "feedback", score=1)) == (409, "invalid_transition")


# forgetting


async def test_what_people_wrote_is_found_nowhere_once_erased(
    first: Api, staff: Api, confirmed: Json, clock: FixedClock, store: MemoryStore
) -> None:
    assert problem(await act(first, confirmed, "erase")) == (409, "invalid_transition")
    on_thursday(clock, 11)
    done(await act(staff, confirmed, "complete", notes="已说明。"))
    path, said = f"{APPOINTMENTS}/{confirmed['id']}/feedback", {"score": 3, "comment": "一般"}
    done(await first.post(path, json=said, headers={"Idempotency-Key": "synthetic-1"}))
    erased = done(await act(first, confirmed, "erase"))
    assert (erased["score"], erased["comment"], erased["agenda"], erased["notes"]) == (3, None, None, None)
    for text in ("如何开票", "已说明", "一般", "meet.example"):
        assert text not in str(store.collections)


# consultants


async def test_c3_changed_hours_name_who_is_hit(
    first: Api, staff: Api, request_it: Act, consultant: Json, employ: Act, offering: Json
) -> None:
    fridays = [await request_it(f"07-{day} 10:00") for day in (10, 17, 24)]
    await request_it("07-09 10:00")
    hours = [each for each in consultant["weekly_availability"] if each["weekday"] != 5]
    answer = await change(staff, consultant, weekly_availability=hours)
    assert sorted(done(answer)["affected"]) == sorted(each["id"] for each in fridays)
    stays = (await first.get(f"{APPOINTMENTS}/{fridays[0]['id']}")).json()
    assert stays["status"] == "requested"


async def test_who_retires_is_asked_no_more_and_whom_that_hits_is_named(
    first: Api, staff: Api, request_it: Act, consultant: Json, offering: Json
) -> None:
    asked = await request_it()
    retired = done(await staff.post(f"{CONSULTANTS}/{consultant['id']}/retire"))
    assert (retired["status"], retired["affected"]) == ("retired", [asked["id"]])
    answer = await first.post(APPOINTMENTS, json=wanted(consultant, offering, "07-10 10:00"))
    assert problem(answer) == (409, "resource_retired")
    answer = await change(staff, consultant, max_per_week=5)
    assert problem(answer) == (409, "invalid_transition")


async def test_who_a_retired_consultant_was_is_forgotten(staff: Api, consultant: Json, store: MemoryStore) -> None:
    path = f"{CONSULTANTS}/{consultant['id']}"
    assert problem(await staff.post(f"{path}/erase")) == (409, "invalid_transition")
    done(await staff.post(f"{path}/retire"))
    assert done(await staff.post(f"{path}/erase"))["name"] is None
    assert "示例顾问" not in str(store.collections)


async def test_consultants_are_found_by_topic_and_language(first: Api, employ: Act) -> None:
    one = await employ(topics=["tax", "law"], languages=["zh", "ug"])
    await employ(topics=["export"], languages=["zh"])
    for asked in ({"topic": "law"}, {"language": "ug"}):
        found = (await first.get(CONSULTANTS, params=asked)).json()["data"]
        assert [each["id"] for each in found] == [one["id"]]
        assert found[0]["weekly_availability"] == one["weekly_availability"]


@pytest.mark.parametrize(
    ("said", "code"),
    [({"time_zone": "Asia/Nowhere"}, "unknown_time_zone"), ({"site_id": f"sit_{'0' * 32}"}, "site_unknown")],
)
async def test_what_is_wrong_with_a_consultant_is_said(
    staff: Api, site: Json, consultant: Json, said: Json, code: str
) -> None:
    usual = {name: consultant[name] for name in ("site_id", "name", "topics", "languages", "weekly_availability")}
    answer = await staff.post(CONSULTANTS, json={**usual, "max_per_week": 1, **said})
    assert faults(answer) == {code}


async def test_an_offering_is_priced_in_the_zones_currency_and_lasts_whole_quarters(offer: Act, staff: Api) -> None:
    said = {"title": "x", "minutes": 50, "topics": ["tax"], "price": {"amount": 1, "currency": "USD"}}
    assert faults(await staff.post(f"{V1}/offerings", json=said)) == {"not_on_grid", "currency_mismatch"}
