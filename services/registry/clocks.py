"""What time does to the register. Every sweep looks at the state as it is, so it may run twice, or late."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import structlog

from services.chassis.aggregate import Aggregate
from services.chassis.clocks import Clock
from services.chassis.errors import LostRace
from services.chassis.store import Tx
from services.chassis.times import zone_date, zone_midnight
from services.registry.business import Business, BusinessStatus
from services.registry.effects import change_register, take_effect
from services.registry.filing import Filing
from services.registry.particulars import FilingStatus
from services.registry.suspension import Resumption

A = TypeVar("A", bound=Aggregate)
NewTx = Callable[[], Tx]

AT_ONCE = 100
log = structlog.get_logger("zone.registry.clocks")


async def complete_due_filings(now: datetime, new_tx: NewTx) -> None:
    """Filings that were approved for a moment to come take effect when it has; blocked ones are tried again."""

    async def complete_it(filing: Filing, tx: Tx) -> None:
        await take_effect(filing, tx)

    await for_each(Filing, {"status": FilingStatus.APPROVED, "effective_at": {"$lte": now}}, complete_it, new_tx)


async def end_suspensions(now: datetime, new_tx: NewTx) -> None:
    """A suspension whose time is over ends: the business is deemed to have resumed (implementing rules art. 43)."""
    today = zone_date(now)

    async def resume(business: Business, tx: Tx) -> None:
        until = business.running_suspension().until
        if business.status == BusinessStatus.SUSPENDED and until <= today:
            filing = Filing.of_a_clock(Resumption(), business, effective_at=zone_midnight(until))
            change_register(filing, business, tx)

    await for_each(Business, {"status": BusinessStatus.SUSPENDED, "suspension.until": {"$lte": today}}, resume, new_tx)


async def for_each(
    cls: type[A], where: Mapping[str, Any], act: Callable[[A, Tx], Awaitable[None]], new_tx: NewTx
) -> None:
    """Act on each aggregate that matches, each in a unit of work of its own; one that fails stops no other."""
    after = ""
    while found := await new_tx().select(cls, {**where, "_id": {"$gt": after}}, limit=AT_ONCE):
        for each in found:
            tx = new_tx()
            try:
                await act(await tx.get(cls, each.id), tx)
                await tx.commit()
            except LostRace:
                # Somebody else has just acted on it; the next sweep looks again.
                log.info("clock_lost_a_race", id=each.id)
            except Exception:
                log.exception("clock_failed", id=each.id)
        after = found[-1].id


CLOCKS = (
    Clock("registry.due_filings", every=5, task=complete_due_filings),
    Clock("registry.suspensions", every=60, task=end_suspensions),
)
