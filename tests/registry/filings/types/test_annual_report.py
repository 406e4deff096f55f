"""The annual report on a business alone."""

import pytest

from services.chassis.testing.moments import NOON, day
from services.contracts.registry.businesses import AnnualReportFiled
from tests.registry.papers import TODAY, annual_report, approved, done, registered_business


@pytest.mark.parametrize(
    ("period", "today", "accepted"),
    [
        ("2025", "2026-01-01", True),
        ("2025", "2025-12-31", False),
        ("2026", "2026-12-31", False),
        ("2016", "2026-03-02", True),  # the year of its establishment
        ("2015", "2026-03-02", False),
    ],
)
def test_a_report_is_for_a_year_that_has_ended_and_in_which_the_business_existed(
    period: str, today: str, accepted: bool
) -> None:
    found = list(annual_report(period).violations(day(today), registered_business()))
    assert [each.code for each in found] == ([] if accepted else ["report_period"])


def test_a_business_founded_this_year_reports_next_year_first() -> None:
    business = registered_business(established_on="2026-01-05", zone_entry_on="2026-01-05")
    assert [each.code for each in annual_report("2025").violations(TODAY, business)] == ["report_period"]


def test_the_figures_of_the_latest_year_stand_in_the_register_whichever_report_came_last() -> None:
    business = done(annual_report("2025", employees=25), registered_business())
    business = done(annual_report("2024", employees=24), business)
    assert business.latest_report is not None
    assert (business.latest_report.period, business.latest_report.employees) == ("2025", 25)


def test_a_report_is_heard_with_its_period_and_figures() -> None:
    filing, business = approved(annual_report("2024"), registered_business(), at=NOON), registered_business()
    filing.stated.effect(filing.completion(), business)
    event = business.recorded[-1]
    assert isinstance(event, AnnualReportFiled)
    assert event.model_dump(mode="json") == {
        "business_id": business.id,
        "period": "2024",
        "revenue": {"amount": 10_000, "currency": "CNY"},
        "valuation": {"amount": 100_000, "currency": "CNY"},
        "employees": 12,
        "filing_id": filing.id,
    }


def test_what_a_report_does_not_state_is_heard_as_not_stated() -> None:
    business = done(annual_report("2024", revenue=None, valuation=None, employees=None), registered_business())
    assert business.recorded[-1].model_dump()["revenue"] is None


def test_a_report_is_held_by_its_filing_so_that_a_second_one_of_a_year_is_seen() -> None:
    filing = approved(annual_report("2024"), registered_business(), at=NOON)
    (claimed,) = filing.stated.claims(filing.business_id, filing.id)
    assert claimed[:3] == (f"report|{filing.business_id}|2024", filing.id, "report_exists")
