"""What follows from other KPIs."""

from dataclasses import replace
from typing import Any

import pytest

from services.contracts.registry.businesses import BusinessRegistered
from services.metrics.figures.derived import Derived
from services.metrics.figures.kept import Flow, Stock
from services.metrics.figures.kpi import Part
from services.metrics.figures.sums import Excluded, Sum

COMMON: dict[str, Any] = {"formula": "for a test", "events": (BusinessRegistered,)}
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
    found = LEFT.read([Sum(n=3, m=10), Sum(n=1, m=4)])
    assert (found.value, found.n) == (6, 3)


def test_a_derived_figure_is_null_where_one_of_the_others_is() -> None:
    assert LEFT.read([Sum(n=3, m=10), Sum()]).value is None


def test_money_of_other_currencies_is_missing_from_what_follows_too() -> None:
    dollars = {"USD": Excluded(n=1, m=7)}
    assert LEFT.read([Sum(n=3, m=10, excluded=dollars), Sum(n=1, m=4)]).excluded == dollars


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
