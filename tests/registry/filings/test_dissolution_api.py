"""The filings that take a business out of the register or keep it there, over HTTP, and the end of a notice."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from services.chassis.domain.times import rfc3339
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock, memory_tx
from services.registry.businesses.business import Business
from services.registry.filings.clocks import end_dissolutions
from tests.registry.conftest import Desk, expect, refusal
from tests.registry.papers import (
    COLLEAGUE,
    OFFICER,
    OTHER_ADDRESS,
    PARTNER,
    STRANGER,
    SUPERVISOR,
    Json,
    dissolution,
    host,
    hosted,
    registration,
    suspension,
    uscc,
)

AFTER_NOTICE = NOON + timedelta(days=20)
Sweep = Callable[[datetime], Awaitable[None]]


@pytest.fixture
def sweep(store: MemoryStore, clock: FixedClock) -> Sweep:
    """Runs the clock of dissolutions at a moment, which is the time of the test from then on."""

    async def run(at: datetime) -> None:
        clock.at = at
        await end_dissolutions(at, lambda: memory_tx(store, at=at))

    return run


async def answered(store: MemoryStore, business_id: str) -> None:
    """The incubator has said that nothing is owed."""
    tx = memory_tx(store)
    business = await tx.get(Business, business_id)
    business.change_dissolution(debts_answered=True)
    tx.save(business)
    await tx.commit()


async def leave(desk: Desk, payload: Json | None = None) -> str:
    """A business whose dissolution has begun."""
    business = await desk.register(payload)
    await desk.complete(await desk.draft_for(business["id"], "dissolution", dissolution()))
    business_id: str = business["id"]
    return business_id


async def status_of(desk: Desk, business_id: str) -> str:
    status: str = expect(await desk.get(f"/businesses/{business_id}"))["status"]
    return status


# two look at it


async def test_a_dissolution_needs_an_officer_and_then_a_supervisor(desk: Desk) -> None:
    business = await desk.register()
    filing = await desk.draft_for(business["id"], "dissolution", dissolution())
    expect(await desk.submit(filing))
    expect(await desk.assign(filing))
    first = expect(await desk.approve(filing))
    assert (first["status"], first["review"]["second_approval"]) == ("in_review", "pending")
    assert await status_of(desk, business["id"]) == "active"
    second = expect(await desk.approve(filing, by=SUPERVISOR))
    assert (second["status"], second["review"]["second_approval"]) == ("completed", "given")
    assert [each["by"] for each in second["decisions"]] == [OFFICER.client_id, SUPERVISOR.client_id]
    assert await status_of(desk, business["id"]) == "dissolving"


async def test_the_second_approval_is_no_officers_and_not_that_of_who_gave_the_first(desk: Desk) -> None:
    business = await desk.register()
    filing = await desk.draft_for(business["id"], "dissolution", dissolution())
    expect(await desk.submit(filing))
    expect(await desk.assign(filing, by=SUPERVISOR))
    expect(await desk.approve(filing, by=SUPERVISOR))
    assert refusal(await desk.approve(filing, by=SUPERVISOR)) == (403, "separation_of_duties")
    assert refusal(await desk.approve(filing, by=COLLEAGUE)) == (403, "supervisor_required")
    path = f"/filings/{filing['id']}"
    shown = [expect(await desk.get(path, by=each))["allowed_actions"] for each in (OFFICER, SUPERVISOR)]
    assert shown == [[], ["reject"]]


async def test_a_supervisor_can_refuse_what_an_officer_found_good(desk: Desk) -> None:
    business = await desk.register()
    filing = await desk.draft_for(business["id"], "dissolution", dissolution())
    expect(await desk.submit(filing))
    expect(await desk.assign(filing))
    expect(await desk.approve(filing))
    assert expect(await desk.get(f"/filings/{filing['id']}", by=SUPERVISOR))["allowed_actions"] == ["approve", "reject"]
    assert expect(await desk.reject(filing, by=SUPERVISOR))["status"] == "rejected"
    assert await status_of(desk, business["id"]) == "active"


# what is refused


async def test_a_business_with_debts_does_not_leave_in_the_simplified_procedure(desk: Desk) -> None:
    business = await desk.register()
    body = {"type": "dissolution", "payload": dissolution(settled=False)}
    answer = await desk.call("POST", f"/businesses/{business['id']}/filings", body)
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/payload/settled", "debts_not_settled")
    ]


async def test_a_business_with_debts_leaves_in_the_ordinary_procedure(desk: Desk) -> None:
    business = await desk.register()
    filing = await desk.draft_for(business["id"], "dissolution", dissolution("voluntary", settled=False))
    assert (await desk.complete(filing))["status"] == "completed"


async def test_row_48_nobody_leaves_while_another_change_is_under_way(desk: Desk) -> None:
    business = await desk.register()
    other = await desk.draft_for(business["id"], "suspension", suspension())
    expect(await desk.submit(other))
    answer = await desk.submit(await desk.draft_for(business["id"], "dissolution", dissolution()))
    assert refusal(answer) == (409, "filing_in_progress")
    assert answer.json()["filing_id"] == other["id"]


async def test_a_dissolution_is_never_dated_back_so_that_the_notice_is_whole(desk: Desk) -> None:
    business = await desk.register()
    before = rfc3339(NOON - timedelta(days=30))
    draft = await desk.draft_for(business["id"], "dissolution", dissolution(), by=OFFICER, requested_effective_at=None)
    assert draft["requested_effective_at"] is None
    body = {"type": "dissolution", "payload": dissolution(), "requested_effective_at": before}
    answer = await desk.call("POST", f"/businesses/{business['id']}/filings", body, by=OFFICER)
    assert answer.status_code == 422  # the business has its present status since a later day


@pytest.mark.parametrize("type", ["suspension", "dissolution"])
async def test_what_a_dissolving_business_may_not_file_is_refused_with_what_it_may(desk: Desk, type: str) -> None:
    business_id = await leave(desk)
    payload = {"suspension": suspension(), "dissolution": dissolution()}[type]
    answer = await desk.call("POST", f"/businesses/{business_id}/filings", {"type": type, "payload": payload})
    assert refusal(answer) == (409, "filing_not_allowed")
    assert answer.json()["allowed_filings"] == ["annual_report", "dissolution_cancellation"]


# the notice


async def test_anyone_sees_until_when_one_can_object(desk: Desk) -> None:
    business_id = await leave(desk)
    extract = expect(await desk.get(f"/businesses/{business_id}", by=STRANGER))
    assert (extract["status"], extract["notice_until"]) == ("dissolving", "2026-03-22")


async def test_the_owner_sees_how_the_dissolution_stands(desk: Desk) -> None:
    business_id = await leave(desk)
    said = expect(await desk.get(f"/businesses/{business_id}"))["dissolution"]
    assert said == {
        "mode": "simplified",
        "started_on": "2026-03-02",
        "notice_until": "2026-03-22",
        "former_status": "active",
        "objections_open": 0,
        "debts_answered": False,
        "event_id": f"{business_id}:0000000002",
    }


async def test_a_business_is_dissolved_once_its_notice_is_over_and_never_twice(
    desk: Desk, store: MemoryStore, sweep: Sweep
) -> None:
    business_id = await leave(desk)
    await answered(store, business_id)
    await sweep(AFTER_NOTICE - timedelta(hours=13))
    assert await status_of(desk, business_id) == "dissolving"
    for _ in range(2):
        await sweep(AFTER_NOTICE)
    assert await status_of(desk, business_id) == "dissolved"
    types = [row["type"].split(".")[-2] for row in store.rows("outbox") if row["_id"].startswith(business_id)]
    assert types == ["registered", "dissolution_started", "dissolved"]
    (last,) = [row for row in store.rows("filings") if row["origin"] == "system"]
    assert (last["type"], last["status"]) == ("dissolution", "completed")


async def test_a_business_is_not_dissolved_before_the_incubator_has_answered(desk: Desk, sweep: Sweep) -> None:
    business_id = await leave(desk)
    await sweep(AFTER_NOTICE + timedelta(days=100))
    assert await status_of(desk, business_id) == "dissolving"


async def test_the_clock_waits_while_a_cancellation_is_under_way(desk: Desk, store: MemoryStore, sweep: Sweep) -> None:
    business_id = await leave(desk)
    await answered(store, business_id)
    filing = await desk.draft_for(business_id, "dissolution_cancellation", {})
    expect(await desk.submit(filing))
    await sweep(AFTER_NOTICE)
    assert await status_of(desk, business_id) == "dissolving"
    expect(await desk.withdraw(filing))
    await sweep(AFTER_NOTICE)
    assert await status_of(desk, business_id) == "dissolved"


async def test_a_cancelled_dissolution_brings_back_the_former_status(desk: Desk, store: MemoryStore) -> None:
    business = await desk.register()
    await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-02")))
    await desk.complete(await desk.draft_for(business["id"], "dissolution", dissolution()))
    done = await desk.complete(await desk.draft_for(business["id"], "dissolution_cancellation", {}))
    assert done["status"] == "completed"
    shown = expect(await desk.get(f"/businesses/{business['id']}"))
    assert (shown["status"], shown["dissolution"], shown["status_reason"]) == ("suspended", None, "示例原因")
    assert shown["addresses"]["service"]["lines"] == OTHER_ADDRESS["lines"]


async def test_the_name_and_the_code_of_a_dissolved_business_are_free(
    desk: Desk, store: MemoryStore, sweep: Sweep
) -> None:
    again = await desk.draft(registration(1), by=STRANGER)  # begun first: ids say nothing of who has a code
    business_id = await leave(desk, registration(1))
    assert refusal(await desk.submit(again, by=STRANGER))[0] == 409
    await answered(store, business_id)
    await sweep(AFTER_NOTICE)
    assert expect(await desk.get(f"/businesses/uscc:{uscc(1)}"))["id"] == business_id
    assert (await desk.complete(again, by=STRANGER))["status"] == "completed"
    assert expect(await desk.get(f"/businesses/uscc:{uscc(1)}"))["id"] == again["business_id"]


async def test_a_dissolved_business_has_no_hosting_and_hosts_nobody_new(
    desk: Desk, store: MemoryStore, sweep: Sweep
) -> None:
    its_host = await desk.register(host())
    business_id = await leave(desk, hosted(1, its_host["id"]))
    await answered(store, business_id)
    await sweep(AFTER_NOTICE)
    assert expect(await desk.get(f"/businesses/{business_id}"))["hosting"] is None
    shown = expect(await desk.get(f"/businesses/{business_id}/versions/1"))
    assert shown["business"]["hosting"]["host_business_id"] == its_host["id"]


# by order


async def test_an_order_is_no_partners_to_make_and_not_the_owners_to_take_back(desk: Desk) -> None:
    business = await desk.register()
    body: Json = {"type": "administrative_dissolution", "payload": {"reason": "示例：依法责令关闭"}}
    answer = await desk.call("POST", f"/businesses/{business['id']}/filings", body)
    assert refusal(answer) == (409, "filing_not_allowed")
    filing = await desk.draft_for(business["id"], body["type"], {"reason": "示例：依法责令关闭"}, by=OFFICER)
    expect(await desk.submit(filing, by=OFFICER))
    assert expect(await desk.get(f"/filings/{filing['id']}", by=PARTNER))["allowed_actions"] == []
    assert refusal(await desk.withdraw(filing, by=PARTNER)) == (403, "not_the_owner")
    assert refusal(await desk.assign(filing, by=OFFICER)) == (403, "separation_of_duties")


async def test_no_order_waits_for_what_its_owner_has_approved_by_the_rules_for_a_day_to_come(desk: Desk) -> None:
    business = await desk.register()
    await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-02")))
    late: Json = {"requested_effective_at": "2026-03-20T00:00:00Z"}
    waiting = expect(await desk.submit(await desk.draft_for(business["id"], "resumption", {}, **late)))
    order = await desk.draft_for(business["id"], "administrative_dissolution", {"reason": "示例：依法"}, by=OFFICER)
    assert refusal(await desk.submit(order, by=OFFICER)) == (409, "filing_in_progress")
    assert expect(await desk.withdraw(waiting, by=COLLEAGUE))["block"]["code"] == "withdrawn_by_official"
    assert (await desk.complete(order, by=OFFICER))["status"] == "completed"


async def test_an_order_takes_a_business_out_of_the_register(desk: Desk, store: MemoryStore, sweep: Sweep) -> None:
    business = await desk.register()
    payload = {"reason": "示例：依法责令关闭"}
    filing = await desk.draft_for(business["id"], "administrative_dissolution", payload, by=OFFICER)
    assert (await desk.complete(filing, by=OFFICER))["status"] == "completed"
    assert expect(await desk.get(f"/businesses/{business['id']}"))["dissolution"]["mode"] == "administrative"
    await answered(store, business["id"])
    await sweep(AFTER_NOTICE)
    assert await status_of(desk, business["id"]) == "dissolved"
