"""Scorecards as the rules have them: every threshold at its edge, what nobody knows, and weights that stay put."""

from dataclasses import replace
from fractions import Fraction

import pytest

from services.metrics.scorecards.incubator_rules import RULES, Known, verdict
from services.metrics.scorecards.ministry_groups import GROUPS
from services.metrics.scorecards.profile import ZONE

RULE = {rule.id: rule for rule in RULES}
ENOUGH: Known = {
    "site_area": Fraction(10_000),
    "share_used_by_incubatees": Fraction(3, 4),
    "startups_incubating": Fraction(50),
    "graduations": Fraction(20),
}


def passes(rule: str, known: Known, seed_fund: int | None = None) -> bool | None:
    found = RULE[rule]
    return found.passes(found.measure(known, replace(ZONE, seed_fund=seed_fund)))


@pytest.mark.parametrize(
    ("rule", "kpi", "enough", "too_little"),
    [
        ("area", "site_area", "10000", "9999.99"),
        ("area_used", "share_used_by_incubatees", "0.75", "0.7499"),
        ("incubatees", "startups_incubating", "50", "49"),
        ("graduates", "graduations", "20", "19"),
        ("density", "startups_incubating", "30", "29"),
    ],
)
def test_a_rule_is_kept_from_its_threshold_on(rule: str, kpi: str, enough: str, too_little: str) -> None:
    assert passes(rule, {**ENOUGH, kpi: Fraction(enough)}) is True
    assert passes(rule, {**ENOUGH, kpi: Fraction(too_little)}) is False


def test_the_seed_fund_is_five_million_yuan_at_least() -> None:
    assert passes("seed_fund", ENOUGH, 500_000_000) is True
    assert passes("seed_fund", ENOUGH, 499_999_999) is False


@pytest.mark.parametrize("rule", ["seed_fund", "financed_share", "financed_cases", "staff_share", "patents_share"])
def test_what_nobody_knows_neither_passes_nor_fails(rule: str) -> None:
    assert passes(rule, ENOUGH) is None
    assert RULE[rule].lacks


def test_no_area_has_no_density() -> None:
    assert passes("density", {**ENOUGH, "site_area": Fraction(0)}) is None


@pytest.mark.parametrize(
    ("passed", "whole"),
    [([True, True], True), ([True, None], None), ([True, None, False], False)],
    ids=["all kept", "one not known", "one broken"],
)
def test_a_broken_rule_decides_and_an_unknown_one_leaves_it_open(passed: list[bool | None], whole: bool | None) -> None:
    assert verdict(passed) is whole


def test_the_ministry_weighs_its_groups() -> None:
    assert {group.id: group.weight for group in GROUPS} == {
        "opening_up": 30,
        "development_quality": 30,
        "innovation": 15,
        "green": 15,
        "coordination": 10,
    }


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.id)
def test_inputs_of_a_group_weigh_the_same_and_sum_up_to_it(group: object) -> None:
    assert isinstance(group, type(GROUPS[0]))
    weights = group.weights()
    assert sum(weights) == group.weight * 100
    assert max(weights) - min(weights) <= 1
