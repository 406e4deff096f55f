"""Applications for a cohort: rules that do not move, a deadline after which one can still leave (P1, P4)."""

from typing import Any

import pytest

from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from tests.incubator.conftest import Hear, Pass, created
from tests.incubator.programme.conftest import (
    APPLICATIONS,
    COHORT,
    COHORTS,
    FOUNDER,
    PROGRAMS,
    RULES,
    Act,
    Api,
    kinds,
    told,
    tried,
    written,
)
from tests.incubator.registry_says import business, suspended
from tests.refusals import reason

ANY = {"If-Match": "*"}
NAME = "示例创始人"


async def test_a_draft_is_submitted_and_the_zone_tells_so(
    first: Api, plan: Act, submit: Act, store: MemoryStore
) -> None:
    submitted = await submit(await plan())
    assert submitted["status"] == "submitted"
    assert kinds(store, submitted["id"]) == ["application.submitted.v1"]


async def test_a_cohort_takes_applications_by_the_form_that_its_programme_had_as_it_opened(
    staff: Api, plan: Act
) -> None:
    cohort = await plan()
    changed = await staff.patch(f"{PROGRAMS}/{cohort['program_id']}", json={"eligibility": []}, headers=ANY)
    assert changed.json()["eligibility"] == []
    after = (await staff.get(f"{COHORTS}/{cohort['id']}")).json()
    assert (after["status"], after["form"]) == ("open", cohort["form"])


async def test_p1_a_draft_of_an_earlier_form_is_refused_with_what_is_new_until_it_is_taken_up(
    first: Api, staff: Api, plan: Act, draft: Act
) -> None:
    cohort = await plan()
    application = await draft(cohort)
    questions = [{"key": "idea", "text": "项目解决什么问题？"}, {"key": "market", "text": "市场？"}]
    await staff.post(f"{COHORTS}/{cohort['id']}/correct", json={"questions": questions})
    path = f"{APPLICATIONS}/{application['id']}"
    refused = await first.post(f"{path}/submit")
    assert (refused.status_code, refused.json()["code"]) == (409, "form_outdated")
    assert refused.json()["differences"] == [
        {"member": "questions", "key": "market", "change": "added"},
        {"member": "questions", "key": "plan", "change": "removed"},
        {"member": "questions", "key": "idea", "change": "changed"},
    ]
    answers = {"idea": "示例", "market": "示例市场"}
    assert (await first.patch(path, json={"answers": answers}, headers=ANY)).json()["code"] == "form_outdated"
    for another in (1, 3):
        said = {"answers": answers, "form_version": another}
        assert (await first.patch(path, json=said, headers=ANY)).json()["code"] == "form_outdated"
    taken_up = await first.patch(path, json={"answers": answers, "form_version": 2}, headers=ANY)
    assert (taken_up.status_code, taken_up.json()["form_version"]) == (200, 2)
    assert await tried(first, f"{path}/submit") == (200, "submitted")


async def test_p4_after_the_deadline_nothing_is_written_and_one_can_still_leave(
    first: Api, plan: Act, draft: Act, clock: FixedClock, pass_time: Pass
) -> None:
    cohort = await plan()
    application = await draft(cohort)
    await pass_time(days=8)
    path = f"{APPLICATIONS}/{application['id']}"
    answers = [
        await first.post(APPLICATIONS, json=written(cohort)),
        await first.patch(path, json={"answers": {}}, headers=ANY),
        await first.post(f"{path}/submit"),
        await first.post(f"{path}/reopen"),
    ]
    assert {(each.status_code, each.json()["code"]) for each in answers} == {(409, "cohort_closed")}
    assert {each.json()["closes_at"] for each in answers} == {"2026-03-09T16:00:00.000Z"}
    assert await tried(first, f"{path}/withdraw") == (200, "withdrawn")


async def test_p4_the_deadline_is_the_first_moment_at_which_it_is_too_late_also_where_the_clock_runs_late(
    first: Api, plan: Act, draft: Act, clock: FixedClock
) -> None:
    application = await draft(await plan())
    path = f"{APPLICATIONS}/{application['id']}/submit"
    clock.at = clock.at.replace(day=9, hour=16, minute=0)
    assert await tried(first, path) == (409, "cohort_closed")
    clock.at = clock.at.replace(hour=15, minute=59)
    assert await tried(first, path) == (200, "submitted")


@pytest.mark.parametrize(("minute", "answer"), [(59, (200, "submitted")), (0, (422, "not_eligible"))])
async def test_p4_a_day_is_the_zones_whatever_offset_the_caller_writes(
    first: Api, plan: Act, draft: Act, clock: FixedClock, minute: int, answer: tuple[int, str]
) -> None:
    cohort = await plan(closes_at="2026-03-04T00:00:00-05:00")
    assert cohort["closes_at"] == "2026-03-04T05:00:00.000Z"
    application = await draft(cohort, founders=[{**FOUNDER, "graduated_on": "2021-03-03"}])
    clock.at = clock.at.replace(day=3, hour=15 if minute else 16, minute=minute)  # 23:59 or midnight in the zone
    assert await tried(first, f"{APPLICATIONS}/{application['id']}/submit") == answer


async def test_before_it_opens_nobody_applies(first: Api, plan: Act) -> None:
    cohort = await plan(opens_at="2026-03-05T00:00:00+08:00")
    refused = await first.post(APPLICATIONS, json=written(cohort))
    assert (refused.status_code, refused.json()["code"]) == (409, "cohort_not_open")
    assert refused.json()["opens_at"] == "2026-03-04T16:00:00.000Z"


async def test_p4_a_submitted_application_is_reopened_until_it_is_screened(
    first: Api, plan: Act, submit: Act, act: Act, store: MemoryStore
) -> None:
    application = await submit(await plan())
    assert (await act(application, "reopen", by=first))["submitted_at"] is None
    await act(application, "submit", by=first)
    await act(application, "screen")
    assert await tried(first, f"{APPLICATIONS}/{application['id']}/reopen") == (409, "invalid_transition")


async def test_who_is_not_eligible_is_told_every_rule_that_is_not_met(first: Api, plan: Act, draft: Act) -> None:
    nobody = {**FOUNDER, "graduated_on": "2021-03-01", "share_bps": 2999, "legal_representative": False}
    application = await draft(await plan(), by=None, founders=[nobody])
    refused = await first.post(f"{APPLICATIONS}/{application['id']}/submit")
    assert (refused.status_code, reason(refused)) == (422, "not_eligible")
    assert [each["rule"] for each in refused.json()["failures"]] == [each["rule"] for each in RULES]


@pytest.mark.parametrize(("graduated_on", "is_late"), [("2021-03-02", False), ("2021-03-01", True)])
async def test_within_five_years_includes_the_last_day(
    first: Api, plan: Act, draft: Act, graduated_on: str, is_late: bool
) -> None:
    application = await draft(await plan(), founders=[{**FOUNDER, "graduated_on": graduated_on}])
    answer = await first.post(f"{APPLICATIONS}/{application['id']}/submit")
    assert (answer.is_error and reason(answer) == "not_eligible") is is_late


async def test_what_is_missing_is_told_all_at_once(first: Api, plan: Act, draft: Act) -> None:
    application = await draft(await plan(program={"eligibility": []}), founders=[], answers={})
    refused = await first.post(f"{APPLICATIONS}/{application['id']}/submit")
    assert (refused.status_code, reason(refused)) == (422, "application_incomplete")
    assert refused.json()["missing"] == ["founders", "answers.idea"]


@pytest.mark.parametrize(
    ("said", "code", "pointer"),
    [
        ({"founders": [{**FOUNDER, "share_bps": 6000}] * 2}, "founder_shares", "/founders"),
        ({"founders": [{**FOUNDER, "graduated_on": "2026-03-03"}]}, "date_range", "/founders/0/graduated_on"),
        ({"answers": {"unasked": "x"}}, "question_unknown", "/answers/unasked"),
        ({"answers": {"idea": "示" * 2001}}, "answer_too_long", "/answers/idea"),
    ],
)
async def test_what_is_wrong_in_an_application_is_told_with_its_place(
    first: Api, plan: Act, said: dict[str, Any], code: str, pointer: str
) -> None:
    refused = await first.post(APPLICATIONS, json=written(await plan(), **said))
    assert (refused.status_code, reason(refused)) == (422, code)
    assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]


async def test_a_business_has_one_application_for_a_cohort_until_it_is_withdrawn(
    first: Api, plan: Act, draft: Act, act: Act
) -> None:
    cohort = await plan()
    application = await draft(cohort)
    again = await first.post(APPLICATIONS, json=written(cohort))
    assert (again.status_code, again.json()["code"]) == (409, "application_exists")
    await act(application, "withdraw", by=first)
    assert (await draft(cohort))["status"] == "draft"


async def test_a_business_that_may_not_trade_or_is_not_known_does_not_apply(
    first: Api, plan: Act, draft: Act, hear: Hear
) -> None:
    cohort = await plan()
    application = await draft(cohort)
    assert (await first.post(APPLICATIONS, json=written(cohort, by=2))).json()["code"] == "business_unknown_yet"
    await hear(suspended(1))
    submit = f"{APPLICATIONS}/{application['id']}/submit"
    assert await tried(first, submit) == (409, "business_not_active")


async def test_the_business_stays_the_same_from_the_first_submission_on(
    first: Api, plan: Act, submit: Act, act: Act
) -> None:
    application = await submit(await plan(program={"eligibility": []}), by=None)
    await act(application, "reopen", by=first)
    path = f"{APPLICATIONS}/{application['id']}"
    refused = await first.patch(path, json={"business_id": business(1)}, headers=ANY)
    assert (refused.status_code, refused.json()["code"]) == (409, "business_settled")


async def test_an_application_is_its_partners_and_the_officials_alone(
    first: Api, second: Api, staff: Api, plan: Act, submit: Act
) -> None:
    application = await submit(await plan())
    path = f"{APPLICATIONS}/{application['id']}"
    assert (await staff.get(path)).json()["founders"][0]["name"] == NAME
    for answer in (await second.get(path), await second.post(f"{path}/withdraw")):
        assert answer.status_code == 404
    assert (await second.get(APPLICATIONS)).json()["data"] == []


async def test_founders_are_in_no_event_and_nowhere_once_they_are_erased(
    first: Api, plan: Act, act: Act, store: MemoryStore
) -> None:
    body = written(await plan())
    drafted = await first.post(APPLICATIONS, json=body, headers={"Idempotency-Key": "apply-once"})
    application = await act(drafted.json(), "submit", by=first)
    assert NAME not in str(told(store))
    erased = await act(application, "erase", by=first)
    assert (erased["status"], erased["founders"], erased["answers"]) == ("withdrawn", None, None)
    kept = str(store.collections)
    assert "apply-once" in kept
    assert NAME not in kept
    assert str(NAME.encode())[2:-1] not in kept, "not in a stored answer either"
    assert await tried(first, f"{APPLICATIONS}/{application['id']}/erase") == (410, "founders_erased")
    assert kinds(store, application["id"])[-2:] == ["application.withdrawn.v1", "application.erased.v1"]


async def test_who_applies_is_told_before_and_then_for_what_founders_are_known_and_until_when(
    first: Api, plan: Act, draft: Act
) -> None:
    cohort = await plan()
    seen = (await first.get(f"{COHORTS}/{cohort['id']}")).json()
    assert seen["retention"] == {"purpose": "admission", "months_after_end": 6}
    drafted = await draft(cohort)
    assert (drafted["purpose"], drafted["erase_after"]) == ("admission", "2027-09-30")


async def test_founders_who_got_no_seat_are_erased_six_months_later(
    plan: Act, submit: Act, act: Act, staff: Api, pass_time: Pass, store: MemoryStore
) -> None:
    application = await submit(await plan())
    rejected = await act(application, "reject", reasons=["示例理由"])
    assert (rejected["erase_after"], rejected["reasons"]) == ("2026-09-02", ["示例理由"])
    await pass_time(days=184)
    path = f"{APPLICATIONS}/{application['id']}"
    assert (await staff.get(path)).json()["founders"][0]["name"] == NAME
    await pass_time(days=1)
    after = (await staff.get(path)).json()
    assert (after["status"], after["founders"], after["erase_after"]) == ("rejected", None, None)
    assert kinds(store, application["id"])[-1] == "application.erased.v1"
    assert not [word for word in (NAME, "示例理由") if word in str(store.collections)]


async def test_founders_are_known_for_six_months_after_they_withdrew(
    plan: Act, submit: Act, act: Act, first: Api, pass_time: Pass
) -> None:
    application = await submit(await plan())
    await pass_time(days=4)
    assert (await act(application, "withdraw", by=first))["erase_after"] == "2026-09-06"


@pytest.mark.parametrize("status", ["draft", "submitted", "accepted"])
async def test_what_came_to_nothing_undecided_is_erased_six_months_after_its_cohort(
    plan: Act, draft: Act, act: Act, first: Api, staff: Api, interview: Act, pass_time: Pass, status: str
) -> None:
    cohort = await plan(ends_on="2026-06-30")
    application = await draft(cohort)
    if status != "draft":
        await act(application, "submit", by=first)
    if status == "accepted":
        await interview(application)
        await pass_time(days=8)
        await act(application, "accept")
    await pass_time(days=303 if status != "accepted" else 295)  # 30 December 2026
    path = f"{APPLICATIONS}/{application['id']}"
    assert (await staff.get(path)).json()["status"] == status
    await pass_time(days=1)
    after = (await staff.get(path)).json()
    assert (after["status"], after["founders"], after["answers"]) == ("withdrawn", None, None)
    assert (await staff.get(f"{COHORTS}/{cohort['id']}")).json()["seats_taken"] == 0


async def test_a_cohort_that_is_cancelled_withdraws_who_applied_with_the_reason(
    first: Api, staff: Api, plan: Act, submit: Act, pass_time: Pass
) -> None:
    cohort = await plan()
    application = await submit(cohort)
    assert await tried(staff, f"{COHORTS}/{cohort['id']}/cancel", reason="场地维修") == (200, "cancelled")
    await pass_time()
    after = (await first.get(f"{APPLICATIONS}/{application['id']}")).json()
    assert (after["status"], after["reasons"]) == ("withdrawn", ["场地维修"])
    assert (await first.post(APPLICATIONS, json=written(cohort))).json()["code"] == "cohort_closed"


async def test_time_brings_a_cohort_from_its_opening_to_its_end(
    staff: Api, plan: Act, pass_time: Pass, store: MemoryStore
) -> None:
    cohort = await plan()
    await pass_time(days=8)
    await pass_time(days=23)
    await pass_time(days=370)
    assert kinds(store, cohort["id"]) == [
        "cohort.opened.v1",
        "cohort.closed.v1",
        "cohort.started.v1",
        "cohort.finished.v1",
    ]


async def test_a_cohort_whose_time_has_begun_opens_as_it_is_planned(
    first: Api, staff: Api, plan: Act, store: MemoryStore
) -> None:
    program_id = (await plan())["program_id"]
    now = created(await staff.post(f"{PROGRAMS}/{program_id}/cohorts", json=COHORT))
    assert (now["status"], now["form"]["version"]) == ("open", 1)
    assert kinds(store, now["id"]) == ["cohort.opened.v1"]
    created(await first.post(APPLICATIONS, json=written(now)))
    later = COHORT | {"opens_at": "2026-03-02T12:00:01+08:00"}
    assert created(await staff.post(f"{PROGRAMS}/{program_id}/cohorts", json=later))["status"] == "planned"


async def test_a_draft_of_a_programme_is_seen_by_officials_alone_and_has_no_cohort(first: Api, staff: Api) -> None:
    program = (await staff.post(PROGRAMS, json={"name": "示例"})).json()
    assert (await first.get(f"{PROGRAMS}/{program['id']}")).status_code == 404
    refused = await staff.post(f"{PROGRAMS}/{program['id']}/cohorts", json=COHORT)
    assert (refused.status_code, refused.json()["code"]) == (409, "program_not_open")
    await staff.post(f"{PROGRAMS}/{program['id']}/open")
    assert (await first.get(f"{PROGRAMS}/{program['id']}")).status_code == 200


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"criteria": [{"key": "a", "name": "x", "weight_bps": 9999}]}, {"weights_not_whole"}),
        ({"questions": [{"key": "a", "text": "x"}] * 2}, {"key_twice"}),
        ({"eligibility": [{"rule": "graduated_within"}]}, {"rule_parameter"}),
        ({"eligibility": [{"rule": "business_registered_in_zone", "bps": 1}]}, {"rule_parameter"}),
        ({"eligibility": [{"rule": "business_registered_in_zone"}] * 2}, {"key_twice"}),
    ],
)
async def test_a_form_that_nobody_could_be_judged_by_is_refused(
    staff: Api, said: dict[str, Any], codes: set[str]
) -> None:
    refused = await staff.post(PROGRAMS, json={"name": "示例", **said})
    assert (refused.status_code, {each["code"] for each in refused.json()["errors"]}) == (422, codes)


@pytest.mark.parametrize(
    ("closes_at", "starts_on"),
    [
        (COHORT["closes_at"], "2026-03-09"),
        (COHORT["closes_at"], "2126-03-12"),
        (COHORT["closes_at"], "9999-01-01"),
        ("9999-12-31T23:59:59Z", "9999-12-30"),
    ],
)
async def test_a_cohort_starts_when_the_time_for_applications_is_over_or_in_the_hundred_years_after(
    staff: Api, plan: Act, closes_at: str, starts_on: str
) -> None:
    path = f"{PROGRAMS}/{(await plan())['program_id']}/cohorts"
    days = {"closes_at": closes_at, "starts_on": starts_on, "ends_on": "9999-12-31"}
    refused = await staff.post(path, json=COHORT | days)
    assert (refused.status_code, {each["code"] for each in refused.json()["errors"]}) == (422, {"date_range"})
