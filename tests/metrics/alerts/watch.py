"""A zone with an alert rule, and the clock that judges it, on whatever store."""

from typing import Any, Final

import orjson

from services.chassis.domain.times import parse_instant
from services.chassis.store.document_store import Store
from services.chassis.store.unit_of_work import Tx
from services.metrics.alerts.clocks import judge_periods
from services.metrics.alerts.condition import AlertCondition, Op
from services.metrics.alerts.rule import AlertRule
from services.metrics.alerts.standing import NoData
from tests.metrics.happenings import TODAY, hear, registered

BEGAN: Final = TODAY
"""24 November 2026: when rules are set, so that October is the first month they judge."""


class Watch:
    """A zone that somebody watches."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def set(self, condition: AlertCondition | None = None, **changes: Any) -> str:
        """A rule, for the months in which nothing is registered, with changes; its id."""
        said: dict[str, Any] = {
            "kpi": "businesses_registered",
            "dims": {},
            "condition": condition or AlertCondition(op=Op.LT, threshold=1),
            "granularity": "month",
            "for_periods": 1,
            "keep_firing_periods": 0,
            "no_data": NoData.KEEP,
            "today": BEGAN.date(),
        }
        tx = Tx(self.store, now=BEGAN)
        rule = tx.save(AlertRule.begin(**(said | changes)))
        await tx.commit()
        return rule.id

    async def run(self, on: str, at: str = "02:00:00") -> None:
        """The clock on a day, by the time of the zone."""
        now = parse_instant(f"{on}T{at}+08:00")
        await judge_periods(now, lambda: Tx(self.store, now=now))

    async def rule(self, id: str) -> AlertRule:
        """How it is now."""
        return await Tx(self.store, now=BEGAN).get(AlertRule, id)

    async def told(self) -> list[str]:
        """What was told, in order: raised or resolved, and by which period."""
        rows = await self.store.select("outbox", {}, [("_id", 1)], 100)
        return [f"{row['type'].split('.')[3]} {orjson.loads(row['data'])['period']}" for row in rows]

    async def registering(self, *months: str) -> None:
        """A synthetic business in each of these months, and one long ago, so that somebody was counting."""
        days = ["2020-01-01", *(f"{month}-10" for month in months)]
        await hear(self.store, [registered(number, on=on) for number, on in enumerate(days, start=1)])
