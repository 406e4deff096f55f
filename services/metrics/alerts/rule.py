"""An alert rule: of which figure somebody wants to know when, and how it stands, period by period."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar, NamedTuple, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import new_id
from services.chassis.domain.ownership import PUBLIC
from services.chassis.domain.times import Day, Instant
from services.metrics.alerts.condition import AlertCondition
from services.metrics.alerts.standing import AlertRuleStatus, NoData, Standing, Terms
from services.metrics.figures.kpi import Granularity
from services.metrics.figures.periods import DAY, Period
from services.metrics.targets.judgement import TargetStatus


class Observation(NamedTuple):
    """What was seen of a rule's figure in a period.

    Attributes:
        holds: whether the condition holds; None where there is no figure.
        value: shown / 10^decimals of the KPI.
        target_status: of the target, where the rule is about one.
    """

    holds: bool | None
    value: int | None
    target_status: TargetStatus | None = None


class AlertRule(Aggregate):
    """An alert rule: of which figure somebody wants to know when, and how it stands.

    It never changes but for how it stands; who wants to know of something else retires it.

    Attributes:
        status, in_a_row: see `Standing`.
        judged: the last period that was judged; each is, once and in order.
        due_on: the first day on which the next one is over; None once it is retired.
        alert_id: the alert that it has raised, while that lasts.
    """

    collection: ClassVar[str] = "alert_rules"
    shown_to: ClassVar = PUBLIC
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("due_on", 1), ("_id", 1)), (("kpi", 1), ("_id", 1)))
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["kpi", "condition", "granularity", "for_periods", "keep_firing_periods", "status", "in_a_row"],
            "properties": {
                "status": {"enum": [status.value for status in AlertRuleStatus]},
                "for_periods": {"bsonType": ["int", "long"], "minimum": 1},
                "keep_firing_periods": {"bsonType": ["int", "long"], "minimum": 0},
            },
        }
    }

    kpi: str
    dims: dict[str, str]
    condition: AlertCondition
    granularity: Granularity
    for_periods: int
    keep_firing_periods: int
    no_data: NoData
    status: AlertRuleStatus = AlertRuleStatus.INACTIVE
    in_a_row: int = 0
    judged: str | None = None
    due_on: Day | None
    alert_id: str | None = None
    retired_at: Instant | None = None

    @classmethod
    def begin(
        cls,
        *,
        kpi: str,
        dims: Mapping[str, str],
        condition: AlertCondition,
        granularity: Granularity,
        for_periods: int,
        keep_firing_periods: int,
        no_data: NoData,
        today: date,
    ) -> Self:
        """A new rule; the first period that it looks at is the last one that is over."""
        return cls(
            id=new_id("rul"),
            kpi=kpi,
            dims=dict(dims),
            condition=condition,
            granularity=granularity,
            for_periods=for_periods,
            keep_firing_periods=keep_firing_periods,
            no_data=no_data,
            due_on=Period.around(today, granularity).first,
        )

    @property
    def standing(self) -> Standing:
        """How it stands."""
        return Standing(self.status, self.in_a_row)

    @property
    def terms(self) -> Terms:
        """What it says of periods."""
        return Terms(self.for_periods, self.keep_firing_periods, self.no_data)

    def due(self, today: date) -> Period | None:
        """The next period that it has to judge; None where that is not over."""
        if self.due_on is None or self.due_on > today:
            return None
        return Period.around(self.due_on - DAY, self.granularity)

    def judge(self, period: Period, seen: Observation) -> None:
        """Take the next period into account."""
        assert self.due_on == period.end, "periods are judged one by one"
        self.status, self.in_a_row = self.standing.after(seen.holds, self.terms)
        self.judged, self.due_on = period.name, Period.around(period.end, self.granularity).end

    def retire(self, *, at: datetime) -> None:
        """Look at no further period.

        Raises:
            Conflict: `rule_retired`, it does not any more.
        """
        if self.retired_at is not None:
            raise Conflict("This rule is retired already.", code="rule_retired")
        self.retired_at, self.due_on = at, None
        self.status, self.in_a_row = AlertRuleStatus.INACTIVE, 0
