"""An alert: the condition of a rule has held for long enough that somebody is to know."""

from datetime import datetime
from typing import ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import OF_ITS_STAFF
from services.chassis.domain.times import Instant
from services.contracts.metrics.alerts import AlertRaised, AlertResolved, Ending
from services.metrics.alerts.rule import AlertRule, Observation
from services.metrics.alerts.standing import MOVES, AlertRuleStatus
from services.metrics.figures.dimensions import key_of
from services.metrics.targets.judgement import TargetStatus


class Alert(Aggregate):
    """An alert: the condition of a rule has held for so long that somebody is to know.

    It tells a value, and be it of a cell of one business: so it is for those who work for the zone.

    Attributes:
        status: firing or resolved.
        period, value, target_status: by which it was raised.
        resolved_period, resolved_value: by which it was resolved; None before, and where its rule was retired.
    """

    collection: ClassVar[str] = "alerts"
    shown_to: ClassVar = OF_ITS_STAFF
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("rule_id", 1), ("_id", 1)),
        (("status", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["rule_id", "status", "period", "raised_at"],
            "properties": {
                "status": {"enum": [AlertRuleStatus.FIRING.value, AlertRuleStatus.RESOLVED.value]},
                "raised_at": {"bsonType": "date"},
            },
        }
    }

    rule_id: str
    kpi: str
    dims: dict[str, str]
    status: AlertRuleStatus = AlertRuleStatus.FIRING
    period: str
    value: int | None
    target_status: TargetStatus | None
    raised_at: Instant
    resolved_period: str | None = None
    resolved_value: int | None = None
    resolved_at: Instant | None = None
    ending: Ending | None = None

    @classmethod
    def raise_by(cls, rule: AlertRule, period: str, seen: Observation, *, at: datetime) -> Self:
        """A new one, by the last period that a rule judged."""
        alert = cls(
            id=new_id("alt"),
            rule_id=rule.id,
            kpi=rule.kpi,
            dims=rule.dims,
            period=period,
            value=seen.value,
            target_status=seen.target_status,
            raised_at=at,
        )
        alert.record(
            AlertRaised(
                alert_id=alert.id,
                rule_id=rule.id,
                kpi=rule.kpi,
                dims_key=key_of(rule.dims),
                period=period,
                value=seen.value,
                target_status=seen.target_status.value if seen.target_status else None,
            )
        )
        return alert

    def resolve(self, ending: Ending, *, at: datetime, period: str | None = None, value: int | None = None) -> None:
        """Let it be over, by a period in which the condition did not hold, or as the rule was retired."""
        self.status = move(self.status, AlertRuleStatus.RESOLVED, MOVES)
        self.ending, self.resolved_at, self.resolved_period, self.resolved_value = ending, at, period, value
        self.record(
            AlertResolved(
                alert_id=self.id,
                rule_id=self.rule_id,
                kpi=self.kpi,
                dims_key=key_of(self.dims),
                period=period,
                value=value,
                ending=ending,
            )
        )
