"""Incubations: enrolled, extended in time, graduated with all mandatory milestones, and what became of them."""

from datetime import timedelta

import pytest

from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from tests.incubator.conftest import Hear, Json, Pass, created
from tests.incubator.programme.conftest import (
    APPLICATIONS,
    COHORTS,
    INCUBATIONS,
    PROGRAM,
    Act,
    Api,
    kinds,
    told,
    tried,
)
from tests.incubator.registry_says import business, dissolution_started, dissolved, suspended
from tests.refusals import reason


@pytest.fixture
def do(staff: Api) -> Act:
    """Does something to an incubation, as an officer."""

    async def do(incubation: Json, action: str, **said: object) -> Json:
        answer = await staff.post(f"{INCUBATIONS}/{incubation['id']}/{action}", json=said)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    return do


def to(incubation: Json, action: str) -> str:
    return f"{INCUBATIONS}/{incubation['id']}/{action}"


async def test_who_is_enrolled_incubates_from_the_first_day_of_the_cohort_on_with_the_milestones_of_the_programme(
    enrol: Act, first: Api, store: MemoryStore
) -> None:
    incubation = await enrol()
    assert (incubation["status"], incubation["starts_on"], incubation["ends_on"]) == (
        "active",
        "2026-04-01",
        "2027-04-01",
    )
    assert [(each["title"], each["due_on"], each["mandatory"]) for each in incubation["milestones"]] == [
        ("首位客户", "2026-07-01", True),
        ("网站", "2026-10-01", False),
    ]
    application = (await first.get(f"{APPLICATIONS}/{incubation['application_id']}")).json()
    assert (application["status"], application["erase_after"]) == ("enrolled", None)
    assert kinds(store, incubation["id"]) == ["incubation.started.v1"]


async def test_a_team_names_its_business_as_it_is_enrolled_and_the_business_is_its_partners(
    accept: Act, staff: Api
) -> None:
    application = await accept(by=None)
    path = f"{APPLICATIONS}/{application['id']}/enrol"
    assert await tried(staff, path) == (422, "business_required")
    assert await tried(staff, path, business_id=business(2)) == (409, "other_partners_business")
    enrolled = created(await staff.post(path, json={"business_id": business(1)}))
    assert enrolled["business_id"] == business(1)
    assert await tried(staff, path) == (409, "invalid_transition")


async def test_a_business_that_is_not_active_is_not_enrolled(accept: Act, staff: Api, hear: Hear) -> None:
    application = await accept()
    await hear(suspended(1))
    assert await tried(staff, f"{APPLICATIONS}/{application['id']}/enrol") == (409, "business_not_active")


async def test_months_end_with_the_month_where_the_day_is_not_there(enrol: Act, do: Act) -> None:
    incubation = await enrol(starts_on="2028-02-29", ends_on="2029-12-31")
    assert incubation["ends_on"] == "2029-02-28"
    assert (await do(incubation, "extend"))["ends_on"] == "2029-08-29"


@pytest.mark.parametrize(("day", "answer"), [(1, (200, "extended")), (2, (409, "extension_window_missed"))])
async def test_an_extension_is_given_ninety_days_before_the_last_day_at_the_latest(
    enrol: Act, staff: Api, clock: FixedClock, day: int, answer: tuple[int, str]
) -> None:
    incubation = await enrol()
    clock.at = clock.at.replace(year=2027, month=1, day=day)
    assert await tried(staff, to(incubation, "extend")) == answer


async def test_there_is_no_third_extension(enrol: Act, do: Act, staff: Api) -> None:
    incubation = await enrol()
    await do(incubation, "extend")
    assert (await do(incubation, "extend"))["ends_on"] == "2028-04-01"
    assert await tried(staff, to(incubation, "extend")) == (409, "extension_limit")


async def test_nobody_graduates_before_every_mandatory_milestone_is_met(
    enrol: Act, do: Act, staff: Api, store: MemoryStore
) -> None:
    incubation = await enrol()
    mandatory = incubation["milestones"][0]["id"]
    refused = await staff.post(to(incubation, "graduate"))
    assert (refused.status_code, refused.json()["code"]) == (409, "milestones_open")
    assert refused.json()["milestones"] == [mandatory]
    met = await do(incubation, f"milestones/{mandatory}/met", evidence_url="https://start-up.example/proof")
    assert met["milestones"][0]["status"] == "met"
    assert (await do(incubation, "graduate"))["status"] == "graduated"
    assert kinds(store, incubation["id"])[-2:] == ["milestone.met.v1", "incubation.graduated.v1"]


async def test_a_milestone_is_missed_the_day_after_it_was_due_and_may_still_be_met(
    enrol: Act, do: Act, staff: Api, clock: FixedClock, pass_time: Pass, store: MemoryStore
) -> None:
    incubation = await enrol()
    clock.at = clock.at.replace(month=7, day=1)
    await pass_time()
    assert kinds(store, incubation["id"]) == ["incubation.started.v1"]
    await pass_time(days=1)
    after = (await staff.get(f"{INCUBATIONS}/{incubation['id']}")).json()
    assert [each["status"] for each in after["milestones"]] == ["missed", "open"]
    met = await do(incubation, f"milestones/{incubation['milestones'][0]['id']}/met")
    assert met["milestones"][0]["met_on"] == "2026-07-02"
    again = to(incubation, f"milestones/{incubation['milestones'][0]['id']}/met")
    assert await tried(staff, again) == (409, "invalid_transition")


async def test_a_milestone_is_added_within_the_time_of_the_incubation(enrol: Act, do: Act, staff: Api) -> None:
    incubation = await enrol()
    added = await do(incubation, "milestones", title="第二家客户", due_on="2027-04-01")
    assert len(added["milestones"]) == 3
    answer = await staff.post(to(incubation, "milestones"), json={"title": "x", "due_on": "2027-04-02"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/due_on")


async def test_a_business_leaves_by_its_partner_and_the_zone_ends_one_with_a_reason(
    enrol: Act, first: Api, second: Api, store: MemoryStore
) -> None:
    incubation = await enrol()
    assert await tried(first, to(incubation, "terminate"), reason="x") == (403, "insufficient_scope")
    assert (await second.post(to(incubation, "withdraw"))).status_code == 404
    assert await tried(first, to(incubation, "withdraw"), reason="迁往外地") == (200, "withdrawn")
    assert kinds(store, incubation["id"])[-1] == "incubation.withdrawn.v1"
    assert "迁往外地" not in str(told(store))


async def test_the_zone_terminates_an_incubation_and_nothing_follows(enrol: Act, do: Act, staff: Api) -> None:
    incubation = await enrol()
    assert (await do(incubation, "terminate", reason="示例原因"))["ended_because"] == "示例原因"
    for action in ("extend", "graduate", "withdraw"):
        assert await tried(staff, to(incubation, action)) == (409, "invalid_transition")


@pytest.fixture
def graduate(enrol: Act, do: Act) -> Act:
    async def graduate() -> Json:
        return await do(await enrol(program={"milestones": []}), "graduate")

    return graduate


async def test_a_cohort_that_is_cancelled_before_its_first_day_lets_go_whom_it_has_enrolled(
    enrol: Act, first: Api, staff: Api, pass_time: Pass, store: MemoryStore
) -> None:
    incubation = await enrol()
    cancelled = f"{COHORTS}/{incubation['cohort_id']}/cancel"
    assert await tried(staff, cancelled, reason="场地维修") == (200, "cancelled")
    await pass_time()
    after = (await first.get(f"{INCUBATIONS}/{incubation['id']}")).json()
    assert (after["status"], after["ended_because"]) == ("terminated", "场地维修")
    assert kinds(store, incubation["id"])[-1] == "incubation.terminated.v1"
    assert not store.collections["cohorts"][incubation["cohort_id"]]["to_withdraw"]


async def test_what_became_of_a_graduate_is_reported_and_the_last_one_holds(
    graduate: Act, do: Act, staff: Api, clock: FixedClock
) -> None:
    incubation = await graduate()
    clock.at += timedelta(days=400)
    await do(incubation, "outcome", outcome="operating", observed_on="2026-09-10")
    after = await do(incubation, "outcome", outcome="acquired", observed_on="2027-03-10")
    assert (after["outcome"], after["outcome_on"]) == ("acquired", "2027-03-10")
    for wrong in ("2026-09-09", "2030-01-01"):
        answer = await staff.post(to(incubation, "outcome"), json={"outcome": "ipo", "observed_on": wrong})
        assert (answer.status_code, reason(answer)) == (422, "date_range")


async def test_who_has_not_graduated_has_no_outcome(enrol: Act, staff: Api) -> None:
    said = {"outcome": "operating", "observed_on": "2026-03-01"}
    assert await tried(staff, to(await enrol(), "outcome"), **said) == (409, "invalid_transition")


async def test_a_graduate_whose_business_is_dissolved_is_closed_and_one_that_incubates_is_terminated(
    graduate: Act, hear: Hear, staff: Api, store: MemoryStore
) -> None:
    graduated = await graduate()
    await hear(dissolution_started(1), dissolved(1))
    after = (await staff.get(f"{INCUBATIONS}/{graduated['id']}")).json()
    assert after["outcome"] == "closed"
    assert kinds(store, graduated["id"])[-1] == "outcome.reported.v1"


async def test_a_business_that_is_dissolved_neither_incubates_nor_keeps_a_seat(
    enrol: Act, hear: Hear, staff: Api
) -> None:
    incubation = await enrol()
    await hear(dissolution_started(1), dissolved(1))
    after = (await staff.get(f"{INCUBATIONS}/{incubation['id']}")).json()
    assert (after["status"], after["outcome"]) == ("terminated", None)


async def test_an_application_of_a_business_that_is_dissolved_is_withdrawn(accept: Act, hear: Hear, staff: Api) -> None:
    application = await accept()
    await hear(dissolution_started(1), dissolved(1))
    assert (await staff.get(f"{APPLICATIONS}/{application['id']}")).json()["status"] == "withdrawn"
    cohort = (await staff.get(f"/v1/incubator/cohorts/{application['cohort_id']}")).json()
    assert cohort["seats_taken"] == 0


async def test_an_incubation_is_its_partners_and_the_officials_alone(enrol: Act, first: Api, second: Api) -> None:
    incubation = await enrol()
    assert (await first.get(INCUBATIONS)).json()["data"][0]["id"] == incubation["id"]
    assert (await second.get(f"{INCUBATIONS}/{incubation['id']}")).status_code == 404
    assert PROGRAM["name"] not in str((await second.get(INCUBATIONS)).json())
