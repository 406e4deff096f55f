"""How a business leaves the register, without a store: its statuses, its notice, and what it is afterwards."""

from datetime import timedelta

import pytest

from services.chassis.domain.errors import Conflict
from services.chassis.testing.moments import NOON, day, what_happened
from services.contracts.registry.dissolutions import (
    BusinessDissolutionCancelled,
    BusinessDissolutionStarted,
    BusinessDissolved,
    DissolutionMode,
)
from services.registry.businesses.business import Business
from tests.registry.papers import registered_business, registration, suspended_business, uscc


def started(business: Business, mode: DissolutionMode = DissolutionMode.VOLUNTARY) -> Business:
    business.take_recorded()
    business.start_dissolution(mode, reason="示例原因", effective_at=NOON)
    return business


def household() -> Business:
    codes = [{"scheme": "CN-USCC", "id": uscc(7, "2")}]
    return registered_business(**registration(7, legal_form="individual_household", identifiers=codes))


def test_everyone_is_told_in_which_procedure_and_until_when_one_can_object() -> None:
    business = started(registered_business(), DissolutionMode.SIMPLIFIED)
    (event,) = business.recorded
    assert isinstance(event, BusinessDissolutionStarted)
    assert (event.mode, event.notice_until) == ("simplified", day("2026-03-22"))
    assert (business.status, business.status_reason) == ("dissolving", "示例原因")


def test_the_notice_lasts_twenty_calendar_days_its_first_included() -> None:
    business = started(registered_business())
    assert [business.is_in_notice(day(each)) for each in ("2026-03-02", "2026-03-21", "2026-03-22")] == [
        True,
        True,
        False,
    ]


def test_an_individual_household_needs_no_notice() -> None:
    business = started(household())
    assert business.dissolution is not None
    assert business.dissolution.notice_until is None
    assert not business.is_in_notice(day("2026-03-02"))


def test_a_business_is_dissolved_only_after_its_notice_and_the_incubators_answer() -> None:
    business = started(registered_business())
    assert not business.may_be_dissolved(day("2026-03-22"))
    business.change_dissolution(debts_answered=True)
    assert [business.may_be_dissolved(day(each)) for each in ("2026-03-21", "2026-03-22")] == [False, True]


def test_a_business_is_not_dissolved_while_somebody_objects() -> None:
    business = started(registered_business())
    business.change_dissolution(debts_answered=True, objections=+1)
    assert not business.may_be_dissolved(day("2026-03-22"))
    business.change_dissolution(objections=-1)
    assert business.may_be_dissolved(day("2026-03-22"))


def test_an_individual_household_is_dissolved_as_soon_as_the_incubator_has_answered() -> None:
    business = started(household())
    assert not business.may_be_dissolved(day("2026-03-02"))
    business.change_dissolution(debts_answered=True)
    assert business.may_be_dissolved(day("2026-03-02"))


def test_a_dissolved_business_has_no_host_any_more() -> None:
    business = started(registered_business())
    business.dissolve(effective_at=NOON + timedelta(days=20))
    assert (business.status, business.hosting) == ("dissolved", None)
    assert what_happened(business)[-1] is BusinessDissolved


def test_what_is_not_being_dissolved_is_not_dissolved() -> None:
    with pytest.raises(Conflict) as refused:
        registered_business().dissolve(effective_at=NOON)
    assert refused.value.code == "invalid_transition"


@pytest.mark.parametrize(("days", "status"), [(10, "suspended"), (365, "active")])
def test_a_cancelled_dissolution_leaves_it_as_it_was_unless_its_suspension_is_over(days: int, status: str) -> None:
    business = started(suspended_business("2026-03-02", "2027-03-02"))
    business.cancel_dissolution(effective_at=NOON + timedelta(days=days))
    event = business.recorded[-1]
    assert isinstance(event, BusinessDissolutionCancelled)
    assert (business.status, event.status, business.dissolution) == (status, status, None)
