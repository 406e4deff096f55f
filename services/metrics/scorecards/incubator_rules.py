"""The rules of a national incubator, each as a measure and a threshold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from services.metrics.figures.kpi import DECIMALS, RATIO
from services.metrics.scorecards.profile import ZONE, Profile

MEASURES_OF_2018: Final = (
    "科技企业孵化器管理办法 (国科发区〔2018〕300号, Ministry of Science and Technology, 14 December 2018)"
)
"""Measures for technology business incubators: what one must have that applies for the national level."""

Known = Mapping[str, Fraction | None]
"""What KPIs come to, by their ids; None where there is no value."""
Measure = Callable[[Known, Profile], Fraction | None]


@dataclass(frozen=True)
class Rule:
    """One condition: its measure is at least its threshold, as 以上 and 不低于 include the number.

    Attributes:
        unit: of both; see `decimals`.
        inputs: the KPIs that it is measured from.
        measure: None where something that it needs is not known.
        lacks: what nobody measures, where that is so.
        source: where the threshold comes from.
    """

    id: str
    name: str
    threshold: Fraction
    unit: str
    inputs: tuple[str, ...] = ()
    measure: Measure = lambda known, profile: None
    lacks: str | None = None
    source: str = MEASURES_OF_2018

    @property
    def decimals(self) -> int:
        """Shown values are value / 10^decimals."""
        return DECIMALS.get(self.unit, 0)

    def passes(self, measured: Fraction | None) -> bool | None:
        """Whether it is kept; None where nobody knows."""
        return None if measured is None else measured >= self.threshold


def of_kpi(id: str) -> Measure:
    """What a KPI comes to."""
    return lambda known, profile: known[id]


def per_thousand_m2(known: Known, profile: Profile) -> Fraction | None:
    """Incubatees by floor area."""
    incubatees, area = known["startups_incubating"], known["site_area"]
    return None if incubatees is None or not area else incubatees * 1_000 / area


def seed_fund(known: Known, profile: Profile) -> Fraction | None:
    """What the zone has set aside, in yuan."""
    return None if profile.seed_fund is None else Fraction(profile.seed_fund, 100)


NO_FINANCED: Final = "Rounds do not say whether their business was an incubatee."

RULES: Final = (
    Rule("area", "Floor area", Fraction(10_000), "m2", ("site_area",), of_kpi("site_area")),
    Rule(
        "area_used",
        "Share of it that incubatees use",
        Fraction(3, 4),
        RATIO,
        ("share_used_by_incubatees",),
        of_kpi("share_used_by_incubatees"),
    ),
    Rule(
        "seed_fund",
        "Seed fund",
        Fraction(5_000_000),
        "CNY",
        measure=seed_fund,
        lacks="The zone has not stated it." if ZONE.seed_fund is None else None,
    ),
    Rule("financed_share", "Share of incubatees that got financing", Fraction(1, 10), RATIO, lacks=NO_FINANCED),
    Rule("financed_cases", "Cases in which the fund was used", Fraction(3), "cases", lacks=NO_FINANCED),
    Rule(
        "staff_share",
        "Share of staff that is specialised",
        Fraction(4, 5),
        RATIO,
        lacks="The zone keeps no staff list.",
    ),
    Rule(
        "patents_share",
        "Share of incubatees that applied for patents (or 30 % that own intellectual property)",
        Fraction(1, 2),
        RATIO,
        lacks="No event speaks of patents.",
    ),
    Rule(
        "incubatees",
        "Incubatees",
        Fraction(50),
        "startups",
        ("startups_incubating",),
        of_kpi("startups_incubating"),
    ),
    Rule(
        "density",
        "Incubatees in 1,000 square metres",
        Fraction(3),
        RATIO,
        ("startups_incubating", "site_area"),
        per_thousand_m2,
    ),
    Rule("graduates", "Graduates in all", Fraction(20), "startups", ("graduations",), of_kpi("graduations")),
)


def verdict(passed: list[bool | None]) -> bool | None:
    """Whether all rules are kept: one that is not decides, one that nobody knows leaves it open."""
    if False in passed:
        return False
    return None if None in passed else True
