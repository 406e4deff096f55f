"""Faults of events: published twice, refused by handlers, too large."""

import asyncio
import contextlib
import random
from collections.abc import Sequence

from deploy.chaos.evidence import log_of
from deploy.chaos.faults.fault import NOT_BY_CHANCE, Faults
from deploy.chaos.faults.unreadable import write_again_compressed, write_unreadable, write_without_number
from deploy.chaos.stage import Stage, switched_on
from deploy.chaos.target.zone import CONSUMERS
from deploy.chaos.writers import YEARS
from services.chassis.domain.events import service_of
from services.chassis.kafka.client import KafkaFailure
from services.chassis.kafka.producer import Producer

fault = Faults()


@fault("duplicates published", [["kafka"]])
async def duplicate(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """Old records once more, some of them all of one subject, as a producer that retried would."""
    bootstrap = stage.zone.broker.bootstrap
    try:
        records = await log_of(bootstrap)
        if not records:
            return None
        key = dice.choice(records).key
        again = [record for record in records if record.key == key]
        producer = await Producer.started(bootstrap)
        try:
            await producer.send([*again, *dice.choices(records, k=30)])
        finally:
            await producer.close()
    except (KafkaFailure, TimeoutError):  # a broker that has just come back
        return None
    return 0


@fault("poison", [["poison"]])
async def poison(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """Handlers refuse the events of a business; once they do not any more, what was parked is replayed.

    Meanwhile somebody writes into the log what no service would.
    """
    open_years = [each for each in stage.journal.businesses if len(stage.journal.reported[each]) < len(YEARS)]
    if not open_years:
        return None
    business = dice.choice(open_years)
    stage.poisoned.add(business)
    with switched_on(stage, CONSUMERS, "poison", business):
        await stage.report(business, patience=NOT_BY_CHANCE)
        await stage.something_is_parked(within=NOT_BY_CHANCE)
        await write_what_no_service_writes(stage, dice)
        await asyncio.sleep(dice.uniform(0.2, 1))  # others may be about to
    return await stage.replay_poison() or None


async def write_what_no_service_writes(stage: Stage, dice: random.Random) -> None:
    """Into a partition what nobody can read, what has no number, and what is known there under another codec."""
    bootstrap = stage.zone.broker.bootstrap
    with contextlib.suppress(KafkaFailure, TimeoutError):  # a broker that has just come back
        records = await log_of(bootstrap)
        one = dice.choice(records)
        place = one.place
        await write_unreadable(bootstrap, place, dice)
        await write_without_number(bootstrap, one, stage.zone.event_key(service_of(one.topic)), dice)
        known = [each for each in records if each.place == place]
        await write_again_compressed(bootstrap, dice.choices(known, k=5), dice)


@fault("event too large", [["large"]])
async def enlarge(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """One event is over the limit: its write is refused, and goes through when it is sent again."""
    before = stage.journal.refused
    if not await stage.reached(["registry-api"], "large", "", within=NOT_BY_CHANCE):
        return None
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(NOT_BY_CHANCE):
            while stage.journal.refused == before:
                await asyncio.sleep(0.05)
    return 0 if stage.journal.refused > before else None
