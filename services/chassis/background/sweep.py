"""A sweep: act on each aggregate that matches, in a unit of work of its own."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import structlog

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import LostRace
from services.chassis.store.unit_of_work import Tx

A = TypeVar("A", bound=Aggregate)

NewTx = Callable[[], Tx]

AT_ONCE = 100

log = structlog.get_logger("zone.sweep")


async def for_each(
    cls: type[A], where: Mapping[str, Any], act: Callable[[A, Tx], Awaitable[None]], new_tx: NewTx
) -> None:
    """Act on each aggregate that matches, each in a unit of work of its own; one that fails stops no other."""
    after, more = "", True
    while more:
        found, more = await new_tx().page(cls, {**where, "_id": {"$gt": after}}, limit=AT_ONCE)
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
            after = each.id
