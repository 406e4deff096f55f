"""Suspension, its extension and resumption, on a business alone."""

from datetime import date, datetime, timedelta

import pytest

from services.chassis.domain.times import zone_midnight
from services.chassis.testing.moments import NOON, day, what_happened
from services.contracts.registry.businesses import BusinessResumed, BusinessSuspended
from services.registry.businesses.business import Business
from services.registry.businesses.status import BusinessStatus
from services.registry.filings.payload import Payload
from services.registry.filings.types.registration import Registration
from services.registry.filings.types.suspension import three_years_after
from tests.registry.papers import (
    OTHER_ADDRESS,
    RESUMING,
    TODAY,
    approved,
    done,
    host,
    hosted,
    registered_business,
    stopping,
    suspended_business,
)


def codes(payload: Payload, business: Business, today: date = TODAY) -> list[str]:
    return [each.code for each in payload.violations(today, business)]


def resumed(business: Business, at: datetime) -> Business:
    return done(RESUMING, business, at=at)


def test_a_suspension_runs_from_one_day_to_another_with_its_reason_and_service_address() -> None:
    business = suspended_business("2026-03-02", "2027-03-02")
    assert (business.status, business.status_reason) == ("suspended", "示例原因")
    assert business.suspension is not None
    assert (business.suspension.since, business.suspension.until) == (day("2026-03-02"), day("2027-03-02"))
    assert business.suspension.cumulative_days == 365
    assert business.addresses.service is not None
    assert business.addresses.service.lines == OTHER_ADDRESS["lines"]


def test_a_suspension_is_true_since_the_midnight_in_the_zone_with_which_its_first_day_begins() -> None:
    business = suspended_business("2026-03-05", "2026-04-05")
    recorded = business.take_recorded()[-1]
    assert recorded.effective_at == business.status_since == zone_midnight(day("2026-03-05"))
    assert recorded.event == BusinessSuspended(
        business_id=business.id, kind=business.kind, suspended_until=day("2026-04-05")
    )


def test_a_suspension_that_an_officer_approves_late_begins_all_the_same_on_its_first_day() -> None:
    filing = approved(stopping("2026-03-05", "2026-04-05"), registered_business())
    assert filing.effective_at == zone_midnight(day("2026-03-05"))


def test_a_business_cannot_be_suspended_for_more_than_three_years() -> None:
    business = registered_business()
    assert codes(stopping("2025-03-01", "2028-02-29"), business) == []  # 1,095 days
    assert codes(stopping("2025-03-01", "2028-03-01"), business) == ["suspension_period"]  # 1,096, with 29 February
    assert codes(stopping("2026-03-01", "2029-02-28"), business) == []
    assert codes(stopping("2021-03-01", "2024-03-01"), business) == ["suspension_period"]
    assert codes(stopping("2096-03-01", "2099-03-01"), business) == []


@pytest.mark.parametrize(
    ("since", "later"), [("2026-03-02", "2029-03-02"), ("2028-02-29", "2031-02-28"), ("2028-02-28", "2031-02-28")]
)
def test_three_years_end_on_the_same_day_of_the_calendar(since: str, later: str) -> None:
    assert three_years_after(day(since)) == day(later)


def test_all_suspensions_of_a_business_last_1095_days_together() -> None:
    business = suspended_business("2026-03-02", "2028-03-02")
    business.resume(effective_at=zone_midnight(day("2028-03-02")))
    assert business.suspension is not None
    assert business.suspension.cumulative_days == 731
    assert codes(stopping("2029-01-01", "2029-12-31"), business) == []  # 364 more
    assert codes(stopping("2029-01-01", "2030-01-01"), business) == ["suspension_period"]


def test_days_that_were_not_used_do_not_count() -> None:
    business = resumed(suspended_business("2026-03-02", "2028-03-02"), NOON + timedelta(days=10))
    assert business.suspension is not None
    assert business.suspension.cumulative_days == 10
    assert business.suspension.until == day("2026-03-12")


def test_a_suspension_that_ends_on_its_first_day_used_no_day() -> None:
    business = resumed(suspended_business("2026-03-02", "2027-03-02"), NOON)
    assert business.suspension is not None
    assert business.suspension.cumulative_days == 0


def test_a_second_suspension_adds_to_the_first() -> None:
    business = resumed(suspended_business("2026-03-02", "2027-03-02"), NOON + timedelta(days=10))
    business = done(stopping("2026-04-01", "2026-04-11"), business, at=NOON + timedelta(days=30))
    assert business.suspension is not None
    assert business.suspension.cumulative_days == 20


def test_without_an_address_for_service_nobody_is_suspended() -> None:
    assert codes(stopping(service_address=None), registered_business()) == ["service_address_required"]


# extension


def test_an_extension_moves_the_end_and_counts_each_day_once() -> None:
    business = suspended_business("2026-03-02", "2026-03-20")
    business = done(stopping("2026-03-02", "2026-06-02", service_address=None), business)
    assert business.suspension is not None
    assert (business.suspension.until, business.suspension.cumulative_days) == (day("2026-06-02"), 92)
    assert what_happened(business)[-2:] == [BusinessSuspended, BusinessSuspended]


def test_an_extension_takes_effect_when_it_is_approved() -> None:
    filing = approved(stopping("2026-03-02", "2026-06-02"), suspended_business("2026-03-02", "2026-03-20"))
    assert filing.effective_at == NOON


@pytest.mark.parametrize(
    ("since", "until", "today"),
    [
        ("2026-03-03", "2026-06-02", "2026-03-20"),  # another beginning
        ("2026-03-02", "2026-04-20", "2026-04-01"),  # no later end
        ("2026-03-02", "2026-06-02", "2026-03-20"),  # more than 30 days before the end
        ("2026-03-02", "2029-03-03", "2026-04-01"),  # more than three years in all
    ],
)
def test_an_extension_of_what_it_is_not_of_is_refused(since: str, until: str, today: str) -> None:
    business = suspended_business("2026-03-02", "2026-04-20")
    assert set(codes(stopping(since, until), business, day(today))) == {"suspension_period"}


def test_an_extension_may_be_asked_for_thirty_days_before_the_end() -> None:
    business = suspended_business("2026-03-02", "2026-04-20")
    assert codes(stopping("2026-03-02", "2026-06-02"), business, day("2026-03-21")) == []


# resumption


def test_a_resumed_business_is_active_and_everyone_hears_it() -> None:
    business = resumed(suspended_business(), NOON + timedelta(days=1))
    assert (business.status, business.status_reason) == (BusinessStatus.ACTIVE, None)
    assert business.status_since == NOON + timedelta(days=1)
    assert business.recorded[-1] == BusinessResumed(business_id=business.id, kind=business.kind)


def test_a_hosted_business_resumes_only_while_its_hosting_is_good() -> None:
    its_host = done(Registration.model_validate(host()))
    hosting = hosted(1, its_host.id)["hosting"] | {"valid_to": "2026-03-20"}
    payload = Registration.model_validate(hosted(1, its_host.id, hosting=hosting))
    business = suspended_business(business=done(payload, host=its_host))
    assert codes(RESUMING, business, day("2026-03-20")) == []
    assert codes(RESUMING, business, day("2026-03-21")) == ["hosting_expired"]


def test_a_change_is_of_a_business_in_the_register_and_of_nothing_else() -> None:
    with pytest.raises(LookupError):
        RESUMING.violations(TODAY, None)
