"""Every answer made of figures says how far they were computed and of which day, and is 304 to whoever has it."""

from collections.abc import Mapping
from typing import Any

import pytest

from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Put
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.metrics.main import service
from services.metrics.targets.examples import TARGET
from tests.metrics.happenings import TODAY, business, hear, owned, registered

V1 = "/v1/metrics"
READS = (
    "/kpis",
    "/kpis?by=kind",
    "/kpis/valuation_total/value",
    "/kpis/valuation_total/value?kind=cloud",
    "/kpis/valuation_total/value?as_of=2026-10-31",
    "/kpis/valuation_total/breakdown?by=kind",
    "/kpis/valuation_total/series?from=2020",
    "/kpis/valuation_total/growth?period=2025",
    "/kpis/businesses_active/forecast",
    "/kpis/valuation_total/contributors",
    "/kpis/valuation_total/contributors?limit=1",
    f"/kpis/valuation_total/contributors/{business(1)}",
    f"/targets/{TARGET.id}/progress",
)


@pytest.fixture(autouse=True)
async def heard(store: MemoryStore) -> None:
    worth = {"valuation": {"amount": 500, "currency": "CNY"}}
    await hear(
        store,
        [owned(registered(number, on=f"202{number}-03-02", opening=worth), f"par_{number}") for number in (1, 2, 3)],
    )
    tx = Tx(store, now=TODAY)
    tx.save(TARGET.model_copy(update={"version": 0}))
    await tx.commit()
    await reach(store, 41)


async def reach(store: MemoryStore, offset: int) -> None:
    """Another event of the registry has taken effect, that changed no figure."""
    row = {"_id": "zone.metrics|zone.registry.businesses|3", "next": offset + 1, "cluster": "c"}
    await store.commit([Put("offsets", row)])


async def answer_of(store: MemoryStore, read: str, kind: str, have: Mapping[str, str] = {}) -> Any:
    app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
    async with client_of(app, caller(kind, scopes="metrics:read"), audience="metrics") as api:
        return await api.get(f"{V1}{read}", headers=have)


@pytest.mark.parametrize("read", READS)
async def test_an_answer_says_how_far_it_was_computed_once_and_of_which_day(api: Any, read: str) -> None:
    answer = (await api.get(f"{V1}{read}")).json()
    assert answer["computed_through"]["zone.registry.businesses"] == {"3": 41}
    assert str(answer).count("computed_through") == 1
    assert (
        {each["as_of"] for each in answer["data"]} if read.startswith("/kpis?") or read == "/kpis" else answer["as_of"]
    )


@pytest.mark.parametrize("read", READS)
async def test_who_has_an_answer_is_told_304_until_anything_is_heard(store: MemoryStore, read: str) -> None:
    first = await answer_of(store, read, "auditor")
    assert (first.headers["cache-control"], first.headers["vary"]) == ("private, no-cache", "Authorization")
    have = {"If-None-Match": first.headers["etag"]}
    again = await answer_of(store, read, "auditor", have)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    await reach(store, 42)
    later = await answer_of(store, read, "auditor", have)
    assert later.status_code == 200
    assert later.headers["etag"] != first.headers["etag"]


async def test_no_two_questions_share_a_tag(store: MemoryStore) -> None:
    tags = [(await answer_of(store, read, "auditor")).headers["etag"] for read in READS]
    assert len(set(tags)) == len(READS)


@pytest.mark.parametrize("read", [each for each in READS if "valuation" in each and "forecast" not in each])
async def test_who_is_shown_something_else_has_another_tag(store: MemoryStore, read: str) -> None:
    official, partner = [await answer_of(store, read, kind) for kind in ("officer", "partner")]
    same = official.json() == partner.json()
    assert (official.headers["etag"] == partner.headers["etag"]) == same
    have = {"If-None-Match": official.headers["etag"]}
    assert (await answer_of(store, read, "partner", have)).status_code == (304 if same else 200)
