"""Applications judged: seats never overbooked, a waiting list with one door, scores that are numbers (P2, P3)."""

from typing import Any

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.conftest import Hear, Json, Pass
from tests.incubator.programme.conftest import (
    APPLICATIONS,
    COHORTS,
    Act,
    Api,
    kinds,
    reviewer,
    tried,
)
from tests.incubator.registry_says import suspended
from tests.refusals import reason_in

OPEN_TO_ALL: Json = {"eligibility": []}
ALL_FOUR = [{"criterion": "idea", "points": 4}, {"criterion": "team", "points": 4}]


def scores(idea: int, team: int) -> list[Json]:
    return [{"criterion": "idea", "points": idea}, {"criterion": "team", "points": team}]


async def test_of_two_for_one_seat_one_is_accepted_and_nobody_twice(
    staff: Api, plan: Act, submit: Act, interview: Act, act: Act, pass_time: Pass
) -> None:
    cohort = await plan(program=OPEN_TO_ALL)
    one, other = [await interview(await submit(cohort, by=None)) for _ in range(2)]
    await pass_time(days=8)
    assert (await act(one, "accept"))["status"] == "accepted"
    assert await tried(staff, f"{APPLICATIONS}/{one['id']}/accept") == (409, "invalid_transition")
    assert await tried(staff, f"{APPLICATIONS}/{other['id']}/accept") == (409, "cohort_full")


async def test_nobody_is_accepted_while_applications_are_taken(
    staff: Api, plan: Act, submit: Act, interview: Act
) -> None:
    application = await interview(await submit(await plan()))
    assert await tried(staff, f"{APPLICATIONS}/{application['id']}/accept") == (409, "cohort_not_reviewing")


async def test_p2_a_freed_seat_goes_to_the_first_in_line_who_is_still_eligible(
    first: Api, plan: Act, submit: Act, interview: Act, act: Act, pass_time: Pass, hear: Hear, staff: Api
) -> None:
    cohort = await plan(program=OPEN_TO_ALL)
    seated = await interview(await submit(cohort, by=None))
    suspended_later, late, early = await submit(cohort), await submit(cohort, by=None), await submit(cohort, by=None)
    await pass_time(days=8)
    await act(seated, "accept")
    await act(suspended_later, "waitlist", rank=1)
    await act(early, "waitlist")
    await pass_time(minutes=1)
    await act(late, "waitlist")
    await hear(suspended(1))
    await act(seated, "withdraw", by=first)
    await pass_time()
    found = [(await first.get(f"{APPLICATIONS}/{each['id']}")).json() for each in (suspended_later, early, late)]
    assert [each["status"] for each in found] == ["waitlisted", "accepted", "waitlisted"]
    assert (await staff.get(f"{COHORTS}/{cohort['id']}")).json()["seats_taken"] == 1


async def test_p2_an_officer_promotes_by_the_same_act_and_is_told_who_was_passed_over(
    staff: Api, plan: Act, submit: Act, act: Act, pass_time: Pass, hear: Hear
) -> None:
    cohort = await plan(program=OPEN_TO_ALL)
    over, next_one, third = await submit(cohort), await submit(cohort, by=None), await submit(cohort, by=None)
    await pass_time(days=8)
    await act(over, "waitlist", rank=1)
    await act(third, "waitlist")
    await pass_time(minutes=1)
    await act(next_one, "waitlist", rank=1000)
    await hear(suspended(1))
    assert await tried(staff, f"{APPLICATIONS}/{third['id']}/accept") == (409, "invalid_transition")
    promoted = (await staff.post(f"{COHORTS}/{cohort['id']}/promote")).json()
    assert promoted["application_id"] == next_one["id"]
    assert [each["application_id"] for each in promoted["passed_over"]] == [over["id"]]
    assert promoted["passed_over"][0]["failures"][0]["rule"] == "business_active"
    assert await tried(staff, f"{COHORTS}/{cohort['id']}/promote") == (409, "cohort_full")


async def test_p2_with_nobody_in_line_nobody_is_promoted(staff: Api, plan: Act, pass_time: Pass) -> None:
    cohort = await plan()
    await pass_time(days=8)
    assert await tried(staff, f"{COHORTS}/{cohort['id']}/promote") == (409, "nobody_in_line")


async def test_p2_who_is_accepted_by_name_takes_the_freed_seat_and_the_clock_gives_no_second_one(
    first: Api, plan: Act, submit: Act, interview: Act, act: Act, pass_time: Pass, staff: Api
) -> None:
    cohort = await plan(program=OPEN_TO_ALL, seats=2)
    seated, chosen, waits = [await interview(await submit(cohort, by=None)) for _ in range(3)]
    await pass_time(days=8)
    await act(seated, "accept")
    await act(waits, "waitlist")
    await act(seated, "withdraw", by=first)
    await act(chosen, "accept")
    await pass_time()
    assert (await first.get(f"{APPLICATIONS}/{waits['id']}")).json()["status"] == "waitlisted"


async def judge(officer: Api, application: Json, given: list[Json]) -> tuple[int, Json]:
    answer = await officer.post(f"{APPLICATIONS}/{application['id']}/scores", json={"scores": given})
    return answer.status_code, answer.json()


async def test_p3_a_missing_score_is_not_a_number(
    officers: list[Api], plan: Act, submit: Act, pass_time: Pass, store: MemoryStore
) -> None:
    application = await submit(await plan(reviews_needed=3))
    await pass_time(days=8)
    await judge(officers[0], application, scores(5, 4))
    _, seen = await judge(officers[1], application, scores(4, 4))
    assert (seen["score"], seen["reviews"], seen["complete"]) == ("4.3000", 2, False)
    assert kinds(store, application["id"])[-2:] == ["application.scored.v1"] * 2


async def test_p3_half_a_review_does_not_count(officers: list[Api], plan: Act, submit: Act, pass_time: Pass) -> None:
    application = await submit(await plan())
    await pass_time(days=8)
    _, seen = await judge(officers[0], application, [{"criterion": "idea", "points": 5}])
    assert (seen["score"], seen["reviews"], seen["complete"]) == (None, 0, False)


async def test_p3_reviewers_see_what_others_gave_after_their_own_review(
    officers: list[Api], plan: Act, submit: Act, pass_time: Pass
) -> None:
    application = await submit(await plan(reviews_needed=3))
    await pass_time(days=8)
    await judge(officers[0], application, ALL_FOUR)
    path = f"{APPLICATIONS}/{application['id']}/scores"
    before = (await officers[1].get(path)).json()
    assert (before["given"], before["score"], before["reviews"]) == ([], None, 1)
    await judge(officers[1], application, scores(1, 1))
    after = (await officers[1].get(path)).json()
    assert {each["reviewer_id"] for each in after["given"]} == {reviewer(1), reviewer(2)}


async def test_p3_a_reviewer_counts_once(officers: list[Api], plan: Act, submit: Act, pass_time: Pass) -> None:
    application = await submit(await plan(reviews_needed=2))
    await pass_time(days=8)
    await judge(officers[0], application, ALL_FOUR)
    status, again = await judge(officers[0], application, scores(5, 5))
    assert (status, again["code"], again["criteria"]) == (409, "already_scored", ["idea", "team"])


async def test_p3_a_reviewer_who_is_tied_judges_nothing_and_what_was_given_does_not_count(
    officers: list[Api], plan: Act, submit: Act, act: Act, interview: Act, pass_time: Pass
) -> None:
    application = await interview(await submit(await plan()))
    await pass_time(days=8)
    await judge(officers[0], application, ALL_FOUR)
    seen = await act(application, "conflicts", tie="consultant", reviewer_id=reviewer(1))
    assert (seen["reviews"], seen["score"]) == (0, None)
    status, refused = await judge(officers[0], application, ALL_FOUR)
    assert (status, refused["code"]) == (403, "conflict_of_interest")
    for action, said in (("accept", {}), ("reject", {"reasons": ["x"]}), ("waitlist", {})):
        path = f"{APPLICATIONS}/{application['id']}/{action}"
        assert await tried(officers[0], path, **said) == (403, "conflict_of_interest")


async def test_scores_are_given_while_the_cohort_is_reviewed_and_not_before(staff: Api, plan: Act, submit: Act) -> None:
    application = await submit(await plan())
    status, refused = await judge(staff, application, ALL_FOUR)
    assert (status, refused["code"]) == (409, "cohort_not_reviewing")


async def test_once_all_reviews_are_there_no_other_begins(
    officers: list[Api], plan: Act, submit: Act, pass_time: Pass
) -> None:
    application = await submit(await plan())
    await pass_time(days=8)
    await judge(officers[0], application, ALL_FOUR)
    status, refused = await judge(officers[1], application, ALL_FOUR)
    assert (status, refused["code"]) == (409, "reviews_complete")


async def test_points_are_for_criteria_of_the_form_once_each_and_from_0_to_5(
    staff: Api, plan: Act, submit: Act, pass_time: Pass
) -> None:
    application = await submit(await plan())
    await pass_time(days=8)
    wrong: list[tuple[list[dict[str, Any]], str]] = [
        ([{"criterion": "luck", "points": 1}], "criterion_unknown"),
        ([{"criterion": "idea", "points": 1}] * 2, "key_twice"),
        ([{"criterion": "idea", "points": 6}], "validation_failed"),
    ]
    for given, code in wrong:
        status, refused = await judge(staff, application, given)
        assert (status, reason_in(refused)) == (422, code)


async def test_p3_complete_ones_are_ranked_and_of_equal_ones_who_submitted_first(
    staff: Api, plan: Act, draft: Act, act: Act, first: Api, pass_time: Pass
) -> None:
    cohort = await plan(program=OPEN_TO_ALL)
    second, one, best, unjudged = [await draft(cohort, by=None) for _ in range(4)]
    for each in (one, second, best, unjudged):
        await act(each, "submit", by=first)
        await pass_time(minutes=1)
    await pass_time(days=8)
    for each, given in ((second, scores(3, 3)), (one, scores(3, 3)), (best, scores(5, 5))):
        await judge(staff, each, given)
    ranked = (await staff.get(f"{COHORTS}/{cohort['id']}/ranking", params={"limit": 2})).json()
    rest = await staff.get(f"{COHORTS}/{cohort['id']}/ranking", params={"limit": 2, "cursor": ranked["next_cursor"]})
    found = [*ranked["data"], *rest.json()["data"]]
    assert [(each["application_id"], each["score"]) for each in found] == [
        (best["id"], "5.0000"),
        (one["id"], "3.0000"),
        (second["id"], "3.0000"),
    ]


async def test_who_applied_sees_no_scores(first: Api, plan: Act, submit: Act) -> None:
    application = await submit(await plan())
    assert (await first.get(f"{APPLICATIONS}/{application['id']}/scores")).status_code == 403
