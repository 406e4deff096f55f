"""What a caller sees of the zone as a whole: its profile, and the scorecards by which others judge it."""

from collections.abc import Sequence
from datetime import date
from typing import Final, Self

from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.times import Day
from services.chassis.http.answers.table import Table
from services.chassis.http.view import Shown, Tagged
from services.metrics.catalogue.all import KPIS
from services.metrics.figures.kpi import RATIO_DECIMALS
from services.metrics.figures.rates import in_units, rounded
from services.metrics.reading.views import Computed, ComputedThrough, Figure, Headline
from services.metrics.scorecards.incubator_rules import MEASURES_OF_2018, RULES, Known, Rule, verdict
from services.metrics.scorecards.ministry_groups import ASSESSMENT_OF_2021, GROUPS, Group
from services.metrics.scorecards.profile import ZONE, Profile


class SeedFund(Shown):
    """Money that is set aside for incubatees."""

    amount: int
    """In minor units."""
    currency: CurrencyCode
    """The currency of the amount, such as `CNY` (ISO 4217)."""


class ZoneProfile(Tagged):
    """What the zone is: published, and in no event."""

    name: str
    """The name of the zone in English."""
    name_zh: str
    """The name of the zone in Chinese."""
    area_km2: int
    """Of its territory, in square kilometres."""
    founded: str
    """The month of its foundation."""
    national_since: str
    """The year since which it is of the national level."""
    seed_fund: SeedFund | None
    """What it has set aside for incubatees; null where it has not stated that."""

    @classmethod
    def of(cls, profile: Profile) -> Self:
        fund = None if profile.seed_fund is None else SeedFund(amount=profile.seed_fund, currency="CNY")
        return cls.showing(profile, seed_fund=fund)


class RuleItem(Shown):
    """One rule, and whether it is kept."""

    id: str
    """Which rule it is, by its name in the scorecard."""
    name: str
    """What is measured."""
    value: int | None
    """Shown / 10^decimals; null where nobody knows."""
    threshold: int
    """At least this: shown / 10^decimals."""
    unit: str
    """Of both: a currency, what is counted, or `ratio` for a pure number."""
    decimals: int
    """The shown value is value / 10^decimals."""
    passes: bool | None
    """Whether it is kept, judged before rounding; null where nobody knows."""
    inputs: list[str]
    """The KPIs that it is measured from."""
    missing: str | None
    """Why nobody knows."""
    source: str
    """Where the threshold comes from."""

    @classmethod
    def of(cls, rule: Rule, known: Known, profile: Profile) -> Self:
        measured = rule.measure(known, profile)
        lacks = rule.lacks or f"Without a value: {', '.join(id for id in rule.inputs if not known[id])}."
        threshold = rounded(rule.threshold, rule.decimals)
        assert threshold is not None, "thresholds are small"
        return cls.showing(
            rule,
            value=None if measured is None else rounded(measured, rule.decimals),
            threshold=threshold,
            passes=rule.passes(measured),
            inputs=list(rule.inputs),
            missing=lacks if measured is None else None,
        )


class IncubatorScorecard(Computed):
    """The zone by the rules of a national incubator."""

    as_of: Day
    """At the end of this day."""
    passes: bool | None
    """Whether all rules are kept; null where none is broken, and something is not known."""
    source: str
    """The rules by which it is judged, with where they were published."""
    items: list[RuleItem]
    """Each rule with the figure that it asks for, and whether that is met."""
    computed_through: ComputedThrough

    @classmethod
    def of(cls, known: Known, headline: Headline, as_of: date, profile: Profile = ZONE) -> Self:
        items = [RuleItem.of(rule, known, profile) for rule in RULES]
        return cls(
            as_of=as_of,
            passes=verdict([each.passes for each in items]),
            source=MEASURES_OF_2018,
            items=items,
            computed_through=headline.computed_through,
        )

    def table(self) -> Table:
        """As it is printed."""
        rows = [
            (
                each.name,
                in_units(each.value, each.decimals),
                in_units(each.threshold, each.decimals),
                each.unit,
                in_words(each.passes) + (f": {each.missing}" if each.missing else ""),
            )
            for each in self.items
        ]
        facts = [
            ("As of", str(self.as_of)),
            ("All kept", in_words(self.passes)),
            ("Source of each threshold", self.source),
        ]
        columns = ("Rule", "Value", "At least", "Unit", "Kept")
        return Table("National incubator scorecard", facts, columns, rows)


def in_words(passes: bool | None) -> str:
    """Whether, or that nobody knows."""
    return "not known" if passes is None else "yes" if passes else "no"


MEASURED: Final = ("kpi", "value", "unit", "decimals", "period", "as_of")
"""What an input shows of its figure; null where the zone does not measure it."""


class GroupInput(Shown):
    """One input of a group."""

    name: str
    """What it is."""
    kpi: str | None
    """Which figure; null where the zone does not measure it."""
    weight: int
    """Its share of the whole: shown / 10^4."""
    value: int | None
    """Shown / 10^decimals."""
    unit: str | None
    """A currency, what is counted, or `ratio` for a pure number."""
    decimals: int | None
    """The shown value is value / 10^decimals."""
    period: str | None
    """The year of what has a value of a period alone, `all` of what happens on days, null of what stands on a day."""
    as_of: Day | None
    """At the end of this day; null where the zone does not measure it. Of money, to a partner, that of a year told."""
    missing: bool
    """Whether it has no value; its weight stays with it."""


class AssessmentGroup(Shown):
    """A group of the assessment."""

    id: str
    """Which of the Ministry's groups of figures it is."""
    name: str
    """In English and Chinese."""
    weight: int
    """Its share of the whole: shown / 10^4."""
    known_weight: int
    """Of that, the share of inputs that have a value."""
    inputs: list[GroupInput]
    """Each weighs the same within the group."""

    @classmethod
    def of(cls, group: Group, figures: Sequence[Figure]) -> Self:
        by_id = {each.kpi: each for each in figures}
        places = [*group.kpis, *(None for _ in group.unknown)]
        names = [*(KPIS[id].name.en for id in group.kpis), *group.unknown]
        inputs = [
            _input(name, by_id[id] if id else None, weight)
            for id, name, weight in zip(places, names, group.weights(), strict=True)
        ]
        known = sum(each.weight for each in inputs if not each.missing)
        weight = sum(each.weight for each in inputs)
        return cls(id=group.id, name=group.name, weight=weight, known_weight=known, inputs=inputs)


def _input(name: str, figure: Figure | None, weight: int) -> GroupInput:
    measured = {each: getattr(figure, each, None) for each in MEASURED}
    return GroupInput(name=name, weight=weight, missing=measured["value"] is None, **measured)


class MinistryAssessment(Computed):
    """What the zone knows of the ministry's assessment: its inputs by group. No score: that is by comparison."""

    as_of: Day
    """At the end of this day."""
    source: str
    """The groups and their weights; that inputs of a group weigh the same is the zone's choice."""
    known_weight: int
    """The share of all inputs that have a value: shown / 10^4. Weights are never scaled to make it 1."""
    groups: list[AssessmentGroup]
    """Each group of the assessment with its figures."""
    computed_through: ComputedThrough

    @classmethod
    def of(cls, headline: Headline, as_of: date) -> Self:
        groups = [AssessmentGroup.of(group, headline.data) for group in GROUPS]
        return cls(
            as_of=as_of,
            source=ASSESSMENT_OF_2021,
            known_weight=sum(each.known_weight for each in groups),
            groups=groups,
            computed_through=headline.computed_through,
        )

    def table(self) -> Table:
        """As it is printed."""
        rows = [
            (
                group.name,
                each.name,
                in_units(each.weight, RATIO_DECIMALS),
                in_units(each.value, each.decimals or 0),
                each.unit,
                _days_in_words(each),
                "missing" if each.missing else "",
            )
            for group in self.groups
            for each in group.inputs
        ]
        known = str(in_units(self.known_weight, RATIO_DECIMALS))
        facts = [("As of", str(self.as_of)), ("Weight of what is known", known), ("Source of groups", self.source)]
        columns = ("Group", "Input", "Weight", "Value", "Unit", "Of", "")
        return Table("Assessment groups of the ministry", facts, columns, rows)


def _days_in_words(input: GroupInput) -> str:
    """Of which days an input is."""
    if input.as_of is None:
        return ""
    return f"until {input.as_of}" if input.period == "all" else input.period or str(input.as_of)
