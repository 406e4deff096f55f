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


def test_a_blocked_tenant_may_not_trade_from_the_day_on_that_the_registry_says() -> None:
    blocked = tenant()
    blocked.block(since=LATER)
    assert (blocked.may_trade, blocked.since) == (False, LATER)


def test_an_extended_suspension_keeps_its_first_day() -> None:
    blocked = tenant(TenantStatus.SUSPENDED)
    blocked.block(since=LATER)
    assert (blocked.status, blocked.since) == (TenantStatus.SUSPENDED, NOON)


def test_a_tenant_may_trade_again_once_its_business_does() -> None:
    blocked = tenant(TenantStatus.SUSPENDED)
    blocked.unblock(since=LATER)
    assert (blocked.may_trade, blocked.since) == (True, LATER)


@pytest.mark.parametrize(("before", "after"), [*itertools.product(TenantStatus, TenantStatus)])
def test_whatever_a_tenant_was_it_is_what_the_registry_said_last(before: TenantStatus, after: TenantStatus) -> None:
    followed = tenant(before)
    {TenantStatus.ACTIVE: followed.unblock, TenantStatus.SUSPENDED: followed.block}[after](since=LATER)
    assert followed.status is after
    assert (followed.since == LATER) is (after in MOVES[before])
