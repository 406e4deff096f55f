"""What a business adds to the figures: a pure function of the set of its facts."""

from collections.abc import Collection, Mapping
from itertools import permutations
from typing import Any

import pytest

from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.figures import contributions as engine
from services.metrics.figures.contributions import Contributions
from services.metrics.figures.entity import Entity, Fact
from tests.metrics.happenings import Cell, moved_cells

KNOWN: dict[str, Any] = {
    "registered": True,
    "status": "active",
    "kind": "industrial",
    "sector": "C",
    "entry_year": "2012",
}


def fact(on: str, sequence: int = 1, **members: Any) -> Fact:
    return Fact(on=on, subject="biz_1", sequence=sequence, set=members)


def yuan(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "CNY"}


def contributions(facts: Collection[Fact]) -> Contributions:
    return engine.contributions(BUSINESS, facts)


def difference(before: Contributions, after: Contributions) -> dict[Cell, Mapping[str, int]]:
    return dict(moved_cells(BUSINESS, before, after))


def moved(kpi: str, *facts: Fact) -> dict[tuple[str, str], Mapping[str, int]]:
    """(Day, cell) → the counters that are moved."""
    found = sorted(difference({}, contributions(facts)).items(), key=lambda each: each[0])
    return {(cell.on, cell.key): counters for cell, counters in found if cell.kpi == kpi}


def cells(kpi: str, *facts: Fact) -> dict[tuple[str, str], tuple[int, int]]:
    """(Day, cell) → what is added in the KPI's own unit: how many, and how much."""
    found = {place: (added.get("n", 0), added.get("m", 0)) for place, added in moved(kpi, *facts).items()}
    return {place: added for place, added in found.items() if added != (0, 0)}


def totals(kpi: str, *facts: Fact) -> dict[str, tuple[int, int]]:
    """Day → what is added to the total of a KPI, in its own unit."""
    return {on: added for (on, key), added in cells(kpi, *facts).items() if not key}


def test_a_business_is_counted_from_the_day_on_which_it_becomes_active() -> None:
    assert totals("businesses_active", fact("2026-03-02", **KNOWN)) == {"2026-03-02": (1, 1)}


def test_a_business_is_counted_in_total_in_each_dimension_and_in_the_declared_pair() -> None:
    assert cells("businesses_active", fact("2026-03-02", **KNOWN)) == {
        ("2026-03-02", ""): (1, 1),
        ("2026-03-02", "kind=industrial"): (1, 1),
        ("2026-03-02", "sector=C"): (1, 1),
        ("2026-03-02", "size=unknown"): (1, 1),
        ("2026-03-02", "entry_year=2012"): (1, 1),
        ("2026-03-02", "kind=industrial&sector=C"): (1, 1),
    }


def test_a_figure_that_is_older_than_the_registration_counts_from_the_registration_on() -> None:
    opening = fact("2018-04-30", valuation=yuan(5))
    assert totals("valuation_total", opening, fact("2026-03-02", **KNOWN)) == {"2026-03-02": (1, 5)}


def test_a_suspended_business_leaves_every_stock_and_comes_back_when_it_resumes() -> None:
    history = (
        fact("2026-03-02", 1, **KNOWN, valuation=yuan(5), revenue=yuan(2)),
        fact("2026-04-01", 2, status="suspended"),
        fact("2026-05-01", 3, status="active"),
    )
    for kpi, amount in (("businesses_active", 1), ("valuation_total", 5), ("revenue_total", 2)):
        assert totals(kpi, *history) == {
            "2026-03-02": (1, amount),
            "2026-04-01": (-1, -amount),
            "2026-05-01": (1, amount),
        }


def test_a_suspension_that_is_extended_changes_nothing() -> None:
    history = (fact("2026-03-02", 1, **KNOWN), fact("2026-04-01", 2, status="suspended"))
    assert contributions([*history, fact("2026-04-20", 3, status="suspended")]) == contributions(history)


def test_a_business_that_was_suspended_and_resumed_on_one_day_was_never_away() -> None:
    history = (fact("2026-03-02", 1, **KNOWN),)
    away = (fact("2026-04-01", 2, status="suspended"), fact("2026-04-01", 3, status="active"))
    assert contributions([*history, *away]) == contributions(history)


def test_figures_that_are_stated_during_a_suspension_count_when_it_is_over() -> None:
    history = (
        fact("2025-03-02", 1, **KNOWN, valuation=yuan(5)),
        fact("2025-06-01", 2, status="suspended"),
        fact("2025-12-31", 4, valuation=yuan(8)),
        fact("2026-02-01", 3, status="active"),
    )
    assert totals("valuation_total", *history) == {"2025-03-02": (1, 5), "2025-06-01": (-1, -5), "2026-02-01": (1, 8)}


def test_a_new_valuation_replaces_the_old_one_on_its_day() -> None:
    history = (fact("2025-03-02", 1, **KNOWN, valuation=yuan(5)), fact("2025-12-31", 2, valuation=yuan(8)))
    assert totals("valuation_total", *history) == {"2025-03-02": (1, 5), "2025-12-31": (0, 3)}


def test_a_back_dated_correction_changes_its_own_days_and_not_those_after_a_later_statement() -> None:
    history = (
        fact("2024-03-02", 1, **KNOWN, valuation=yuan(5)),
        fact("2025-12-31", 2, valuation=yuan(8)),
        fact("2024-12-31", 3, valuation=yuan(6)),
    )
    assert totals("valuation_total", *history) == {"2024-03-02": (1, 5), "2024-12-31": (0, 1), "2025-12-31": (0, 2)}


def test_of_two_statements_for_one_day_the_one_that_was_made_last_counts() -> None:
    history = (
        fact("2024-03-02", 1, **KNOWN, valuation=yuan(5)),
        fact("2025-12-31", 10, valuation=yuan(9)),
        fact("2025-12-31", 9, valuation=yuan(8)),
    )
    assert totals("valuation_total", *history)["2025-12-31"] == (0, 4)


def test_a_reclassified_business_moves_between_cells_on_that_day_and_the_total_stays() -> None:
    found = cells("businesses_active", fact("2026-03-02", 1, **KNOWN), fact("2026-06-01", 2, sector="I"))
    assert {key: delta for (on, key), delta in found.items() if on == "2026-06-01"} == {
        "sector=C": (-1, -1),
        "sector=I": (1, 1),
        "kind=industrial&sector=C": (-1, -1),
        "kind=industrial&sector=I": (1, 1),
    }


def test_a_business_that_grew_moves_to_another_size_with_all_its_money() -> None:
    history = (fact("2025-03-02", 1, **KNOWN, valuation=yuan(5), employees=19), fact("2025-12-31", 2, employees=20))
    found = cells("valuation_total", *history)
    assert found["2025-12-31", "size=micro"] == (-1, -5)
    assert found["2025-12-31", "size=small"] == (1, 5)


def test_revenue_is_reported_once_a_year_and_the_last_statement_for_a_year_counts() -> None:
    history = (
        fact("2024-03-02", 1, **KNOWN),
        fact("2024-12-31", 2, revenue=yuan(2)),
        fact("2025-12-31", 3, revenue=yuan(7)),
        fact("2024-12-31", 4, revenue=yuan(3)),
    )
    assert totals("revenue_reported", *history) == {"2024-12-31": (1, 3), "2025-12-31": (1, 7)}


def test_revenue_of_a_year_counts_whether_or_not_the_business_was_active() -> None:
    history = (
        fact("2026-03-02", 1, **KNOWN),
        fact("2017-12-31", 1, revenue=yuan(2)),
        fact("2026-04-01", 2, status="suspended"),
        fact("2026-12-31", 3, revenue=yuan(4)),
    )
    assert totals("revenue_reported", *history) == {"2017-12-31": (1, 2), "2026-12-31": (1, 4)}


def test_revenue_of_a_year_before_the_registration_counts_under_the_dimensions_first_stated() -> None:
    history = (
        fact("2017-12-31", 1, revenue=yuan(2)),
        fact("2018-04-30", 1, employees=500),
        fact("2026-03-02", 1, **KNOWN),
        fact("2026-06-01", 2, sector="I"),
    )
    assert {key for on, key in cells("revenue_reported", *history)} == {
        "",
        "kind=industrial",
        "sector=C",
        "size=medium",
        "entry_year=2012",
        "kind=industrial&sector=C",
    }


def test_a_registration_is_counted_once_however_the_business_fares() -> None:
    history = (
        fact("2026-03-02", 1, **KNOWN),
        fact("2026-04-01", 2, status="suspended"),
        fact("2026-05-01", 3, status="active"),
    )
    assert totals("businesses_registered", *history) == {"2026-03-02": (1, 1)}


def test_money_of_another_currency_stands_apart() -> None:
    history = [fact("2026-03-02", 1, **KNOWN, valuation={"amount": 5, "currency": "USD"})]
    assert totals("valuation_total", *history) == {}
    found = moved("valuation_total", *history)
    assert found["2026-03-02", ""] == {"excluded.USD.n": 1, "excluded.USD.m": 5}


def test_a_valuation_that_changes_its_currency_leaves_the_sum() -> None:
    history = (
        fact("2025-03-02", 1, **KNOWN, valuation=yuan(5)),
        fact("2025-12-31", 2, valuation={"amount": 1, "currency": "USD"}),
    )
    assert totals("valuation_total", *history) == {"2025-03-02": (1, 5), "2025-12-31": (-1, -5)}


def test_a_valuation_of_nothing_is_stated_and_not_missing() -> None:
    assert totals("valuation_total", fact("2026-03-02", **KNOWN, valuation=yuan(0))) == {"2026-03-02": (1, 0)}


def test_what_is_heard_of_a_business_before_its_registration_adds_nothing_yet() -> None:
    assert contributions([fact("2026-05-01", 3, status="active", revenue=yuan(4))]) == {}


def test_an_active_status_that_is_dated_before_the_registration_counts_from_the_registration_on() -> None:
    history = (fact("2026-01-01", 2, status="active"), fact("2026-03-02", 1, **KNOWN))
    assert totals("businesses_active", *history) == {"2026-03-02": (1, 1)}


def test_a_business_without_facts_adds_nothing() -> None:
    assert contributions([]) == {}


def test_the_order_of_facts_does_not_matter() -> None:
    history = (
        fact("2026-03-02", 1, **KNOWN, valuation=yuan(5)),
        fact("2026-04-01", 2, status="suspended"),
        fact("2025-12-31", 3, valuation=yuan(8), employees=7),
        fact("2026-05-01", 4, status="active"),
    )
    assert all(contributions(each) == contributions(history) for each in permutations(history))


def test_what_has_not_changed_is_not_written() -> None:
    before = contributions([fact("2025-03-02", 1, **KNOWN, valuation=yuan(5))])
    after = contributions([fact("2025-03-02", 1, **KNOWN, valuation=yuan(5)), fact("2025-12-31", 2, revenue=yuan(2))])
    assert {cell.kpi for cell in difference(before, after)} == {"revenue_total", "revenue_reported"}
    assert difference(after, after) == {}


def test_what_was_added_can_be_taken_back_to_nothing() -> None:
    history = contributions([fact("2025-03-02", 1, **KNOWN, valuation=yuan(5))])
    added, taken = difference({}, history), difference(history, {})
    assert added
    assert taken == {cell: {name: -count for name, count in counters.items()} for cell, counters in added.items()}


@pytest.mark.parametrize("times", [1, 2, 3])
def test_an_event_that_is_heard_again_teaches_nothing_new(times: int) -> None:
    entity = Entity(id="business|biz_1")
    for _ in range(times):
        entity.learn([fact("2025-12-31", 2, employees=7), fact("2024-12-31", 2, employees=6)])
    assert [each.on for each in entity.facts] == ["2025-12-31", "2024-12-31"]
