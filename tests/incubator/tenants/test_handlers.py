"""What becomes of tenants as the registry speaks."""

from datetime import timedelta

import pytest

from services.chassis.domain.errors import Reject
from services.chassis.domain.events import Event
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON
from tests.incubator.conftest import Hear
from tests.incubator.registry_says import (
    business,
    dissolution_cancelled,
    dissolution_started,
    dissolved,
    registered,
    resumed,
    suspended,
)

YESTERDAY = NOON - timedelta(days=1)


async def test_a_registered_business_becomes_a_tenant(store: MemoryStore, hear: Hear) -> None:
    await hear(registered())
    (tenant,) = store.rows("tenants")
    assert {name: tenant[name] for name in ("business_id", "name", "kind", "sector", "status", "since")} == {
        "business_id": business(),
        "name": "示例软件1号有限公司",
        "kind": "cloud",
        "sector": "65",
        "status": "active",
        "since": NOON,
    }


async def test_a_tenant_keeps_a_kind_that_is_not_known_here_as_it_was_told(store: MemoryStore, hear: Hear) -> None:
    await hear(registered(kind="orbital"), suspended())
    assert store.rows("tenants")[0]["kind"] == "orbital"


async def test_a_tenant_is_one_since_its_registration_took_effect(store: MemoryStore, hear: Hear) -> None:
    await hear(registered(effective_at=YESTERDAY))
    assert store.rows("tenants")[0]["since"] == YESTERDAY


async def test_hearing_of_a_registration_twice_changes_nothing_the_second_time(store: MemoryStore, hear: Hear) -> None:
    await hear(registered())
    before = store.rows("tenants")
    await hear(registered())
    assert store.rows("tenants") == before


async def test_a_registration_heard_again_does_not_lift_a_suspension(store: MemoryStore, hear: Hear) -> None:
    await hear(registered(), suspended(), registered())
    assert store.rows("tenants")[0]["status"] == "suspended"


async def test_a_suspended_business_is_blocked_since_the_day_it_was(store: MemoryStore, hear: Hear) -> None:
    await hear(registered(), suspended(effective_at=YESTERDAY))
    tenant = store.rows("tenants")[0]
    assert (tenant["status"], tenant["since"]) == ("suspended", YESTERDAY)


async def test_hearing_of_a_suspension_twice_keeps_its_first_day(store: MemoryStore, hear: Hear) -> None:
    await hear(registered(), suspended(effective_at=YESTERDAY), suspended())
    assert store.rows("tenants")[0]["since"] == YESTERDAY


async def test_a_resumed_business_is_unblocked(store: MemoryStore, hear: Hear) -> None:
    await hear(registered(), suspended(), resumed(), resumed())
    assert store.rows("tenants")[0]["status"] == "active"


@pytest.mark.parametrize("status", ["active", "suspended"])
async def test_a_business_that_stays_is_what_the_registry_says_it_was(
    store: MemoryStore, hear: Hear, status: str
) -> None:
    await hear(registered(), dissolution_started(), dissolution_cancelled(status=status))
    assert store.rows("tenants")[0]["status"] == status


async def test_a_dissolved_business_is_no_tenant_that_trades(store: MemoryStore, hear: Hear) -> None:
    await hear(registered(), dissolution_started(), dissolved(), dissolved())
    assert store.rows("tenants")[0]["status"] == "dissolved"


@pytest.mark.parametrize("again", [suspended(), dissolution_started(), dissolution_started(sequence=1)])
async def test_what_is_heard_again_after_something_later_changes_nothing(
    store: MemoryStore, hear: Hear, again: Event
) -> None:
    await hear(registered(), dissolution_started(), dissolution_cancelled())
    before = store.rows("tenants")
    await hear(again)
    assert store.rows("tenants") == before


@pytest.mark.parametrize(
    "event",
    [suspended(), resumed(), dissolution_started(), dissolution_cancelled(), dissolved()],
    ids=["suspended", "resumed", "dissolution_started", "dissolution_cancelled", "dissolved"],
)
async def test_news_of_a_business_never_registered_is_rejected_with_its_reason(hear: Hear, event: object) -> None:
    with pytest.raises(Reject, match=f"{business()} is not a tenant"):
        await hear(event)


async def test_a_whole_life_heard_in_one_unit_of_work_is_one_commit(store: MemoryStore, hear_together: Hear) -> None:
    await hear_together(registered(1), registered(2), suspended(1), resumed(1), suspended(2))
    assert [tenant["status"] for tenant in store.rows("tenants")] == ["active", "suspended"]
    assert {tenant["version"] for tenant in store.rows("tenants")} == {1}
