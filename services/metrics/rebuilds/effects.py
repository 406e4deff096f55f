"""What is done with rebuilds: one is ordered, accepted, given up; generations meet, and one takes the other's place."""

from collections.abc import Mapping
from typing import Final

from services.chassis.background.job import Job
from services.chassis.consuming.generations.ends import go_on
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict
from services.chassis.store.generations.pointer import Pointer, pointer
from services.chassis.store.unit_of_work import Tx
from services.metrics.rebuilds.queries import VERSIONS, positions, rebuild_of
from services.metrics.rebuilds.rebuild import Rebuild, RebuildStatus

REBUILD: Final = "metrics.rebuild"
"""The kind of the job of a rebuild."""


async def order_rebuild(tx: Tx, by: Caller) -> Rebuild:
    """A new generation from the beginning of the log; one that waits for a person makes room for it.

    Raises:
        Conflict: `rebuild_under_way`.
    """
    found = await _free(tx)
    generation = found.begin(VERSIONS)
    rebuild = Rebuild.order("anew", generation, instead_of=found.shown, by=by.client_id, at=tx.now)
    return put_to_work(rebuild, tx, by)


async def order_rollback(tx: Tx, by: Caller) -> Rebuild:
    """The generation that was shown before, brought up to date and shown again.

    Raises:
        Conflict: `rebuild_under_way`; `nothing_kept`, there is none; `definitions_changed`, this release would go on
            with it by other definitions than those by which it was begun.
    """
    found = await _free(tx)
    if found.kept is None:
        raise Conflict("No earlier generation of the figures is kept.", code="nothing_kept")
    generation = found.kept
    if changed := changed_since(found.versions_of(generation)):
        raise Conflict(
            f"The kept figures were made by other definitions of {', '.join(changed)}: go back to that release first.",
            code="definitions_changed",
        )
    found.wake(generation)
    go_on(tx, (await positions(tx, generation)).values())
    rebuild = Rebuild.order("back", generation, instead_of=found.shown, by=by.client_id, at=tx.now)
    return put_to_work(rebuild, tx, by)


def changed_since(versions: Mapping[str, int]) -> list[str]:
    """The KPIs that have another definition by now, are new, or are gone."""
    return sorted(kpi for kpi in VERSIONS.keys() | versions.keys() if VERSIONS.get(kpi) != versions.get(kpi))


def put_to_work(rebuild: Rebuild, tx: Tx, by: Caller) -> Rebuild:
    """Order the job that does it."""
    job = tx.save(Job.queue(REBUILD, {"rebuild_id": rebuild.id}, by=by, at=tx.now))
    rebuild.job_id = job.id
    return tx.save(rebuild)


async def give_up(rebuild: Rebuild, tx: Tx, why: str) -> None:
    """Drop what it has built, or let what it woke rest again; the shown figures go on if they were to meet.

    Raises:
        Conflict: `invalid_transition`, it is shown already, or over.
    """
    tx.save(rebuild).drop(why, at=tx.now)
    found = tx.save(await pointer(tx, VERSIONS))
    if rebuild.way == "back":
        found.rest()
    else:
        found.drop(rebuild.generation)
    go_on(tx, (await positions(tx, rebuild.instead_of)).values())
    job = await tx.find(Job, rebuild.job_id)
    if job is not None and not job.has_ended:
        tx.save(job).cancel(at=tx.now)


async def settle(rebuild: Rebuild, tx: Tx) -> None:
    """Every reader sees the new generation: let it go on."""
    go_on(tx, (await positions(tx, rebuild.generation)).values())
    tx.save(rebuild).finish(at=tx.now)


async def _free(tx: Tx) -> Pointer:
    """The pointer, where nothing is under way. Raises Conflict: `rebuild_under_way`."""
    found = tx.save(await pointer(tx, VERSIONS))
    if found.built is not None:
        rebuild = await rebuild_of(tx, found.built)
        if rebuild is None or rebuild.status is not RebuildStatus.WAITING:
            raise Conflict("The figures are built anew already.", code="rebuild_under_way")
        await give_up(rebuild, tx, "Another one was ordered in its place.")
    settling = await tx.select(Rebuild, {"status": RebuildStatus.SETTLING}, limit=1)
    if settling:
        raise Conflict("The figures are built anew already.", code="rebuild_under_way")
    return found
