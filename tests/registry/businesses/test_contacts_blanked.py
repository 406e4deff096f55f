"""How to reach a business is known for 90 days after it left the register, and then in no version and no filing."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.chassis.domain.times import rfc3339
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock, memory_tx
from services.registry.businesses.business import Business
from services.registry.businesses.versions import BusinessVersion
from services.registry.filings.catalogue import PAYLOADS
from services.registry.filings.clocks import blank_unneeded_contacts, end_dissolutions
from services.registry.filings.filing import Filing
from tests.registry.conftest import Desk, expect
from tests.registry.papers import OFFICER, Json, dissolution, registration, report, suspension

KNOWN = timedelta(days=90)
LEFT = NOON + timedelta(days=20)
WAYS = ("hidden@shop.example", "+8699600000001", "https://hidden.example", "other@shop.example")
CONTACTS: Json = dict(zip(("email", "phone", "website"), WAYS, strict=False))
NOBODY: Json = {"email": None, "phone": None, "website": None}

Sweep = Callable[[datetime], Awaitable[None]]


@pytest.fixture
def sweep(store: MemoryStore, clock: FixedClock) -> Sweep:
    """Runs the clock that blanks contacts at a moment, which is the time of the test from then on."""

    async def run(at: datetime) -> None:
        clock.at = at
        await blank_unneeded_contacts(at, lambda: memory_tx(store, at=at))

    return run


async def gone(desk: Desk, store: MemoryStore, clock: FixedClock, number: int = 1) -> str:
    """A business that has lived a little, and left the register twenty days later."""
    clock.at = NOON
    business = await desk.register(registration(number, contacts=CONTACTS))
    said = report("2025", contacts={"email": WAYS[3]})
    await desk.complete(await desk.draft_for(business["id"], "annual_report", said))
    await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-02")))
    await desk.complete(await desk.draft_for(business["id"], "dissolution", dissolution()))
    tx = memory_tx(store)
    entry = await tx.get(Business, business["id"])
    entry.change_dissolution(debts_answered=True)
    tx.save(entry)
    await tx.commit()
    clock.at = LEFT
    await end_dissolutions(LEFT, lambda: memory_tx(store, at=LEFT))
    return str(business["id"])


def where_it_stands(store: MemoryStore) -> set[str]:
    """The collections in which one of its contacts stands."""
    return {name for name in store.collections for row in store.rows(name) if any(way in str(row) for way in WAYS)}


async def shown(desk: Desk, business_id: str, **params: Any) -> Json:
    return expect(await desk.get(f"/businesses/{business_id}", **params))


async def test_they_are_known_for_ninety_days_and_then_nowhere(
    desk: Desk, store: MemoryStore, clock: FixedClock, sweep: Sweep
) -> None:
    business_id = await gone(desk, store, clock)
    await sweep(LEFT + KNOWN - timedelta(milliseconds=1))
    assert where_it_stands(store) == {"businesses", "business_versions", "filings"}
    await sweep(LEFT + KNOWN)
    assert where_it_stands(store) == set()
    after = await shown(desk, business_id)
    assert (after["contacts"], after["contacts_blanked_at"]) == (NOBODY, rfc3339(LEFT + KNOWN))


async def test_its_former_versions_and_its_filings_say_since_when(
    desk: Desk, store: MemoryStore, clock: FixedClock, sweep: Sweep
) -> None:
    business_id = await gone(desk, store, clock)
    await sweep(LEFT + KNOWN)
    versions = expect(await desk.get(f"/businesses/{business_id}/versions"))["data"]
    for version in versions:
        then = await shown(desk, business_id, version=version["version"])
        assert (then["contacts"], then["contacts_blanked_at"]) == (NOBODY, rfc3339(LEFT + KNOWN))
    filings = expect(await desk.get(f"/businesses/{business_id}/filings"))["data"]
    blanked = {each["type"]: each["payload"]["contacts"] for each in filings if each["blanked_at"]}
    assert blanked == {"registration": NOBODY, "annual_report": NOBODY}
    assert all(each["payload"] for each in filings)


async def test_nothing_else_that_the_register_says_is_lost(
    desk: Desk, store: MemoryStore, clock: FixedClock, sweep: Sweep
) -> None:
    business_id = await gone(desk, store, clock)
    before = await shown(desk, business_id)
    versions = expect(await desk.get(f"/businesses/{business_id}/versions"))["data"]
    await sweep(LEFT + KNOWN)
    after = await shown(desk, business_id)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"contacts", "contacts_blanked_at", "version", "last_event_id"}
    assert expect(await desk.get(f"/businesses/{business_id}/versions"))["data"] == versions


async def test_a_business_rebuilt_from_its_completed_filings_is_the_stored_one_but_for_its_contacts(
    desk: Desk, store: MemoryStore, clock: FixedClock, sweep: Sweep
) -> None:
    business_id = await gone(desk, store, clock)
    await sweep(LEFT + KNOWN)
    tx = memory_tx(store, at=LEFT + KNOWN)
    rows = await tx.select(BusinessVersion, {"business_id": business_id}, sort=[("version", 1)], limit=100)
    rebuilt: Business | None = None
    for row in rows:
        filing = await tx.get(Filing, row.filing_id)
        rebuilt = filing.stated.effect(filing.completion(), rebuilt)
        if rebuilt.dissolution is not None:
            rebuilt.change_dissolution(debts_answered=True)
    assert rebuilt is not None
    assert all_but_contacts(rebuilt) == all_but_contacts(rows[-1].snapshot)


def all_but_contacts(business: Business) -> Json:
    """Nor what each save counts, and what is reckoned from the rest."""
    left_out = ("contacts", "contacts_blanked_at", "version", "updated_at", "last_hash", "search_tokens")
    return {name: value for name, value in business.to_document().items() if name not in left_out}


async def test_it_is_done_once_and_its_owner_is_told(
    desk: Desk, store: MemoryStore, clock: FixedClock, sweep: Sweep
) -> None:
    business_id = await gone(desk, store, clock)
    await sweep(LEFT + KNOWN)
    before = {name: store.rows(name) for name in ("businesses", "business_versions", "filings", "outbox")}
    await sweep(LEFT + 2 * KNOWN)
    assert {name: store.rows(name) for name in before} == before
    told = [row for row in before["outbox"] if row["type"].endswith("blanked.v1")]
    assert sorted(row["type"].split(".")[2] for row in told) == ["business", "filing", "filing"]
    assert {row["partner_id"] for row in told} == {(await shown(desk, business_id))["partner_id"]}


async def test_a_business_of_the_register_keeps_its_contacts(desk: Desk, store: MemoryStore, sweep: Sweep) -> None:
    business = await desk.register(registration(contacts=CONTACTS))
    await desk.complete(await desk.draft_for(business["id"], "dissolution", dissolution()))
    await sweep(NOON + 20 * KNOWN)
    after = await shown(desk, business["id"])
    assert (after["contacts"], after["contacts_blanked_at"]) == (CONTACTS, None)


async def test_a_report_that_comes_later_still_keeps_no_contacts(
    desk: Desk, store: MemoryStore, clock: FixedClock, sweep: Sweep
) -> None:
    business_id = await gone(desk, store, clock)
    await sweep(LEFT + KNOWN)
    late = await desk.draft_for(business_id, "annual_report", report("2024", contacts=CONTACTS), by=OFFICER)
    filing = await desk.complete(late, by=OFFICER)
    assert (filing["status"], filing["payload"]["contacts"]) == ("completed", NOBODY)
    assert filing["blanked_at"] == filing["completed_at"]
    assert where_it_stands(store) == set()


async def test_many_versions_are_blanked_in_several_runs_and_the_entry_last(
    desk: Desk, store: MemoryStore, clock: FixedClock, sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.registry.filings.effects.AT_ONCE", 2)
    business_id = await gone(desk, store, clock)
    await sweep(LEFT + KNOWN)
    assert (await shown(desk, business_id))["contacts"] == CONTACTS
    for hours in (1, 2):
        await sweep(LEFT + KNOWN + timedelta(hours=hours))
    assert where_it_stands(store) == set()
    assert (await shown(desk, business_id))["contacts_blanked_at"] is not None


async def test_one_business_that_fails_keeps_no_other_from_it(
    desk: Desk, store: MemoryStore, clock: FixedClock, sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = [await gone(desk, store, clock, number) for number in (1, 2)]
    blank = Business.blank_contacts

    def failing(business: Business, *, at: datetime) -> None:
        if business.id == first:
            raise RuntimeError("bad item")
        blank(business, at=at)

    monkeypatch.setattr(Business, "blank_contacts", failing)
    await sweep(LEFT + KNOWN)
    assert (await shown(desk, first))["contacts"] == CONTACTS
    assert (await shown(desk, second))["contacts"] == NOBODY


def test_no_filing_replaces_contacts_so_all_versions_of_a_business_have_the_same() -> None:
    """A type that does blanks what it replaces, too: see decision record 66."""
    assert not [type for type, payload in PAYLOADS.items() if "contacts" in payload.replaces]
