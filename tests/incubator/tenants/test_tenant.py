"""A tenant follows what the registry says of its business."""

import itertools
from datetime import timedelta

import pytest

from services.chassis.testing.moments import NOON
from services.incubator.tenants.tenant import MOVES, Tenant, TenantStatus, tenant_id
from tests.incubator.registry_says import business, registered

LATER = NOON + timedelta(days=1)


def tenant(status: TenantStatus = TenantStatus.ACTIVE) -> Tenant:
    made = Tenant.welcome(registered(), since=NOON)
    made.status = status
    return made


def test_a_tenant_has_an_id_of_its_own_made_of_its_business() -> None:
    assert tenant_id(business(7)) == f"ten_{7:032x}"


def test_a_new_tenant_may_trade() -> None:
    assert tenant().may_trade


@pytest.mark.parametrize("status", [status for status in TenantStatus if status is not TenantStatus.ACTIVE])
def test_only_an_active_tenant_may_trade(status: TenantStatus) -> None:
    assert not tenant(status).may_trade


def test_a_blocked_tenant_is_so_from_the_day_on_that_the_registry_says() -> None:
    blocked = tenant()
    assert blocked.follow(TenantStatus.SUSPENDED, since=LATER, sequence=2)
    assert (blocked.may_trade, blocked.since) == (False, LATER)


def test_an_extended_suspension_keeps_its_first_day() -> None:
    blocked = tenant(TenantStatus.SUSPENDED)
    blocked.follow(TenantStatus.SUSPENDED, since=LATER, sequence=3)
    assert (blocked.status, blocked.since) == (TenantStatus.SUSPENDED, NOON)


@pytest.mark.parametrize(("before", "after"), [*itertools.product(TenantStatus, TenantStatus)])
def test_a_tenant_is_what_the_registry_said_last_along_the_arrows_of_its_table(
    before: TenantStatus, after: TenantStatus
) -> None:
    followed = tenant(before)
    followed.follow(after, since=LATER, sequence=2)
    assert (followed.status is after) is (after is before or after in MOVES[before])
    assert (followed.since == LATER) is (after in MOVES[before])


def test_what_was_heard_before_something_later_says_nothing_any_more() -> None:
    followed = tenant()
    followed.follow(TenantStatus.DISSOLVING, since=NOON, sequence=5)
    assert not followed.follow(TenantStatus.SUSPENDED, since=LATER, sequence=4)
    assert not followed.follow(TenantStatus.DISSOLVING, since=LATER, sequence=5)
    assert (followed.status, followed.since) == (TenantStatus.DISSOLVING, NOON)
