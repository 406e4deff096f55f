"""Which cells are withheld: none that fewer than three have follows from what is shown, by whatever arithmetic."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from services.metrics.catalogue.businesses import VALUATION
from services.metrics.figures.dimensions import key_of
from services.metrics.reading.disclosure.queries import equations
from services.metrics.reading.disclosure.secrecy import Equation, withheld
from tests.metrics.reading.attack import worked_out

TABLES = ((), ("kind",), ("sector",), ("size",), ("kind", "sector"))
A_BUSINESS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["industrial", "cloud"]),
        "sector": st.sampled_from(["A", "C", "I", "J"]),
        "size": st.sampled_from(["micro", "small", "large"]),
    }
)


def counted(businesses: list[dict[str, str]]) -> Counter[str]:
    return Counter(key_of({name: each[name] for name in table}) for each in businesses for table in TABLES)


def hidden(**counts: int) -> set[str]:
    """Of a total over the cells a, b, …, those that are withheld."""
    parts = tuple(name for name in counts if name != "total")
    total = counts.pop("total", sum(counts.values()))
    return set(withheld({**counts, "total": total}, [Equation("total", parts)]))


def test_a_cell_that_three_have_is_shown() -> None:
    assert hidden(a=3, b=4) == set()


def test_a_cell_that_nobody_has_is_shown() -> None:
    assert hidden(a=0, b=4) == set()


def test_what_would_follow_from_the_total_takes_the_smallest_other_with_it() -> None:
    assert hidden(a=2, b=9, c=4) == {"a", "c"}


def test_two_small_ones_that_three_have_together_hide_each_other() -> None:
    assert hidden(a=1, b=2, c=9) == {"a", "b"}


def test_two_that_one_has_each_take_a_third_with_them() -> None:
    assert hidden(a=1, b=1, c=9, d=5) == {"a", "b", "d"}


def test_a_total_of_one_cell_is_withheld_with_it() -> None:
    assert hidden(a=2, b=0) == {"a", "total"}


def test_where_only_one_other_is_left_both_are_withheld_and_their_total_is_shown() -> None:
    assert hidden(a=1, b=5) == {"a", "b"}


@settings(max_examples=150, deadline=None)
@given(st.lists(A_BUSINESS, max_size=25))
def test_no_arithmetic_over_all_tables_gives_a_small_cell_away(businesses: list[dict[str, str]]) -> None:
    counts = counted(businesses)
    sums = equations(VALUATION, counts)
    kept_back = withheld(counts, sums)
    assert {cell for cell, n in counts.items() if n < 3} <= kept_back
    assert worked_out(counts, counts.keys() - kept_back, sums) == set()
