"""The clock of alert rules: it judges every period that is over, one by one."""

from datetime import datetime, timedelta
from typing import Final

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.metrics.alerts.effects import judge
from services.metrics.alerts.rule import AlertRule
from services.metrics.rebuilds.queries import are_settled

JUDGED_AFTER: Final = timedelta(hours=1)
"""What happened in the last moments of a period is heard by then."""
MOST_PERIODS: Final = 100
"""Of one rule in one run: after a long absence, the next runs go on."""


async def judge_periods(now: datetime, new_tx: NewTx) -> None:
    """Judge what is over, period by period; nothing while the figures are not what they are to be."""
    today = zone_date(now - JUDGED_AFTER)

    async def act(rule: AlertRule, tx: Tx) -> None:
        for _ in range(MOST_PERIODS):
            if (period := rule.due(today)) is None or not await are_settled(tx):
                return
            await judge(rule, period, tx)

    await for_each(AlertRule, {"due_on": {"$lte": today}}, act, new_tx)


CLOCKS: Final = (Clock("metrics.alerts", every=15, task=judge_periods),)
