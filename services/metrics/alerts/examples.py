"""What the document of the API shows of alerts: a synthetic rule on the zone's target, and one on a number."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant
from services.metrics.alerts.alert import Alert
from services.metrics.alerts.bodies import SetAlertRule
from services.metrics.alerts.condition import AlertCondition, Op
from services.metrics.alerts.rule import AlertRule
from services.metrics.alerts.standing import AlertRuleStatus, NoData
from services.metrics.alerts.views import AlertRuleView, AlertView, RuleStanding

DIGITS: Final = "0195f3a4b5c67d8e9f00112233445566"
RULE: Final = AlertRule(
    id=f"rul_{DIGITS}",
    version=4,
    kpi="businesses_registered",
    dims={"kind": "cloud"},
    condition=AlertCondition(op=Op.LT, threshold=10),
    granularity="month",
    for_periods=3,
    keep_firing_periods=1,
    no_data=NoData.KEEP,
    status=AlertRuleStatus.FIRING,
    in_a_row=0,
    judged="2026-10",
    due_on=date(2026, 12, 1),
    alert_id=f"alt_{DIGITS}",
)
ALERT: Final = Alert(
    id=f"alt_{DIGITS}",
    version=1,
    sequence=1,
    rule_id=RULE.id,
    kpi=RULE.kpi,
    dims=RULE.dims,
    period="2026-10",
    value=7,
    target_status=None,
    raised_at=parse_instant("2026-10-31T17:00:12.000Z"),
)

KEPT: Final[Sequence[Row]] = (RULE, ALERT)
BODIES: Final[Sequence[BaseModel]] = (
    SetAlertRule(
        kpi=RULE.kpi,
        dims=RULE.dims,
        granularity=RULE.granularity,
        condition=RULE.condition,
        for_periods=RULE.for_periods,
        keep_firing_periods=RULE.keep_firing_periods,
        no_data=RULE.no_data,
    ),
)
ANSWERS: Final[Sequence[BaseModel]] = (AlertRuleView.of(RULE), RuleStanding.of(RULE), AlertView.of(ALERT))
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
