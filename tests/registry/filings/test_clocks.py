"""What time does: filings for a moment to come, and the end of a suspension; repeated, late, and with one bad item."""

import json
from datetime import datetime, timedelta

import pytest

from services.chassis.domain.times import rfc3339, zone_midnight
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock, day, memory_tx
from services.registry.businesses.business import Business
from services.registry.filings import clocks
from services.registry.filings.clocks import complete_due_filings, end_suspensions, lapse_old_drafts
from services.registry.filings.effects import change_register
from services.registry.filings.filing import Filing
from tests.registry.conftest import Desk, expect, refusal
from tests.registry.papers import Json, host, hosted, registration, suspension


class Sweep:
    """Runs the registry's clocks at the time of the test."""

    def __init__(self, store: MemoryStore, clock: FixedClock) -> None:
        self._store, self._clock = store, clock

    async def at(self, at: datetime) -> None:
        self._clock.at = at
        await complete_due_filings(at, self._tx)
        await end_suspensions(at, self._tx)

    def _tx(self) -> Tx:
        return memory_tx(self._store, at=self._clock.at)


@pytest.fixture
def sweep(store: MemoryStore, clock: FixedClock) -> Sweep:
    return Sweep(store, clock)


def events(store: MemoryStore) -> list[str]:
    return [row["_id"] for row in store.rows("outbox")]


async def shown(desk: Desk, business_id: str) -> Json:
    return expect(await desk.get(f"/businesses/{business_id}"))


# filings for a moment to come


async def test_a_filing_for_a_moment_to_come_waits_approved_and_then_takes_effect(
    desk: Desk, store: MemoryStore, sweep: Sweep
) -> None:
    later = NOON + timedelta(days=3)
    filing = await desk.complete(await desk.draft(requested_effective_at=rfc3339(later)))
    assert (filing["status"], filing["effective_at"]) == ("approved", rfc3339(later))
    await sweep.at(later - timedelta(milliseconds=1))
    assert store.rows("businesses") == []
    await sweep.at(later + timedelta(seconds=4))
    business = await shown(desk, filing["business_id"])
    assert business["status_since"] == rfc3339(later)
    (registered,) = [row for row in store.rows("outbox") if row["type"].endswith("business.registered.v1")]
    assert (registered["effective_at"], registered["actor"]) == (later, "system")
    assert expect(await desk.get(f"/filings/{filing['id']}"))["completed_at"] == rfc3339(later + timedelta(seconds=4))


async def test_a_filing_that_waits_holds_what_it_claimed(desk: Desk) -> None:
    await desk.complete(await desk.draft(requested_effective_at=rfc3339(NOON + timedelta(days=3))))
    assert (await desk.submit(await desk.draft())).json()["code"] == "duplicate_identifier"


async def test_a_hosted_registration_for_a_moment_to_come_is_approved_by_the_rules(desk: Desk, sweep: Sweep) -> None:
    its_host = await desk.register(host())
    later = NOON + timedelta(days=3)
    filing = await desk.draft(hosted(1, its_host["id"]), requested_effective_at=rfc3339(later))
    assert expect(await desk.submit(filing))["status"] == "approved"
    await sweep.at(later)
    assert (await shown(desk, filing["business_id"]))["status"] == "active"


async def test_a_suspension_begins_with_its_first_day(desk: Desk, sweep: Sweep) -> None:
    business = await desk.register()
    filing = await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-10")))
    assert filing["status"] == "approved"
    await sweep.at(zone_midnight(day("2026-03-10")) - timedelta(milliseconds=1))
    assert (await shown(desk, business["id"]))["status"] == "active"
    await sweep.at(zone_midnight(day("2026-03-10")))
    assert (await shown(desk, business["id"]))["status"] == "suspended"


async def test_what_speaks_against_a_filing_by_then_blocks_it_until_it_is_gone(
    desk: Desk, store: MemoryStore, sweep: Sweep
) -> None:
    its_host = await desk.register(host())
    later = NOON + timedelta(days=3)
    filing = await desk.draft(hosted(1, its_host["id"]), requested_effective_at=rfc3339(later))
    await desk.submit(filing)
    await desk.complete(await desk.draft_for(its_host["id"], "suspension", suspension("2026-03-02")))
    await sweep.at(later)
    blocked = expect(await desk.get(f"/filings/{filing['id']}"))
    assert (blocked["status"], blocked["block"]["code"]) == ("approved", "host_not_active")
    assert blocked["block"]["since"] == rfc3339(later)
    before = events(store)
    await sweep.at(later + timedelta(minutes=1))
    assert events(store) == before
    await desk.complete(await desk.draft_for(its_host["id"], "resumption", {}))
    await sweep.at(later + timedelta(minutes=2))
    done = expect(await desk.get(f"/filings/{filing['id']}"))
    assert (done["status"], done["block"]) == ("completed", None)


# the end of a suspension


async def suspended(desk: Desk, number: int = 1, until: str = "2026-03-20") -> Json:
    business = await desk.register(registration(number))
    await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-02", until)))
    return business


async def test_a_suspension_ends_with_its_time_by_a_filing_of_the_system(
    desk: Desk, store: MemoryStore, sweep: Sweep
) -> None:
    business = await suspended(desk)
    end = zone_midnight(day("2026-03-20"))
    await sweep.at(end - timedelta(milliseconds=1))
    assert (await shown(desk, business["id"]))["status"] == "suspended"
    await sweep.at(end + timedelta(hours=5))
    after = await shown(desk, business["id"])
    assert (after["status"], after["status_since"]) == ("active", rfc3339(end))
    assert after["suspension"]["cumulative_days"] == 18
    filing = expect(await desk.get(f"/businesses/{business['id']}/filings"))["data"][-1]
    assert (filing["type"], filing["status"], filing["origin"]) == ("resumption", "completed", "system")
    assert filing["submitted_by"] == "system"
    types = [row["type"] for row in store.rows("outbox") if row["_id"].startswith(filing["id"])]
    assert types == ["zone.registry.filing.completed.v1"]


async def test_a_sweep_that_runs_again_changes_nothing_again(desk: Desk, store: MemoryStore, sweep: Sweep) -> None:
    await suspended(desk)
    await sweep.at(zone_midnight(day("2026-03-21")))
    before = events(store)
    await sweep.at(zone_midnight(day("2026-03-22")))
    assert events(store) == before


async def test_a_business_is_deemed_to_have_resumed_though_its_hosting_ended(desk: Desk, sweep: Sweep) -> None:
    its_host = await desk.register(host())
    hosting = hosted(1, its_host["id"])["hosting"] | {"valid_to": "2026-03-10"}
    shop = await desk.register(hosted(1, its_host["id"], hosting=hosting))
    await desk.complete(await desk.draft_for(shop["id"], "suspension", suspension("2026-03-02", "2026-03-20")))
    await sweep.at(zone_midnight(day("2026-03-20")))
    assert (await shown(desk, shop["id"]))["status"] == "active"


async def test_an_extension_that_is_approved_after_the_end_is_withdrawn_and_gives_back_what_it_held(
    desk: Desk, sweep: Sweep
) -> None:
    business = await suspended(desk)
    extension = suspension("2026-03-02", "2026-06-02")
    filing = expect(await desk.submit(await desk.draft_for(business["id"], "suspension", extension)))
    await sweep.at(zone_midnight(day("2026-03-20")))
    await desk.assign(filing)
    answer = expect(await desk.approve(filing))
    assert (answer["status"], answer["block"]["code"]) == ("withdrawn", "stale_base_version")
    assert (await shown(desk, business["id"]))["status"] == "active"
    await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-20")))
    assert (await shown(desk, business["id"]))["status"] == "suspended"


async def test_a_filing_whose_business_changes_while_it_waits_is_withdrawn_when_its_moment_comes(
    desk: Desk, store: MemoryStore, sweep: Sweep
) -> None:
    business = await suspended(desk)
    asked = rfc3339(zone_midnight(day("2026-03-19")))
    filing = await desk.complete(await desk.draft_for(business["id"], "resumption", {}, requested_effective_at=asked))
    assert filing["status"] == "approved"
    end = zone_midnight(day("2026-03-20"))
    await end_suspensions(end, lambda: memory_tx(store, at=end))
    await sweep.at(end)
    ended = expect(await desk.get(f"/filings/{filing['id']}"))
    assert (ended["status"], ended["allowed_actions"]) == ("withdrawn", [])
    assert (ended["block"]["code"], ended["block"]["since"]) == ("stale_base_version", rfc3339(end))
    (said,) = [row for row in store.rows("outbox") if row["type"] == "zone.registry.filing.withdrawn.v1"]
    assert json.loads(said["data"])["code"] == "stale_base_version"
    before = events(store)
    await sweep.at(end + timedelta(minutes=1))
    assert events(store) == before
    anew = await desk.draft_for(business["id"], "suspension", suspension("2026-03-21"))
    assert expect(await desk.submit(anew))["status"] == "submitted"


async def test_a_registration_whose_hosting_ends_before_its_moment_is_withdrawn(desk: Desk, sweep: Sweep) -> None:
    its_host = await desk.register(host())
    hosting = hosted(1, its_host["id"])["hosting"] | {"valid_to": "2026-03-04"}
    later = zone_midnight(day("2026-03-05"))
    draft = await desk.draft(hosted(1, its_host["id"], hosting=hosting), requested_effective_at=rfc3339(later))
    filing = await desk.complete(draft)
    await sweep.at(later)
    ended = expect(await desk.get(f"/filings/{filing['id']}"))
    assert (ended["status"], ended["block"]["code"]) == ("withdrawn", "hosting_expired")
    assert (await desk.register(hosted(1, its_host["id"])))["status"] == "active"


# drafts that nobody hands in


async def test_a_draft_lapses_ninety_days_after_it_was_begun_and_not_a_moment_earlier(
    desk: Desk, store: MemoryStore
) -> None:
    draft, handed_in = await desk.draft(), await desk.draft(registration(2))
    expect(await desk.submit(handed_in))
    due = NOON + timedelta(days=90)

    async def status_at(at: datetime) -> list[str]:
        await lapse_old_drafts(at, lambda: memory_tx(store, at=at))
        return [expect(await desk.get(f"/filings/{each['id']}"))["status"] for each in (draft, handed_in)]

    assert await status_at(due - timedelta(milliseconds=1)) == ["draft", "submitted"]
    assert await status_at(due) == ["lapsed", "submitted"]
    before = events(store)
    assert await status_at(due + timedelta(days=90)) == ["lapsed", "submitted"]
    assert events(store) == before
    after = expect(await desk.get(f"/filings/{draft['id']}"))
    assert (after["ended_at"], after["allowed_actions"]) == (rfc3339(due), [])
    assert refusal(await desk.submit(draft)) == (409, "invalid_transition")


async def test_one_bad_item_does_not_stop_a_sweep(desk: Desk, sweep: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    businesses = [await suspended(desk, number) for number in (1, 2, 3)]

    def failing(filing: Filing, business: Business, tx: Tx) -> None:
        if business.id == businesses[1]["id"]:
            raise RuntimeError("bad item")
        change_register(filing, business, tx)

    monkeypatch.setattr(clocks, "change_register", failing)
    await sweep.at(zone_midnight(day("2026-03-20")))
    statuses = [(await shown(desk, business["id"]))["status"] for business in businesses]
    assert statuses == ["active", "suspended", "active"]


async def test_a_sweep_looks_at_more_than_one_batch(desk: Desk, sweep: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.chassis.background.sweep.AT_ONCE", 2)
    businesses = [await suspended(desk, number) for number in range(1, 6)]
    await sweep.at(zone_midnight(day("2026-03-20")))
    assert {(await shown(desk, business["id"]))["status"] for business in businesses} == {"active"}
