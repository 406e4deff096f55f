"""Reads of alert rules: what a rule sees of its figure in a period, and the lists."""

from typing import Annotated, Literal

from fastapi import Path

from services.chassis.consuming.heard import Heard
from services.chassis.domain.violations import Violation, refusal
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.metrics.alerts import AlertId, RuleId
from services.metrics.alerts.bodies import SetAlertRule
from services.metrics.alerts.rule import AlertRule, Observation
from services.metrics.catalogue.all import kept_with
from services.metrics.figures.periods import DAY, Period
from services.metrics.reading import queries
from services.metrics.reading.bodies import Name
from services.metrics.reading.question import Question
from services.metrics.targets.queries import judged
from services.metrics.targets.target import Target

AlertRuleRef = Annotated[RuleId, Path(description="The alert rule, by its id.")]
AlertRef = Annotated[AlertId, Path(description="The alert, by its id.")]

NOTHING = Observation(None, None)


class AlertRuleFilter(Filter):
    """By the figure that they watch."""

    kpi: Name | None = None
    """The KPI, by its name."""


class AlertFilter(Filter):
    """By their rule, and by whether they last."""

    rule_id: RuleId | None = None
    """The rule that raised them."""
    status: Literal["firing", "resolved"] | None = None
    """Whether they last."""


async def observed(tx: Tx, rule: AlertRule, period: Period) -> Observation:
    """What a rule sees of a period that is over; nothing of one that this release does not have."""
    if (kpi := kept_with(rule.kpi, rule.dims)) is None:
        return NOTHING
    last, heard = period.end - DAY, Heard(tx.store)
    if rule.condition.target_id is None:
        value = kpi.judged(await queries.value(tx, heard, Question(kpi, rule.dims, None, period, last)))
        return Observation(rule.condition.holds_of(value), value)
    found = await judged(tx, heard, await tx.get(Target, rule.condition.target_id), last)
    status = found.judgement.status
    return Observation(rule.condition.holds_at(status), found.judgement.value, status)


async def check_target(tx: Tx, body: SetAlertRule) -> None:
    """Let a rule pass whose target, where it has one, is of its figure.

    Raises:
        Unprocessable: `target_unknown`, `target_mismatch`.
    """
    if (id := body.condition.target_id) is None:
        return
    target, path = await tx.find(Target, id), ("condition", "target_id")
    if target is None:
        raise refusal(Violation("target_unknown", "There is no such target.", path))
    if (target.kpi, target.dims) != (body.kpi, body.dims):
        raise refusal(Violation("target_mismatch", "This target is for another figure or another cell of it.", path))
