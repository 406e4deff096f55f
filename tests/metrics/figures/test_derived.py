"""What follows from other KPIs."""

from dataclasses import replace
from typing import Any

import pytest

from services.contracts.registry.businesses import BusinessRegistered
from services.metrics.figures.derived import Derived, Quotient
from services.metrics.figures.kept import Flow, OverDays, Stock
from services.metrics.figures.kpi import Name, Part
from services.metrics.figures.sums import Excluded, Sum

COMMON: dict[str, Any] = {
    "name": Name("A figure", "指标"),
    "owner": "tests",
    "formula": "for a test",
    "events": (BusinessRegistered,),
}
WORTH = Stock("worth", of="worth", unit="CNY", **COMMON)
PAID = Flow("paid", of="paid", unit="CNY", **COMMON)
LEFT = Derived(
    "left",
    inputs=(Part(WORTH, {}), Part(WORTH, {"kind": "cloud"})),
    compute=lambda all, cloud: all - cloud,
    unit="CNY",
    **COMMON,
)


def test_a_derived_figure_is_a_function_of_the_values_of_others() -> None:
    found = LEFT.read([Sum(n=3, m=10), Sum(n=1, m=4)], None)
    assert (found.value, found.n) == (6, 3)


def test_a_derived_figure_is_null_where_one_of_the_others_is() -> None:
    assert LEFT.read([Sum(n=3, m=10), Sum()], None).value is None


def test_money_of_other_currencies_is_missing_from_what_follows_too() -> None:
    dollars = {"USD": Excluded(n=1, m=7)}
    assert LEFT.read([Sum(n=3, m=10, excluded=dollars), Sum(n=1, m=4)], None).excluded == dollars


@pytest.mark.parametrize(
    ("inputs", "timing", "aggregation"),
    [((WORTH, WORTH), "stock", "last"), ((PAID, PAID), "flow", None), ((PAID, WORTH), "flow", None)],
    ids=["stocks", "flows", "both"],
)
def test_only_what_follows_from_stocks_alone_has_a_value_as_of_a_day(
    inputs: tuple[Stock | Flow, ...], timing: str, aggregation: str | None
) -> None:
    derived = replace(LEFT, inputs=tuple(Part(each, {}) for each in inputs))
    assert (derived.timing, derived.aggregation) == (timing, aggregation)


# a ratio of what is kept apart

AREA: Any = Stock("area", of="area", unit="m2", **COMMON)
HEADS: Any = Stock("heads", of="heads", unit="heads", **COMMON)
TAKEN: Any = Flow("taken", of="taken", unit="m3", **COMMON)
HEAD_DAYS: Any = OverDays("head_days", of="heads", unit="days", **COMMON)
AREA_PER_HEAD = Quotient("area_per_head", numerator=Part(AREA, {}), denominator=Part(HEADS, {}), unit="m2", **COMMON)
TAKEN_PER_HEAD = Quotient(
    "taken_per_head",
    numerator=Part(TAKEN, {}),
    denominator=Part(HEAD_DAYS, {}),
    averaged=True,
    unit="m3",
    **COMMON,
)


def test_a_ratio_of_a_total_is_not_an_average_of_ratios_m3() -> None:
    one, other = [Sum(n=1, m=10_00), Sum(n=1, m=1)], [Sum(n=1, m=10_00), Sum(n=4, m=4)]
    assert [AREA_PER_HEAD.read(each, None).value for each in (one, other)] == [10_0000, 2_5000]
    total = AREA_PER_HEAD.read([Sum(n=2, m=20_00), Sum(n=5, m=5)], None)
    assert (total.value, total.numerator, total.denominator, total.n) == (4_0000, 20_00, 5, 5)


def test_a_ratio_of_what_is_kept_apart_is_rounded_once_in_the_units_that_are_shown() -> None:
    assert AREA_PER_HEAD.read([Sum(n=1, m=1_00), Sum(n=3, m=3)], None).value == 3333
    share = replace(AREA_PER_HEAD, denominator=Part(AREA, {}))
    assert share.read([Sum(n=1, m=50), Sum(n=1, m=4_00)], None).value == 1250


def test_a_ratio_of_what_is_kept_apart_is_null_over_nothing() -> None:
    found = AREA_PER_HEAD.read([Sum(n=1, m=1_00), Sum()], None)
    assert (found.value, found.numerator, found.denominator) == (None, 1_00, 0)


def test_an_average_over_days_divides_by_those_of_the_period() -> None:
    """60 m3 in 30 days by three, of whom one came for the last ten days: 70 tenant-days are 2.3333 on average."""
    found = TAKEN_PER_HEAD.read([Sum(n=3, m=60_000), Sum(n=3, m=70)], 30)
    assert (found.value, found.numerator, found.denominator) == (25_7143, 1_800_000, 70)


def test_over_all_time_there_is_no_average() -> None:
    found = TAKEN_PER_HEAD.read([Sum(n=3, m=60_000), Sum(n=3, m=70)], None)
    assert (found.value, found.numerator, found.denominator) == (None, None, None)


@pytest.mark.parametrize(("ratio", "timing"), [(AREA_PER_HEAD, "stock"), (TAKEN_PER_HEAD, "flow")])
def test_only_a_ratio_of_stocks_has_a_value_as_of_a_day(ratio: Quotient, timing: str) -> None:
    assert (ratio.kind, ratio.timing) == ("ratio", timing)
