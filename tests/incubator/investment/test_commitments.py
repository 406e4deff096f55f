"""Commitments: what a round takes, who may do what to it, and what becomes of it by time and by changed terms."""

from datetime import timedelta

import httpx
import pytest

from services.chassis.domain.times import parse_instant
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from tests.incubator.conftest import Hear, Json
from tests.incubator.investment.conftest import (
    COMMITMENTS,
    INVESTORS,
    MILLION,
    ROUNDS,
    Act,
    Try,
    refusal,
    seen,
    told,
)
from tests.incubator.registry_says import business, dissolution_started, dissolved, suspended

CNY = "CNY"


async def test_exactly_the_cap_is_taken_and_not_one_minor_unit_more(
    first: httpx.AsyncClient, open_round: Act, pledge: Act, try_to_pledge: Try
) -> None:
    round = await open_round(min_ticket=1)
    await pledge(round, 1_500_000)
    over = await try_to_pledge(round, 500_001)
    assert (refusal(over), over.json()["remaining"]) == ((409, "round_oversubscribed"), 500_000)
    await pledge(round, 500_000)
    assert refusal(await try_to_pledge(round, 1)) == (409, "round_oversubscribed")
    now = await seen(first, ROUNDS, round)
    assert (now["committed"], now["remaining"], now["commitments_count"]) == (2 * MILLION, 0, 2)


async def test_a_pledge_is_a_ticket_at_least_but_for_the_one_that_fills_the_round(
    open_round: Act, pledge: Act, try_to_pledge: Try
) -> None:
    round = await open_round()
    assert refusal(await try_to_pledge(round, 999)) == (422, "below_min_ticket")
    await pledge(round, 2 * MILLION - 500)
    assert refusal(await try_to_pledge(round, 499)) == (422, "below_min_ticket")
    await pledge(round, 500)


async def test_an_investor_pledges_no_more_than_one_may_in_all(
    second: httpx.AsyncClient, open_round: Act, investor: Act, pledge: Act, try_to_pledge: Try
) -> None:
    round, who = await open_round(max_per_investor=100_000), await investor(second)
    await pledge(round, 60_000, who)
    over = await try_to_pledge(round, 40_001, who)
    assert (refusal(over), over.json()["remaining"]) == ((409, "investor_limit_exceeded"), 40_000)
    await pledge(round, 40_000, who)
    await pledge(round, 100_000)


async def test_a_pledge_is_in_the_currency_of_the_round_and_of_ones_own_investor(
    open_round: Act, investor: Act, try_to_pledge: Try
) -> None:
    round, theirs = await open_round(), await investor()
    assert refusal(await try_to_pledge(round, 5_000, currency="USD")) == (422, "currency_mismatch")
    assert refusal(await try_to_pledge(round, 5_000, theirs)) == (422, "investor_unknown")


async def test_nobody_pledges_before_a_round_opens_or_after_its_deadline(
    open_round: Act, try_to_pledge: Try, pass_time: Act, pledge: Act
) -> None:
    round = await open_round(opens_at="2026-03-03T00:00:00Z")
    early = await try_to_pledge(round, MILLION)
    assert refusal(early) == (409, "round_not_open")
    await pass_time(days=1)
    await pledge(round, MILLION)
    await pass_time(days=40)
    assert refusal(await try_to_pledge(round, 5_000)) == (409, "deadline_passed")


async def test_nobody_pledges_while_the_business_may_not_trade(open_round: Act, try_to_pledge: Try, hear: Hear) -> None:
    round = await open_round()
    await hear(suspended(1))
    assert refusal(await try_to_pledge(round, 5_000)) == (409, "business_not_active")


async def test_a_business_that_invests_promises_nothing_new_while_suspended_and_is_bound_by_no_pledge_as_it_leaves(
    first: httpx.AsyncClient,
    second: httpx.AsyncClient,
    open_round: Act,
    investor: Act,
    pledge: Act,
    try_to_pledge: Try,
    act: Act,
    hear: Hear,
    hear_together: Hear,
) -> None:
    round = await open_round(oversubscription="waitlist")
    business_two = await investor(second, kind="fund", business_id=business(2))
    promised, taken, waits = [
        await pledge(round, amount, who)
        for amount, who in ((900_000, business_two), (MILLION, business_two), (800_000, None))
    ]
    also = await pledge(round, 700_000, business_two)
    await act(taken, "accept")
    await hear(suspended(2))
    assert refusal(await try_to_pledge(round, 5_000, business_two)) == (409, "business_not_active")
    await hear_together(dissolution_started(2, sequence=3), dissolved(2, sequence=4))
    found = [(await seen(second, COMMITMENTS, each))["status"] for each in (promised, taken, waits, also)]
    assert found == ["released", "accepted", "pledged", "released"]
    now = await seen(first, ROUNDS, round)
    assert (now["committed"], now["commitments_count"]) == (1_800_000, 2)
    assert (await seen(second, INVESTORS, business_two))["commitments"] == 1


async def test_who_finds_no_room_waits_where_the_round_says_so_and_has_a_turn_in_order(
    first: httpx.AsyncClient, second: httpx.AsyncClient, open_round: Act, pledge: Act, act: Act, store: MemoryStore
) -> None:
    round = await open_round(oversubscription="waitlist")
    full = await pledge(round, 2 * MILLION)
    waiting = [await pledge(round, amount) for amount in (300_000, 900_000, 900_000)]
    assert {each["status"] for each in waiting} == {"waitlisted"}
    assert (await seen(first, ROUNDS, round))["committed"] == 2 * MILLION
    await act(full, "accept", amount={"amount": MILLION, "currency": CNY})
    assert [(await seen(second, COMMITMENTS, each))["status"] for each in waiting] == [
        "pledged",
        "waitlisted",
        "waitlisted",
    ]
    await act(waiting[0], "cancel", by=second)
    assert [(await seen(second, COMMITMENTS, each))["status"] for each in waiting] == [
        "cancelled",
        "pledged",
        "waitlisted",
    ]
    now = await seen(first, ROUNDS, round)
    assert (now["committed"], now["commitments_count"]) == (1_900_000, 3)
    assert [kind for kind, _ in told(store, waiting[1]["id"])] == ["commitment.waitlisted.v1", "commitment.pledged.v1"]


async def test_a_pledge_is_accepted_once_for_less_and_never_for_more(
    first: httpx.AsyncClient, open_round: Act, pledge: Act, act: Act
) -> None:
    round = await open_round()
    commitment = await pledge(round, 500_000)
    where = f"{COMMITMENTS}/{commitment['id']}/accept"
    more = await first.post(where, json={"amount": {"amount": 500_001, "currency": CNY}})
    assert refusal(more) == (409, "exceeds_commitment")
    await act(commitment, "accept", amount={"amount": 400_000, "currency": CNY})
    again = await first.post(where)
    assert (refusal(again), again.json()["current_status"]) == ((409, "invalid_transition"), "accepted")
    assert (await seen(first, ROUNDS, round))["committed"] == 400_000


async def test_no_more_is_paid_than_was_accepted(
    first: httpx.AsyncClient, open_round: Act, pledge: Act, act: Act
) -> None:
    commitment = await pledge(await open_round(), 500_000)
    await act(commitment, "accept")
    paid = await act(commitment, "fund", amount={"amount": 300_000, "currency": CNY})
    assert (paid["status"], paid["funded"]) == ("accepted", 300_000)
    where = f"{COMMITMENTS}/{commitment['id']}/fund"
    over = await first.post(where, json={"amount": {"amount": 200_001, "currency": CNY}})
    assert (refusal(over), over.json()["remaining"]) == ((409, "exceeds_commitment"), 200_000)
    assert (await act(commitment, "fund", amount={"amount": 200_000, "currency": CNY}))["status"] == "funded"


async def test_each_side_has_its_own_acts(
    first: httpx.AsyncClient, second: httpx.AsyncClient, open_round: Act, pledge: Act
) -> None:
    commitment = await pledge(await open_round(), 500_000)
    money = {"amount": {"amount": 1, "currency": CNY}}
    for api, action, said in (
        (second, "accept", {}),
        (second, "fund", money),
        (second, "release", {}),
        (first, "cancel", {}),
        (first, "reconfirm", {}),
    ):
        answer = await api.post(f"{COMMITMENTS}/{commitment['id']}/{action}", json=said)
        assert refusal(answer) == (403, "other_side"), action


async def test_an_investor_takes_a_promise_back_until_forty_eight_hours_before_the_deadline(
    first: httpx.AsyncClient, second: httpx.AsyncClient, open_round: Act, pledge: Act, act: Act, clock: FixedClock
) -> None:
    round = await open_round()
    in_time, late = await pledge(round, MILLION), await pledge(round, MILLION)
    clock.at = parse_instant(round["terms"]["deadline"]) - timedelta(hours=48)
    await act(in_time, "cancel", by=second)
    clock.at += timedelta(milliseconds=1)
    answer = await second.post(f"{COMMITMENTS}/{late['id']}/cancel")
    assert refusal(answer) == (409, "cancellation_window_passed")
    assert (await seen(first, ROUNDS, round))["committed"] == MILLION


async def changed(api: httpx.AsyncClient, round: Json, **terms: object) -> Json:
    answer = await api.patch(f"{ROUNDS}/{round['id']}", json={"terms": terms}, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_under_changed_terms_who_does_not_stand_by_it_within_five_working_days_is_out(
    first: httpx.AsyncClient,
    second: httpx.AsyncClient,
    open_round: Act,
    pledge: Act,
    act: Act,
    pass_time: Act,
    store: MemoryStore,
) -> None:
    round = await open_round()
    stays, goes = await pledge(round, 600_000), await pledge(round, 600_000)
    await changed(first, round, hard_cap=3 * MILLION)
    asked = await seen(second, COMMITMENTS, stays)
    assert asked["reconfirm_by"] == "2026-03-09T16:00:00.000Z"  # the end of Monday 9 March, in the zone
    assert "reconfirm" in asked["allowed_actions"]
    await act(stays, "reconfirm", by=second)
    await pass_time(days=8)
    assert (await seen(second, COMMITMENTS, goes))["status"] == "lapsed"
    assert (await seen(second, COMMITMENTS, stays))["status"] == "pledged"
    assert (await seen(first, ROUNDS, round))["committed"] == 600_000
    assert [kind for kind, _ in told(store, goes["id"])][-1] == "commitment.lapsed.v1"
    again = await second.post(f"{COMMITMENTS}/{stays['id']}/reconfirm")
    assert refusal(again) == (409, "nothing_to_reconfirm")


async def test_changed_terms_let_an_investor_go_also_in_the_last_hours(
    first: httpx.AsyncClient, second: httpx.AsyncClient, open_round: Act, pledge: Act, act: Act, pass_time: Act
) -> None:
    round = await open_round()
    commitment = await pledge(round, MILLION)
    await pass_time(days=29)
    await changed(first, round, target=900_000)
    assert (await act(commitment, "cancel", by=second))["status"] == "cancelled"


async def test_a_round_counts_as_open_from_when_one_can_pledge_also_where_that_is_moved(
    first: httpx.AsyncClient, open_round: Act
) -> None:
    round = await open_round(opens_at="2026-03-20T00:00:00Z")
    assert round["opened_at"].startswith("2026-03-20")
    assert (await changed(first, round, opens_at="2026-03-01T00:00:00Z"))["opened_at"].startswith("2026-03-02")
    assert (await changed(first, round, target=900_000))["opened_at"].startswith("2026-03-02")
    at_the_end_of_time = {"opens_at": "9999-12-20T00:00:00Z", "deadline": "9999-12-31T00:00:00Z"}
    assert (await changed(first, round, **at_the_end_of_time))["opened_at"].startswith("9999-12-20")
    await first.post(f"{ROUNDS}/{round['id']}/announce-closing")
    assert refusal(await first.post(f"{ROUNDS}/{round['id']}/close")) == (409, "close_too_early")


async def test_with_a_higher_cap_who_waits_has_a_turn_in_order(
    first: httpx.AsyncClient, second: httpx.AsyncClient, open_round: Act, pledge: Act
) -> None:
    round = await open_round(oversubscription="waitlist")
    waiting = [await pledge(round, amount) for amount in (2 * MILLION, 300_000, 900_000, 100_000)][1:]
    now = await changed(first, round, hard_cap=2_500_000)
    assert [(await seen(second, COMMITMENTS, each))["status"] for each in waiting] == [
        "pledged",
        "waitlisted",
        "waitlisted",
    ]
    assert now["committed"] == 2_300_000


async def test_nobody_waits_for_more_than_a_round_ever_takes_and_so_nobody_behind_waits_for_ever(
    first: httpx.AsyncClient, second: httpx.AsyncClient, open_round: Act, pledge: Act, try_to_pledge: Try, act: Act
) -> None:
    round = await open_round(oversubscription="waitlist")
    never = await try_to_pledge(round, 2 * MILLION + 1)
    assert (refusal(never), never.json()["remaining"]) == ((409, "round_oversubscribed"), 2 * MILLION)
    taken = await pledge(round, 1_200_000)
    too_much, behind = await pledge(round, 2 * MILLION), await pledge(round, 900_000)
    await changed(first, round, hard_cap=1_500_000, target=900_000)
    await act(taken, "cancel", by=second)
    assert (await seen(second, COMMITMENTS, too_much))["status"] == "waitlisted"
    assert (await seen(second, COMMITMENTS, behind))["status"] == "pledged"
    await changed(first, round, hard_cap=3 * MILLION)
    assert (await seen(second, COMMITMENTS, too_much))["status"] == "pledged"


async def test_a_new_name_binds_nobody_and_a_cap_is_not_put_below_what_is_pledged(
    first: httpx.AsyncClient, second: httpx.AsyncClient, open_round: Act, pledge: Act
) -> None:
    round = await open_round()
    commitment = await pledge(round, 1_500_000)
    where, headers = f"{ROUNDS}/{round['id']}", {"If-Match": "*"}
    named = await first.patch(where, json={"name": "另一示例轮"}, headers=headers)
    assert (named.json()["name"], named.json()["terms_version"]) == ("另一示例轮", 1)
    assert (await seen(second, COMMITMENTS, commitment))["reconfirm_by"] is None
    below = await first.patch(where, json={"terms": {"hard_cap": 1_499_999}}, headers=headers)
    assert refusal(below) == (409, "cap_below_committed")


async def test_who_takes_part_in_a_round_is_not_erased(
    second: httpx.AsyncClient, open_round: Act, investor: Act, pledge: Act, act: Act
) -> None:
    who = await investor(second)
    commitment = await pledge(await open_round(), 5_000, who)
    where = f"{INVESTORS}/{who['id']}/erase"
    assert refusal(await second.post(where)) == (409, "investor_committed")
    await act(commitment, "release")
    assert (await second.post(where)).status_code == 200


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"target": 3 * MILLION}, "target_above_cap"),
        ({"min_ticket": 3 * MILLION}, "ticket_range"),
        ({"max_per_investor": 999}, "ticket_range"),
        ({"deadline": "2026-03-01T00:00:00Z"}, "date_range"),
        ({"pre_money": MILLION}, "terms_of_instrument"),
        ({"discount_bps": 2_000}, "terms_of_instrument"),
        ({"target": 0}, "validation_failed"),
    ],
)
async def test_terms_that_do_not_go_together_are_refused(
    terms: dict[str, object], code: str, first: httpx.AsyncClient, open_round: Act
) -> None:
    round = await open_round()
    answer = await first.patch(f"{ROUNDS}/{round['id']}", json={"terms": terms}, headers={"If-Match": "*"})
    assert refusal(answer) == (422, code)
