"""What callers see of alert rules and of alerts."""

from typing import ClassVar, Literal, Self

from services.chassis.domain.times import Day, Instant
from services.chassis.http.view import Shown, Tagged, View
from services.contracts.metrics.alerts import AlertId, Ending, RuleId
from services.metrics.alerts.alert import Alert
from services.metrics.alerts.condition import Op
from services.metrics.alerts.rule import AlertRule
from services.metrics.alerts.standing import AlertRuleStatus, NoData
from services.metrics.catalogue.all import KPIS
from services.metrics.figures.kpi import Granularity
from services.metrics.reading.views import Dims
from services.metrics.targets.judgement import TargetStatus
from services.metrics.targets.target import TargetId

OfAlert = Literal["firing", "resolved"]
"""How an alert stands."""


class RuleConditionView(Shown):
    """What is watched for: a figure beyond a threshold, or a target that stands in some way."""

    op: Op | None
    """Less than, at most, more than or at least the threshold; null where it is about a target."""
    threshold: int | None
    """Shown / 10^decimals."""
    target_id: TargetId | None
    """Null where it is about a threshold."""
    target_status: list[TargetStatus] | None
    """In which of these ways it stands."""


class AlertRuleView(View):
    """Of which figure somebody wants to know, and when. How it stands is for officials: `…/standing`."""

    at: ClassVar[str] = "/v1/metrics/alert-rules"

    kpi: str
    """Which figure; `/kpis/{id}` says what it means."""
    dims: Dims
    unit: str
    """A currency, what is counted, or `ratio` for a pure number."""
    decimals: int
    """Shown values are value / 10^decimals."""
    granularity: Granularity
    """Of which length the periods are that it judges."""
    condition: RuleConditionView
    """What it watches for."""
    for_periods: int
    """In so many periods in a row the condition holds before an alert is raised."""
    keep_firing_periods: int
    """In so many periods more than the first it does not hold before an alert is resolved."""
    no_data: NoData
    """What a period without a figure counts as; it never resolves an alert."""
    retired_at: Instant | None
    """When it was retired; null while it is judged."""

    @classmethod
    def of(cls, rule: AlertRule) -> Self:
        kpi = KPIS.get(rule.kpi)
        return cls.showing(
            rule,
            unit=kpi.unit if kpi else "",
            decimals=kpi.decimals if kpi else 0,
            condition=RuleConditionView.showing(rule.condition),
        )


class RuleStanding(Tagged):
    """How a rule stands: what its last period has come to."""

    rule_id: RuleId
    """The alert rule that stands so."""
    status: AlertRuleStatus
    """Pending while the condition holds, but not for long enough yet."""
    in_a_row: int
    """How many periods in a row speak for the next status."""
    judged: str | None
    """The last period that was judged: 2017, 2026-Q3, 2026-07 or 2026-07-14; null before the first."""
    due_on: Day | None
    """On this day the next one is over; null once the rule is retired."""
    alert_id: AlertId | None
    """The alert that it has raised, while that lasts."""

    @classmethod
    def of(cls, rule: AlertRule) -> Self:
        return cls.showing(rule, rule_id=rule.id)


class AlertView(View):
    """The condition of a rule has held for so long that somebody is to know."""

    at: ClassVar[str] = "/v1/metrics/alerts"

    rule_id: RuleId
    """By which rule."""
    kpi: str
    """Which figure it is about, by its name in the catalogue, such as `valuation_total`."""
    dims: Dims
    unit: str
    """A currency, what is counted, or `ratio` for a pure number."""
    decimals: int
    """Shown values are value / 10^decimals."""
    status: OfAlert
    """Whether it lasts."""
    period: str
    """By which it was raised."""
    value: int | None
    """The figure of that period as it was judged, shown / 10^decimals; null where there was none."""
    target_status: TargetStatus | None
    """Of the target at the end of it, where the rule is about one."""
    raised_at: Instant
    """When that was judged."""
    resolved_period: str | None
    """By which it was resolved."""
    resolved_value: int | None
    """The figure of that period, as it was judged."""
    resolved_at: Instant | None
    """When that was judged; null while it lasts."""
    ending: Ending | None
    """Why it ended."""

    @classmethod
    def of(cls, alert: Alert) -> Self:
        kpi = KPIS.get(alert.kpi)
        return cls.showing(
            alert, status=alert.status.value, unit=kpi.unit if kpi else "", decimals=kpi.decimals if kpi else 0
        )
