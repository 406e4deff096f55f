"""What metrics tells the zone of figures that came to where somebody wants to know of it."""

from enum import StrEnum
from typing import Annotated

from services.chassis.domain.events import Event, Topic
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of

ALERTS = Topic("zone.metrics.alerts")
"""Alerts on the zone's figures."""

RuleId = Annotated[str, id_of("rul")]
AlertId = Annotated[str, id_of("alt")]


class Ending(StrEnum):
    """Why an alert ended."""

    RECOVERED = "recovered"
    """The condition did not hold for long enough."""
    RETIRED = "retired"
    """Nobody wants to know of it any more: the rule was retired."""


class AlertEvent(Event):
    """What every event of an alert says. There is at most one of a kind for a rule and a period."""

    alert_id: AlertId
    rule_id: RuleId
    kpi: str
    dims_key: str
    """The cell by its dimensions, `kind=industrial&sector=C`; empty for the total."""


class AlertRaised(AlertEvent, name="zone.metrics.alert.raised.v1", topic=ALERTS):
    """The condition of a rule has held for as many periods as it says; `period` is the last of them."""

    period: str
    value: int | None
    """Shown / 10^decimals of the KPI; null where the alert is that there is none."""
    target_status: str | None = None
    """Of the target, where the rule is about one."""


class AlertResolved(AlertEvent, name="zone.metrics.alert.resolved.v1", topic=ALERTS):
    """An alert is over. Missing figures are no reason for it."""

    period: str | None
    """By which it was; null where the rule was retired."""
    value: int | None
    ending: Growing[Ending]
