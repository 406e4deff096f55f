"""What does a rebuild, a step at a time; and the clock that ends what no job works on, and drops what is kept long."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from services.chassis.background.clocks import Clock
from services.chassis.background.job import Job
from services.chassis.consuming.generations.ends import Positioned, gap, go_on, may_meet, meet
from services.chassis.domain.errors import LostRace
from services.chassis.store.files import Files
from services.chassis.store.generations.current import FRESH_FOR
from services.chassis.store.generations.pointer import THE_POINTER, Pointer, pointer
from services.chassis.store.unit_of_work import Tx
from services.metrics.rebuilds.effects import REBUILD, give_up, settle
from services.metrics.rebuilds.queries import COMPARED, VERSIONS, compared, parked_beside, positions, rebuild_of
from services.metrics.rebuilds.rebuild import STANDS_STILL, Rebuild, RebuildStatus

LOOK_EVERY: Final = 0.25
MEET_EVERY: Final = 0.1
"""Seconds between two looks at where generations stand."""
NEAR: Final = 1_000
"""Records that a generation may be behind for the shown one to be asked to wait for it."""
STEP_SECONDS: Final = 1.0
SETTLED_AFTER: Final = FRESH_FOR + 1.0
"""Seconds from a swap until no reader can see the generation before: both stand still meanwhile."""
KEPT_FOR: Final = timedelta(days=7)


async def take_step(job: Job, tx: Tx, files: Files) -> None:
    """One step of a rebuild."""
    rebuild = tx.save(await tx.get(Rebuild, job.parameters["rebuild_id"]))
    if step := STEPS.get(rebuild.status):
        await step(rebuild, tx)
    steps = (job.checkpoint or {"steps": 0})["steps"] + 1
    job.advance({"steps": steps}, done=rebuild.events, total=rebuild.events + (rebuild.behind or 0))
    if not rebuild.is_worked_on:
        job.finish(at=tx.now)


async def _build(rebuild: Rebuild, tx: Tx) -> None:
    """Look how far it is; once it is near, let both go to one place."""
    await asyncio.sleep(LOOK_EVERY)
    shown, built = await _look(rebuild, tx)
    if rebuild.behind is not None and rebuild.behind <= NEAR and may_meet(shown, built):
        meet(tx, shown, built)
        rebuild.meet()


async def _look(rebuild: Rebuild, tx: Tx) -> tuple[Positioned, Positioned]:
    """Where the shown figures and the new ones stand; the new ones are counted."""
    shown, built = await positions(tx, rebuild.instead_of), await positions(tx, rebuild.generation)
    read, behind = gap(built, shown)
    cut = {place: each.begun for place, each in built.items() if each.begun}
    rebuild.look(events=read, behind=behind, cut=cut, at=tx.now)
    return shown, built


async def _meet(rebuild: Rebuild, tx: Tx) -> None:
    """Wait until both stand at their ends, but not for long: where a consumer has stopped they never do."""
    await asyncio.sleep(MEET_EVERY)
    shown, built = await _look(rebuild, tx)
    if not may_meet(shown, built) or any(each.until is None for each in (*shown.values(), *built.values())):
        go_on(tx, (*shown.values(), *built.values()))
        rebuild.go_on()
        return
    rebuild.stood += 1
    has_come, has_waited = (all(each.has_ended for each in of.values()) for of in (built, shown))
    if has_come and has_waited:
        rebuild.compare()
    elif rebuild.stood <= STANDS_STILL:
        return
    elif not has_come:
        await _wait(rebuild, tx, "It does not come as far in the log as the shown figures.")
    elif rebuild.accepted:
        await _show(rebuild, tx)
    else:
        await _wait(rebuild, tx, "The shown figures do not come as far in the log: nothing can be compared.")


async def _compare(rebuild: Rebuild, tx: Tx) -> None:
    """The next KPIs; after the last of them it is shown, or waits for a person."""
    versions = await pointer(tx, VERSIONS)
    old, new = versions.versions_of(rebuild.instead_of), versions.versions_of(rebuild.generation)
    began = time.monotonic()
    for kpi in COMPARED[len(rebuild.digests) :]:
        expected = old.get(kpi) != new.get(kpi)
        found = await compared(tx, kpi, shown=rebuild.instead_of, built=rebuild.generation, expected=expected)
        rebuild.found(kpi, *found)
        if time.monotonic() > began + STEP_SECONDS:
            break
    if len(rebuild.digests) < len(COMPARED):
        return
    rebuild.parked = await parked_beside(tx, rebuild)
    if rebuild.accepted or not (rebuild.unexpected or rebuild.parked):
        await _show(rebuild, tx)
    elif rebuild.unexpected:
        await _wait(rebuild, tx, f"These should be the same and are not: {', '.join(rebuild.unexpected)}.")
    else:
        await _wait(rebuild, tx, "It has parked events that took effect in the shown figures.")


async def _show(rebuild: Rebuild, tx: Tx) -> None:
    """Swap: one document. Nothing moves before every reader knows."""
    tx.save(await pointer(tx, VERSIONS)).show()
    rebuild.show()


async def _wait(rebuild: Rebuild, tx: Tx, why: str) -> None:
    for generation in (rebuild.instead_of, rebuild.generation):
        go_on(tx, (await positions(tx, generation)).values())
    rebuild.wait(why)


async def _settle(rebuild: Rebuild, tx: Tx) -> None:
    await asyncio.sleep(SETTLED_AFTER)
    await settle(rebuild, tx)


STEPS: Final = {
    RebuildStatus.BUILDING: _build,
    RebuildStatus.MEETING: _meet,
    RebuildStatus.COMPARING: _compare,
    RebuildStatus.SETTLING: _settle,
}

JOBS: Final = {REBUILD: take_step}


async def tidy(now: datetime, begin: Callable[[], Tx]) -> None:
    """End a rebuild whose job has ended without it, so that nothing stands still for ever; drop what is kept long."""
    tx = begin()
    found = await tx.find(Pointer, THE_POINTER)
    if found is None:
        return
    rebuild = await rebuild_of(tx, found.shown if found.built is None else found.built)
    if rebuild is not None and rebuild.is_worked_on:
        job = await tx.get(Job, rebuild.job_id)
        if job.has_ended and rebuild.status is RebuildStatus.SETTLING:
            await settle(rebuild, tx)
        elif job.has_ended:
            said = job.error.words or job.error.detail if job.error else job.status.value
            await give_up(rebuild, tx, f"Its job ended: {said}")
    elif found.kept is not None and rebuild is not None and rebuild.ended_at and rebuild.ended_at < now - KEPT_FOR:
        tx.save(found).drop(found.kept)
    try:
        await tx.commit()
    except LostRace:
        return  # somebody else moved it: the next run looks again


CLOCKS: Final = (Clock("rebuilds", 5.0, tidy),)
