"""Who objects to a dissolution, what is decided of it, and what the incubator's answers do."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import product

import pytest

from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict, Reject
from services.chassis.domain.events import Event
from services.chassis.domain.moves import move
from services.chassis.testing import heard
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock, memory_tx
from services.registry.filings.clocks import end_dissolutions
from services.registry.main import service
from services.registry.objections.clocks import lapse_objections
from services.registry.objections.objection import MOVES, ObjectionStatus
from tests.registry.conftest import Desk, expect, refusal
from tests.registry.objections.incubator_says import INVOICES, declared, settled
from tests.registry.papers import AUDITOR, COLLEAGUE, OFFICER, PARTNER, STRANGER, Json, dissolution, registration, uscc

AFTER_NOTICE = NOON + timedelta(days=20)
Hear = Callable[..., Awaitable[None]]


@pytest.fixture
async def leaving(desk: Desk) -> str:
    """A business whose dissolution has begun."""
    business = await desk.register()
    await desk.complete(await desk.draft_for(business["id"], "dissolution", dissolution()))
    business_id: str = business["id"]
    return business_id


@pytest.fixture
def hear(store: MemoryStore) -> Hear:
    """Lets the registry hear events, each in a unit of work of its own."""

    async def hear(*events: Event) -> None:
        await heard.hear_each(service.handlers, store, *events)

    return hear


async def lodge(desk: Desk, business_id: str, *, by: Caller = STRANGER) -> Json:
    answer = await desk.call("POST", f"/businesses/{business_id}/objections", {"reason": "示例：货款未付"}, by=by)
    return expect(answer, 201)


async def decide(desk: Desk, objection: Json, outcome: str) -> Json:
    body = {"outcome": outcome, "comment": "示例意见"}
    return expect(await desk.call("POST", f"/objections/{objection['id']}/decide", body, by=OFFICER))


async def dissolution_of(desk: Desk, business_id: str) -> Json:
    said: Json = expect(await desk.get(f"/businesses/{business_id}"))["dissolution"]
    return said


async def objections_of(desk: Desk, business_id: str) -> list[Json]:
    data: list[Json] = expect(await desk.get(f"/businesses/{business_id}/objections"))["data"]
    return data


async def sweep(store: MemoryStore, clock: FixedClock) -> None:
    clock.at = AFTER_NOTICE
    await end_dissolutions(AFTER_NOTICE, lambda: memory_tx(store, at=AFTER_NOTICE))


# those of others


async def test_whoever_has_a_claim_objects_while_the_notice_lasts(desk: Desk, leaving: str) -> None:
    objection = await lodge(desk, leaving)
    assert (objection["status"], objection["raised_by"], objection["debts"]) == ("open", "partner", None)
    assert (await dissolution_of(desk, leaving))["objections_open"] == 1


async def test_its_owner_and_who_objects_and_officials_see_an_objection_and_nobody_else(
    desk: Desk, leaving: str
) -> None:
    of_another = await lodge(desk, leaving)
    officials = await lodge(desk, leaving, by=OFFICER)
    assert officials["raised_by"] == "official"
    seen = {
        by.client_id: [
            each["id"] for each in expect(await desk.get(f"/businesses/{leaving}/objections", by=by))["data"]
        ]
        for by in (PARTNER, STRANGER, AUDITOR)
    }
    both = sorted([of_another["id"], officials["id"]])
    assert {name: sorted(ids) for name, ids in seen.items()} == {
        PARTNER.client_id: both,
        STRANGER.client_id: [of_another["id"]],
        AUDITOR.client_id: both,
    }
    assert refusal(await desk.get(f"/objections/{officials['id']}", by=STRANGER)) == (404, "not_found")


async def test_row_50_nobody_objects_outside_of_the_notice(desk: Desk, leaving: str, clock: FixedClock) -> None:
    other = await desk.register(registration(2))
    body = {"reason": "示例"}
    answer = await desk.call("POST", f"/businesses/{other['id']}/objections", body, by=STRANGER)
    assert refusal(answer) == (409, "not_in_notice_period")
    clock.at = AFTER_NOTICE
    answer = await desk.call("POST", f"/businesses/{leaving}/objections", body, by=STRANGER)
    assert refusal(answer) == (409, "not_in_notice_period")


async def test_row_50_nobody_objects_to_the_dissolution_of_a_business_of_their_own(desk: Desk, leaving: str) -> None:
    answer = await desk.call("POST", f"/businesses/{leaving}/objections", {"reason": "示例"})
    assert refusal(answer) == (403, "objection_to_own")


async def test_one_objection_of_a_partner_stands_at_a_time(desk: Desk, leaving: str) -> None:
    first = await lodge(desk, leaving)
    again = await desk.call("POST", f"/businesses/{leaving}/objections", {"reason": "示例"}, by=STRANGER)
    assert refusal(again) == (409, "objection_exists")
    await decide(desk, first, "dismissed")
    assert (await lodge(desk, leaving))["status"] == "open"


async def test_a_dismissed_objection_stands_in_no_way_any_more(
    desk: Desk, leaving: str, store: MemoryStore, clock: FixedClock, hear: Hear
) -> None:
    objection = await lodge(desk, leaving)
    await hear(settled(leaving, sequence=1))
    await sweep(store, clock)
    assert expect(await desk.get(f"/businesses/{leaving}"))["status"] == "dissolving"
    dismissed = await decide(desk, objection, "dismissed")
    assert (dismissed["status"], dismissed["decided_by"], dismissed["allowed_actions"]) == (
        "dismissed",
        OFFICER.client_id,
        [],
    )
    await sweep(store, clock)
    assert expect(await desk.get(f"/businesses/{leaving}"))["status"] == "dissolved"


async def test_an_upheld_objection_cancels_the_dissolution_by_a_filing(
    desk: Desk, leaving: str, store: MemoryStore
) -> None:
    await decide(desk, await lodge(desk, leaving), "upheld")
    business = expect(await desk.get(f"/businesses/{leaving}"))
    assert (business["status"], business["dissolution"]) == ("active", None)
    (filing,) = [row for row in store.rows("filings") if row["origin"] == "system"]
    assert (filing["type"], filing["status"]) == ("dissolution_cancellation", "completed")


async def test_nobody_decides_an_objection_of_their_own_and_none_is_decided_twice(desk: Desk, leaving: str) -> None:
    objection = await lodge(desk, leaving, by=OFFICER)
    body = {"outcome": "upheld", "comment": "示例"}
    path = f"/objections/{objection['id']}/decide"
    assert refusal(await desk.call("POST", path, body, by=OFFICER)) == (403, "separation_of_duties")
    expect(await desk.call("POST", path, body, by=COLLEAGUE))
    assert refusal(await desk.call("POST", path, body, by=COLLEAGUE)) == (409, "invalid_transition")
    assert refusal(await desk.call("POST", path, body, by=PARTNER)) == (403, "insufficient_scope")


async def test_an_objection_to_a_dissolution_that_was_cancelled_lapses(
    desk: Desk, leaving: str, store: MemoryStore
) -> None:
    objection = await lodge(desk, leaving)
    await desk.complete(await desk.draft_for(leaving, "dissolution_cancellation", {}))
    for _ in range(2):
        await lapse_objections(NOON, lambda: memory_tx(store))
    lapsed = expect(await desk.get(f"/objections/{objection['id']}"))
    assert (lapsed["status"], lapsed["ended_at"]) == ("lapsed", "2026-03-02T04:00:00.000Z")
    await desk.complete(await desk.draft_for(leaving, "dissolution", dissolution()))
    assert (await lodge(desk, leaving))["status"] == "open"


@pytest.mark.parametrize(("before", "after"), list(product(ObjectionStatus, ObjectionStatus)))
def test_an_objection_moves_only_along_the_arrows_of_its_table(before: ObjectionStatus, after: ObjectionStatus) -> None:
    if after in MOVES[before]:
        assert move(before, after, MOVES) is after
    else:
        with pytest.raises(Conflict):
            move(before, after, MOVES)


# what the incubator answers (D-24)


async def test_unpaid_invoices_are_an_objection_that_anyone_concerned_can_read(
    desk: Desk, leaving: str, hear: Hear
) -> None:
    await hear(declared(leaving))
    (objection,) = await objections_of(desk, leaving)
    assert (objection["status"], objection["raised_by"]) == ("open", "incubator")
    assert objection["debts"] == {"amount": 65_400, "currency": "CNY", "invoice_ids": INVOICES[:1]}
    said = await dissolution_of(desk, leaving)
    assert (said["objections_open"], said["debts_answered"]) == (1, True)


async def test_what_is_settled_is_withdrawn_and_the_business_is_dissolved_after_its_notice(
    desk: Desk, leaving: str, hear: Hear, store: MemoryStore, clock: FixedClock
) -> None:
    await hear(declared(leaving))
    await sweep(store, clock)
    assert expect(await desk.get(f"/businesses/{leaving}"))["status"] == "dissolving"
    await hear(settled(leaving))
    (objection,) = await objections_of(desk, leaving)
    assert objection["status"] == "withdrawn"
    await sweep(store, clock)
    assert expect(await desk.get(f"/businesses/{leaving}"))["status"] == "dissolved"


async def test_who_owes_nothing_is_dissolved_without_any_objection(
    desk: Desk, leaving: str, hear: Hear, store: MemoryStore, clock: FixedClock
) -> None:
    await hear(settled(leaving, sequence=1))
    assert await objections_of(desk, leaving) == []
    await sweep(store, clock)
    assert expect(await desk.get(f"/businesses/{leaving}"))["status"] == "dissolved"


async def test_what_is_owed_is_said_anew_on_the_same_objection(desk: Desk, leaving: str, hear: Hear) -> None:
    await hear(declared(leaving), declared(leaving, sequence=2, amount=70_000))
    (objection,) = await objections_of(desk, leaving)
    assert objection["debts"] == {"amount": 70_000, "currency": "CNY", "invoice_ids": INVOICES}
    assert (await dissolution_of(desk, leaving))["objections_open"] == 1


async def test_a_payment_that_bounced_brings_the_objection_back(desk: Desk, leaving: str, hear: Hear) -> None:
    await hear(declared(leaving), settled(leaving), declared(leaving, sequence=3))
    (objection,) = await objections_of(desk, leaving)
    assert (objection["status"], (await dissolution_of(desk, leaving))["objections_open"]) == ("open", 1)


async def test_answers_heard_twice_and_in_another_order_change_nothing_more(
    desk: Desk, leaving: str, hear: Hear, store: MemoryStore
) -> None:
    first, last = declared(leaving), settled(leaving)
    await hear(first, first, last)
    before = [store.rows("objections")[0] | {"version": 0}, await dissolution_of(desk, leaving), store.rows("outbox")]
    await hear(last, first, last)
    assert [
        store.rows("objections")[0] | {"version": 0},
        await dissolution_of(desk, leaving),
        store.rows("outbox"),
    ] == before


async def test_what_an_official_dismissed_is_not_lodged_again(desk: Desk, leaving: str, hear: Hear) -> None:
    await hear(declared(leaving))
    await decide(desk, (await objections_of(desk, leaving))[0], "dismissed")
    await hear(declared(leaving, sequence=2, amount=70_000), settled(leaving, sequence=3))
    (objection,) = await objections_of(desk, leaving)
    assert (objection["status"], (await dissolution_of(desk, leaving))["objections_open"]) == ("dismissed", 0)


async def test_an_answer_to_a_dissolution_of_another_time_says_nothing_of_this_one(
    desk: Desk, leaving: str, hear: Hear
) -> None:
    await desk.complete(await desk.draft_for(leaving, "dissolution_cancellation", {}))
    await desk.complete(await desk.draft_for(leaving, "dissolution", dissolution()))
    await hear(settled(leaving, sequence=1), declared(leaving, sequence=2))
    said = await dissolution_of(desk, leaving)
    assert (said["objections_open"], said["debts_answered"]) == (0, False)


async def test_the_debts_of_an_individual_household_stand_in_its_way_though_it_has_no_notice(
    desk: Desk, hear: Hear, store: MemoryStore, clock: FixedClock
) -> None:
    codes = [{"scheme": "CN-USCC", "id": uscc(7, "2")}]
    business = await desk.register(registration(7, legal_form="individual_household", identifiers=codes))
    await desk.complete(await desk.draft_for(business["id"], "dissolution", dissolution()))
    await hear(declared(business["id"]))
    await sweep(store, clock)
    assert expect(await desk.get(f"/businesses/{business['id']}"))["status"] == "dissolving"
    await hear(settled(business["id"]))
    await sweep(store, clock)
    assert expect(await desk.get(f"/businesses/{business['id']}"))["status"] == "dissolved"


async def test_an_answer_for_a_business_that_is_not_in_the_register_is_rejected(hear: Hear) -> None:
    with pytest.raises(Reject, match="is not in the register"):
        await hear(settled(f"biz_{9:032x}"))
