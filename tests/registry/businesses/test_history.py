"""Properties of every history: completed filings rebuild the business, and each version is shown in its interval."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.domain.times import zone_date
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, memory_tx
from services.registry.businesses.business import Business
from services.registry.businesses.queries import business_then
from services.registry.businesses.versions import BusinessVersion
from services.registry.filings.catalogue import AnyPayload
from services.registry.filings.clocks import end_dissolutions, end_suspensions
from services.registry.filings.effects import register_around, take_claims, take_effect
from services.registry.filings.filing import Filing
from services.registry.filings.types.dissolution_cancellation import DissolutionCancellation
from services.registry.filings.types.registration import Registration
from services.registry.filings.types.suspension import Suspension
from services.registry.main import service
from tests.registry.papers import (
    OFFICER,
    PARTNER,
    RESUMING,
    SUPERVISOR,
    annual_report,
    leaving,
    registration,
    suspension,
)

CHANGES = ("suspend", "resume", "dissolve", "cancel", "sweep")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["report 2022", "report 2023", "report 2024", "suspend", "resume", "dissolve", "cancel", "sweep"]
        ),
        st.integers(0, 40),  # days that pass before it
        st.integers(1, 60),  # days that a suspension lasts
    ),
    max_size=8,
)


class Life:
    """One business, to which things happen as time goes on; what its status does not allow does not happen."""

    def __init__(self) -> None:
        self.store = MemoryStore.of(service)
        self.at = NOON

    async def file(self, payload: AnyPayload, business: Business | None = None) -> Filing:
        tx = memory_tx(self.store, at=self.at)
        filing = Filing.draft(payload, by=PARTNER, at=self.at, business=business)
        filing.submit("示例人", await register_around(filing, tx), by=PARTNER, at=self.at)
        if filing.status == "submitted":
            filing.assign(by=OFFICER, at=self.at)
            filing.approve(by=OFFICER, comment=None, at=self.at)
            if filing.awaits_supervisor:
                filing.approve(by=SUPERVISOR, comment=None, at=self.at)
        await take_claims(filing, tx)
        await take_effect(filing, tx)
        tx.save(filing)
        await tx.commit()
        return filing

    async def step(self, business_id: str, what: str, lasting: int) -> None:
        business = await self.business(business_id)
        reported = {row["payload"].get("period") for row in self.store.rows("filings")}
        if what == "sweep":
            await end_suspensions(self.at, lambda: memory_tx(self.store, at=self.at))
            await end_dissolutions(self.at, lambda: memory_tx(self.store, at=self.at))
        elif what.startswith("report") and what.split()[1] not in reported:
            await self.file(annual_report(what.split()[1], employees=lasting), business)
        elif what == "suspend" and business.status == "active":
            today = zone_date(self.at)
            said = suspension(today.isoformat(), (today + timedelta(days=lasting)).isoformat())
            await self.file(Suspension.model_validate(said), business)
        elif what == "dissolve" and business.status in ("active", "suspended"):
            await self.file(leaving(), business)
        elif what == "cancel" and business.status == "dissolving":
            await self.file(DissolutionCancellation(), business)
        elif what == "resume" and business.status == "suspended" and not self.is_over(business):
            await self.file(RESUMING, business)

    def is_over(self, business: Business) -> bool:
        """Whether only a sweep has yet to end its suspension."""
        return business.running_suspension().until <= zone_date(self.at)

    async def business(self, business_id: str) -> Business:
        return await memory_tx(self.store, at=self.at).get(Business, business_id)

    async def filings(self) -> list[Filing]:
        """In the order in which they took effect."""
        filings = await memory_tx(self.store).select(Filing, {"status": "completed"}, limit=1000)
        order = {row["filing_id"]: row["version"] for row in self.store.rows("business_versions")}
        return sorted(filings, key=lambda filing: order[filing.id])


async def lived(steps: list[tuple[str, int, int]]) -> tuple[Life, str]:
    life = Life()
    registered = await life.file(Registration.model_validate(registration()))
    for what, days, lasting in steps:
        life.at += timedelta(days=days)
        await life.step(registered.business_id, what, lasting)
    return life, registered.business_id


def comparable(business: Business) -> dict[str, Any]:
    """All but the chain of hashes, which belongs to the events as they were committed."""
    return business.to_document() | {"last_hash": ""}


@settings(max_examples=40)
@given(STEPS)
async def test_a_business_rebuilt_from_its_completed_filings_is_the_stored_one(
    steps: list[tuple[str, int, int]],
) -> None:
    life, business_id = await lived(steps)
    rebuilt: Business | None = None
    for filing in await life.filings():
        assert filing.completed_at is not None
        rebuilt = filing.stated.effect(filing.completion(), rebuilt)
        rebuilt.updated_at = filing.completed_at
        rebuilt.version += 1
        rebuilt.keep_search_tokens()
    assert rebuilt is not None
    assert comparable(rebuilt) == comparable(await life.business(business_id))


@settings(max_examples=40)
@given(STEPS, st.integers(0, 999_999))
async def test_a_moment_inside_the_interval_of_a_version_shows_that_version(
    steps: list[tuple[str, int, int]], millionths: int
) -> None:
    life, business_id = await lived(steps)
    tx = memory_tx(life.store, at=life.at + timedelta(days=1))
    business = await tx.get(Business, business_id)
    rows = await tx.select(BusinessVersion, {"business_id": business_id}, sort=[("version", 1)], limit=1000)
    ends: list[datetime] = [row.valid_from for row in rows[1:]] + [tx.now]
    for row, end in zip(rows, ends, strict=True):
        if row.valid_from == end:
            continue  # it was replaced in the same millisecond: there is no moment inside
        at = row.valid_from + (end - row.valid_from) * millionths // 1_000_000
        shown = await business_then(business, tx, as_of=at, version=None)
        assert (shown.version, comparable(shown)) == (row.version, comparable(row.snapshot))
    assert comparable(rows[-1].snapshot) == comparable(business)


async def test_a_history_never_runs_backwards_though_the_clocks_of_two_processes_differ() -> None:
    life = Life()
    registered = await life.file(Registration.model_validate(registration()))
    life.at -= timedelta(seconds=30)
    await life.file(annual_report("2024"), await life.business(registered.business_id))
    first, second = life.store.rows("business_versions")
    assert first["valid_from"] == second["valid_from"] == NOON
