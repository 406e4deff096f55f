"""The engine counts whatever a subject declares: here rides on bicycles, which are nothing like a business."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.chassis.domain.events import Event
from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.figures.contributions import contributions
from services.metrics.figures.entity import Fact
from services.metrics.figures.subject import cells_of
from tests.metrics.happenings import moved_cells, registered
from tests.metrics.rides import RIDE, begun, rated


def moved(kpi: str, *events: Event) -> dict[tuple[str, str], dict[str, int]]:
    """(Day, cell) → counters that move."""
    facts = [fact for event in events for fact in RIDE.facts_of(event)]
    found = moved_cells(RIDE, {}, contributions(RIDE, facts))
    return {(cell.on, cell.key): counters for cell, counters in found.items() if cell.kpi == kpi}


def test_a_thing_is_counted_while_its_subject_says_so() -> None:
    assert moved("rides_under_way", begun(on="2026-03-02"), rated(on="2026-03-09", score=4)) == {
        ("2026-03-02", ""): {"n": 1, "m": 1},
        ("2026-03-02", "district=north"): {"n": 1, "m": 1},
        ("2026-03-09", ""): {"n": -1, "m": -1},
        ("2026-03-09", "district=north"): {"n": -1, "m": -1},
    }


def test_a_ratio_of_what_happens_keeps_its_sums_apart_on_the_day() -> None:
    found = moved("ride_score", begun(on="2026-03-02"), rated(on="2026-03-09", score=4))
    assert found["2026-03-09", ""] == {"n": 1, "m": 4, "d": 1}


def test_a_value_that_is_corrected_leaves_the_distribution_and_comes_back_as_another() -> None:
    before = [begun(on="2026-03-02"), rated(on="2026-03-09", score=4)]
    assert moved("ride_days", *before)["2026-03-09", ""] == {"n": 1, "m": 7, "hist.7": 1}
    corrected = moved("ride_days", *before, rated(on="2026-03-05", sequence=3, score=4))
    assert {on: counters for (on, key), counters in corrected.items() if not key} == {
        "2026-03-05": {"n": 1, "m": 3, "hist.3": 1}
    }


def test_nothing_is_counted_before_the_thing_is_known() -> None:
    assert moved("rides_ended", rated(on="2026-03-09", score=4)) == {}


def test_no_stock_counts_a_thing_on_a_day_before_the_one_on_which_it_becomes_known() -> None:
    always = replace(RIDE, counted_while=lambda state: True)
    facts = [
        fact for event in (rated(on="2026-03-01", score=4), begun(on="2026-03-02")) for fact in RIDE.facts_of(event)
    ]
    days = {place.on for place in contributions(always, facts) if place.kpi == "rides_under_way"}
    assert days == {"2026-03-02"}


def test_an_event_is_about_one_thing_of_the_subject_that_hears_it() -> None:
    assert str(RIDE.key_of(begun(7, on="2026-03-02"))).startswith("ride|")


def test_an_event_without_a_value_for_a_subject_is_no_fact_of_it() -> None:
    assert [fact.set for fact in RIDE.facts_of(registered())] == [{"member": True}]


def test_only_the_cells_of_which_all_others_are_made_are_written() -> None:
    assert cells_of(RIDE, ("north",)) == (("district", "north"),)
    assert cells_of(BUSINESS, ("cloud", "F", "micro", "2015")) == (
        ("size", "micro"),
        ("kind&sector", "cloud&F"),
        ("entry_year", "2015"),
    )


def test_a_subject_without_dimensions_is_written_in_total() -> None:
    assert cells_of(replace(RIDE, dimensions=()), ()) == (("*", "*"),)


def test_a_breakdown_is_read_from_the_narrowest_that_holds_it() -> None:
    sources = {by: BUSINESS.source_of(by) for by in ((), *BUSINESS.breakdowns)}
    assert sources == {
        (): ("size",),
        ("kind",): ("kind", "sector"),
        ("sector",): ("kind", "sector"),
        ("size",): ("size",),
        ("entry_year",): ("entry_year",),
        ("kind", "sector"): ("kind", "sector"),
    }


def test_what_is_made_of_parts_counts_in_the_cells_of_all_of_them() -> None:
    def both_ends(facts: Sequence[Fact]) -> Iterator[Sequence[Fact]]:
        for district in ("north", "south"):
            yield [replace(fact, set={**fact.set, "district": district}) for fact in facts]

    there_and_back = replace(RIDE, parts=both_ends)
    found = contributions(there_and_back, there_and_back.facts_of(begun(on="2026-03-02")))
    assert {place.dims for place in found} == {("north",), ("south",)}


def test_an_event_that_is_about_none_of_its_things_has_no_key() -> None:
    assert replace(RIDE, id_of=lambda event: None).key_of(begun(on="2026-03-02")) is None
