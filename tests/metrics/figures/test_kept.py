"""What a thing adds to each kind of KPI, and what the sums say."""

from typing import Any

import pytest

from services.contracts.registry.businesses import BusinessRegistered
from services.metrics.figures.history import Change
from services.metrics.figures.kept import Dist, Flow, Ratio, Stock
from services.metrics.figures.kpi import RATIO, Name
from services.metrics.figures.sums import Excluded, Sum

COMMON: dict[str, Any] = {
    "name": Name("A figure", "指标"),
    "owner": "tests",
    "formula": "for a test",
    "events": (BusinessRegistered,),
}
WORTH = Stock("worth", of="worth", unit="CNY", **COMMON)
PER_HEAD = Ratio("per_head", numerator="worth", denominator="heads", unit="CNY", **COMMON)
SCORE = Ratio("score", numerator="score", denominator="rated", timing="flow", unit=RATIO, **COMMON)
DAYS = Dist("days", of=lambda change: change.said.get("days"), unit="days", **COMMON)


def on_a_day(said: dict[str, Any], **before: Any) -> Change:
    return Change("2026-03-02", before, said, {**before, **said}, {}, {**before, **said})


def yuan(amount: int, currency: str = "CNY") -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


@pytest.mark.parametrize(
    ("value", "added"),
    [
        (yuan(5), {"n": 1, "m": 5}),
        (yuan(5, "USD"), {"excluded.USD.n": 1, "excluded.USD.m": 5}),
        (7, {"n": 1, "m": 7}),
        ("active", {"n": 1, "m": 1}),
        (True, {"n": 1, "m": 1}),
        (None, None),
    ],
    ids=["money", "other money", "a number", "a word", "a flag", "not stated"],
)
def test_money_and_numbers_are_added_up_and_anything_else_counts_one(value: Any, added: dict[str, int] | None) -> None:
    assert WORTH.counters(on_a_day({}, worth=value)) == added


def test_a_flow_counts_what_was_said_on_the_day_and_a_stock_what_is_true_at_its_end() -> None:
    flow = Flow("paid", of="worth", unit="CNY", **COMMON)
    unsaid = on_a_day({"heads": 2}, worth=yuan(5))
    assert (flow.counters(unsaid), WORTH.counters(unsaid)) == (None, {"n": 1, "m": 5})


def test_a_ratio_adds_both_of_its_members_and_nothing_of_who_stated_only_one() -> None:
    assert PER_HEAD.counters(on_a_day({"heads": 2}, worth=yuan(5))) == {"n": 1, "m": 5, "d": 2}
    assert PER_HEAD.counters(on_a_day({"heads": 2})) is None
    assert PER_HEAD.counters(on_a_day({"worth": yuan(5)})) is None


def test_money_of_another_currency_takes_its_denominator_out_of_the_ratio_too() -> None:
    foreign = on_a_day({"heads": 2}, worth=yuan(5, "USD"))
    assert PER_HEAD.counters(foreign) == {"excluded.USD.n": 1, "excluded.USD.m": 5}


def test_a_ratio_of_what_happens_on_days_looks_at_the_day_alone() -> None:
    assert SCORE.counters(on_a_day({"score": 4, "rated": True})) == {"n": 1, "m": 4, "d": 1}
    assert SCORE.counters(on_a_day({"heads": 2}, score=4, rated=True)) is None


def test_a_ratio_has_four_decimals_of_its_unit_and_shows_both_sums() -> None:
    found = PER_HEAD.of_sum(Sum(n=2, m=1_000_00, d=3))
    assert (found.value, PER_HEAD.decimals) == (333_3333, 4)
    assert (found.n, found.numerator, found.denominator) == (2, 1_000_00, 3)
    assert SCORE.of_sum(Sum(n=3, m=13, d=3)).value == 4_3333


def test_a_ratio_over_nothing_is_null() -> None:
    found = PER_HEAD.of_sum(Sum(n=1, m=5, d=0, excluded={"USD": Excluded(n=1, m=7)}))
    assert (found.value, found.numerator, found.denominator) == (None, 5, 0)
    assert found.excluded == {"USD": Excluded(n=1, m=7)}


def test_a_distribution_counts_each_value_by_itself_nought_included() -> None:
    assert DAYS.counters(on_a_day({"days": 30})) == {"n": 1, "m": 30, "hist.30": 1}
    assert DAYS.counters(on_a_day({"days": 0})) == {"n": 1, "m": 0, "hist.0": 1}
    assert DAYS.counters(on_a_day({}, days=30)) is None


def test_a_distribution_shows_its_median_and_its_quantiles() -> None:
    found = DAYS.of_sum(Sum(n=10, m=545, hist={str(10 * n): 1 for n in range(1, 11)}))
    assert (found.value, found.n, found.quantiles) == (50, 10, {"p50": 50, "p90": 90, "p95": 100})


def test_a_distribution_of_nothing_is_null_in_every_quantile() -> None:
    found = DAYS.of_sum(Sum())
    assert (found.value, found.quantiles) == (None, {"p50": None, "p90": None, "p95": None})


@pytest.mark.parametrize(
    ("kpi", "aggregation"),
    [(WORTH, "last"), (PER_HEAD, "last"), (SCORE, None), (DAYS, None)],
    ids=["a stock", "a ratio of stocks", "a ratio of what happens", "a distribution"],
)
def test_only_what_is_added_up_is_summed_and_only_what_is_carried_forward_has_a_last_value(
    kpi: Stock | Ratio | Dist, aggregation: str | None
) -> None:
    assert kpi.aggregation == aggregation
