"""What becomes of alert rules: a period is judged, with the alert that it raises or resolves; a rule is retired."""

from services.chassis.store.unit_of_work import Tx
from services.contracts.metrics.alerts import Ending
from services.metrics.alerts.alert import Alert
from services.metrics.alerts.queries import observed
from services.metrics.alerts.rule import AlertRule
from services.metrics.alerts.standing import AlertRuleStatus
from services.metrics.figures.periods import Period


async def judge(rule: AlertRule, period: Period, tx: Tx) -> None:
    """Judge the next period of a rule; how it stands then, and the alert with its event, are one commit."""
    seen, was = await observed(tx, rule, period), rule.status
    tx.save(rule).judge(period, seen)
    if rule.status is AlertRuleStatus.FIRING and was is not AlertRuleStatus.FIRING:
        rule.alert_id = tx.save(Alert.raise_by(rule, period.name, seen, at=tx.now)).id
    elif rule.status is AlertRuleStatus.RESOLVED and was is AlertRuleStatus.FIRING:
        await _resolve(rule, Ending.RECOVERED, tx, period=period.name, value=seen.value)


async def retire(rule: AlertRule, tx: Tx) -> None:
    """Look at no further period; the alert that lasts is over.

    Raises:
        Conflict: `rule_retired`.
    """
    tx.save(rule).retire(at=tx.now)
    await _resolve(rule, Ending.RETIRED, tx)


async def _resolve(
    rule: AlertRule, ending: Ending, tx: Tx, *, period: str | None = None, value: int | None = None
) -> None:
    if rule.alert_id is not None:
        tx.save(await tx.get(Alert, rule.alert_id)).resolve(ending, at=tx.now, period=period, value=value)
        rule.alert_id = None
