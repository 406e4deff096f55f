"""What each event changes, and from which day on."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.chassis.domain.errors import Reject
from services.chassis.domain.events import Event, Topic
from services.chassis.domain.money import Money
from services.contracts.registry.businesses import BusinessRegistered
from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.handlers import on as handlers
from tests.metrics.happenings import (
    MILLION,
    business,
    delivered,
    dissolution_cancelled,
    dissolution_started,
    dissolved,
    registered,
    reported,
    resumed,
    suspended,
)

VALUED = {"amount": 5 * MILLION, "currency": "CNY"}
EARNED = {"amount": 2 * MILLION, "currency": "CNY"}


def said(event: Event) -> dict[str, dict[str, Any]]:
    """Day → members."""
    return {fact.on: fact.set for fact in BUSINESS.facts_of(event)}


def test_a_registration_makes_a_business_active_on_its_effective_day_with_its_dimensions() -> None:
    assert said(registered(on="2026-03-02", kind="cloud", sector="5292", entered="2012-05-01")) == {
        "2026-03-02": {
            "registered": True,
            "status": "active",
            "kind": "cloud",
            "sector": "F",
            "entry_year": "2012",
        }
    }


def test_opening_figures_are_true_since_the_days_that_they_name() -> None:
    opening = {"valuation": VALUED, "revenue": EARNED, "revenue_period": "2017", "employees": 30}
    found = said(registered(on="2026-03-02", opening=opening))
    assert found["2018-04-30"] == {"valuation": VALUED, "employees": 30}
    assert found["2017-12-31"] == {"revenue": EARNED}


def test_opening_figures_of_the_day_of_registration_are_one_fact_with_it() -> None:
    found = said(registered(on="2018-04-30", opening={"valuation": VALUED}))
    assert list(found) == ["2018-04-30"]
    assert found["2018-04-30"]["status"] == "active"
    assert found["2018-04-30"]["valuation"] == VALUED


def test_opening_figures_that_state_nothing_are_no_fact() -> None:
    assert list(said(registered(on="2026-03-02", opening={}))) == ["2026-03-02"]


def test_an_effective_moment_lies_on_the_day_of_the_zone_and_not_of_utc() -> None:
    event = registered()
    last_evening_in_utc = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    assert list(said(event.delivered(event.envelope._replace(effective_at=last_evening_in_utc)))) == ["2026-03-02"]


def test_an_event_without_an_effective_moment_is_true_since_it_was_recorded() -> None:
    event = suspended(on="2026-04-01", sequence=2)
    recorded = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)
    assert list(said(event.delivered(event.envelope._replace(effective_at=None, time=recorded)))) == ["2026-03-31"]


def test_a_suspension_and_a_resumption_change_the_status_alone() -> None:
    assert said(suspended(on="2026-04-01", sequence=2)) == {"2026-04-01": {"status": "suspended"}}
    assert said(resumed(on="2026-05-01", sequence=3)) == {"2026-05-01": {"status": "active"}}


def test_a_business_that_is_being_dissolved_is_not_active_and_one_that_is_has_left() -> None:
    assert said(dissolution_started(on="2026-06-01", sequence=4)) == {"2026-06-01": {"status": "dissolving"}}
    assert said(dissolved(on="2026-06-21", sequence=5)) == {"2026-06-21": {"status": "dissolved", "deregistered": True}}


@pytest.mark.parametrize("status", ["active", "suspended"])
def test_a_business_that_stays_is_what_the_registry_says_it_was(status: str) -> None:
    event = dissolution_cancelled(on="2026-06-10", sequence=5, status=status)
    assert said(event) == {"2026-06-10": {"status": status}}


def test_an_annual_report_is_true_since_the_last_day_of_its_year() -> None:
    report = reported(year="2025", sequence=2, revenue=2 * MILLION, valuation=5 * MILLION, employees=7)
    assert said(report) == {"2025-12-31": {"revenue": EARNED, "valuation": VALUED, "employees": 7}}


def test_an_annual_report_that_states_no_figure_changes_none() -> None:
    assert said(reported(year="2025", sequence=2)) == {}


def test_money_keeps_its_currency() -> None:
    report = reported(year="2025", sequence=2, revenue=Money(amount=3, currency="USD"))
    assert said(report) == {"2025-12-31": {"revenue": {"amount": 3, "currency": "USD"}}}


def test_a_fact_knows_the_event_that_said_so() -> None:
    (fact,) = BUSINESS.facts_of(suspended(3, on="2026-04-01", sequence=2))
    assert (fact.subject, fact.sequence) == (business(3), 2)


@pytest.mark.parametrize(
    "event",
    [
        registered(sector="9999"),
        registered(sector=""),
        registered(opening={"revenue": EARNED}),
        registered(opening={"revenue": EARNED, "revenue_period": "17"}),
        reported(year="２０２５", sequence=2, revenue=1),
        reported(year="2025-Q1", sequence=2, revenue=1),
    ],
    ids=["no sector", "empty sector", "revenue without year", "short year", "wide digits", "a quarter"],
)
def test_what_cannot_be_placed_is_rejected(event: Event) -> None:
    with pytest.raises(Reject):
        BUSINESS.facts_of(event)


def test_an_event_that_nobody_explained_is_a_bug_and_not_a_silent_nothing() -> None:
    class BusinessPainted(Event, name="zone.test.business.painted.v1", topic=Topic("zone.test.paint")):
        business_id: str

    with pytest.raises(TypeError, match="painted"):
        BUSINESS.facts_of(delivered(BusinessPainted(business_id=business(1)), 1, 2, "2026-03-02"))


def test_every_event_of_a_business_concerns_one_entity_that_is_read_before() -> None:
    for event in (registered(7), reported(7, year="2025", sequence=2)):
        ((reaction, _),) = handlers.due(event.envelope, event)
        assert reaction.loads is not None
        assert [id for _, id in reaction.loads(event)] == [f"business|{business(7)}"]
    assert BusinessRegistered.topic.name in handlers.topics
