"""Alert rules over HTTP, set by who runs the zone; and alerts, shown to those who work for it."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.metrics.alerts.alert import Alert
from services.metrics.alerts.bodies import SetAlertRule
from services.metrics.alerts.effects import retire
from services.metrics.alerts.queries import AlertFilter, AlertRef, AlertRuleFilter, AlertRuleRef, check_target
from services.metrics.alerts.rule import AlertRule
from services.metrics.alerts.views import AlertRuleView, AlertView, RuleStanding
from services.metrics.callers import Manager, Reader, Watcher

router = APIRouter(prefix="/v1/metrics", route_class=TransactionalRoute)


@router.post("/alert-rules", status_code=201)
@refuses("target_unknown", "target_mismatch")
async def set_alert_rule(body: SetAlertRule, manager: Manager, tx: InTx) -> AlertRuleView:
    """Say of which figure somebody is to know, and when; each period is judged once, from the last that is over on."""
    await check_target(tx, body)
    rule = AlertRule.begin(
        kpi=body.kpi,
        dims=body.dims,
        condition=body.condition,
        granularity=body.granularity,
        for_periods=body.for_periods,
        keep_firing_periods=body.keep_firing_periods,
        no_data=body.no_data,
        today=zone_date(tx.now),
    )
    return AlertRuleView.of(tx.save(rule))


@router.get("/alert-rules")
async def list_alert_rules(
    asked: Annotated[AlertRuleFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[AlertRuleView]:
    """The alert rules, oldest first; those that were retired too."""
    return await page.of(tx, AlertRule, asked.where(), AlertRuleView.of)


@router.get("/alert-rules/{rule_id}")
async def see_alert_rule(rule_id: AlertRuleRef, reader: Reader, tx: InTx) -> AlertRuleView:
    """One alert rule."""
    return AlertRuleView.of(await tx.visible(AlertRule, rule_id))


@router.get("/alert-rules/{rule_id}/standing")
async def see_standing(rule_id: AlertRuleRef, watcher: Watcher, tx: InTx) -> RuleStanding:
    """How a rule stands after the last period that was judged: inactive, pending, firing or resolved."""
    return RuleStanding.of(await tx.visible(AlertRule, rule_id))


@router.post("/alert-rules/{rule_id}/retire")
@refuses("rule_retired")
async def retire_alert_rule(
    rule_id: AlertRuleRef, manager: Manager, tx: InTx, body: Nothing | None = None
) -> AlertRuleView:
    """Judge a rule no more; an alert that lasts is resolved. A rule never changes: set another one in its place."""
    rule = await tx.visible(AlertRule, rule_id)
    await retire(rule, tx)
    return AlertRuleView.of(rule)


@router.get("/alerts")
async def list_alerts(
    asked: Annotated[AlertFilter, Query()], watcher: Watcher, tx: InTx, page: InPage
) -> Page[AlertView]:
    """The alerts, oldest first."""
    return await page.of(tx, Alert, asked.where(), AlertView.of)


@router.get("/alerts/{alert_id}")
async def see_alert(alert_id: AlertRef, watcher: Watcher, tx: InTx) -> AlertView:
    """One alert."""
    return AlertView.of(await tx.visible(Alert, alert_id))
