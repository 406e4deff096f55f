"""What a rebuild reads: where generations stand, what they parked, and what their figures are in canonical form."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from itertools import groupby
from typing import Annotated, Any, Final, NamedTuple

import orjson
from fastapi import Path

from services.chassis.consuming.generations.ends import Position, positions_of
from services.chassis.consuming.group import group_of
from services.chassis.consuming.positions import rows_of
from services.chassis.domain.ids import id_of
from services.chassis.store.generations.generation import generation_of
from services.chassis.store.generations.pointer import THE_POINTER, Pointer
from services.chassis.store.unit_of_work import BY_ID, Tx
from services.metrics.catalogue.all import KPIS, SUBJECT_OF, SUBJECTS
from services.metrics.figures.bucket import Bucket
from services.metrics.figures.entity import Entity
from services.metrics.rebuilds.rebuild import AT_REST, MOST_PLACES, Difference, Place, Rebuild

RebuildId = Annotated[str, id_of("rbd")]
RebuildRef = Annotated[RebuildId, Path(description="The rebuild, by its id.")]

PROJECTED: Final = (Entity, Bucket)
"""What each generation has of its own."""
VERSIONS: Final = {kpi.id: kpi.definition_version for kpi in KPIS.values()}
"""By which definitions this code projects."""
BUCKETS_AT_ONCE: Final = 200
MOST_PARKED: Final = 1_000

Counters = dict[str, int]
"""Breakdown, values, counter and period → sum, over all workers; nothing that is 0."""


async def positions(tx: Tx, generation: int) -> dict[str, Position]:
    """How far a generation has read the topics that are heard now."""
    found = await positions_of(tx, group_of(tx.store.service, generation))
    heard = {event.topic.name for subject in SUBJECTS for event in subject.events}
    return {place: each for place, each in found.items() if place.partition("|")[0] in heard}


async def rebuild_of(tx: Tx, generation: int) -> Rebuild | None:
    """The last rebuild that is to bring a generation to be shown."""
    found = await tx.select(Rebuild, {"generation": generation}, sort=[("_id", -1)], limit=1)
    return found[0] if found else None


async def parked_beside(tx: Tx, rebuild: Rebuild) -> list[str]:
    """The first events that a rebuild has parked and the shown figures have not."""
    shown, built = await _parked(tx, rebuild.instead_of), await _parked(tx, rebuild.generation)
    return sorted(built - shown)[:MOST_PLACES]


async def _parked(tx: Tx, generation: int) -> set[str]:
    of_it = {"group": group_of(tx.store.service, generation)}
    rows = await tx.store.select("parked", of_it, BY_ID, MOST_PARKED, ["_id"])
    return {row["_id"].partition("|")[2] for row in rows}


async def halted(tx: Tx, rebuild: Rebuild) -> list[str]:
    """Why workers do not go on with a generation until somebody looks."""
    where = {**rows_of(group_of(tx.store.service, rebuild.generation)), "state": "down"}
    rows = await tx.store.select("members", where, BY_ID, 100) if rebuild.is_worked_on else []
    return sorted({row["reason"] for row in rows})


async def are_settled(tx: Tx) -> bool:
    """Whether the shown figures go on.

    They do not while one of their workers has stopped, nor while they stand still for a rebuild or have just changed
    places.
    """
    found = await tx.find(Pointer, THE_POINTER)
    if found is not None and found.shown != tx.store.generation:
        return False
    if await tx.select(Rebuild, {"status": {"$in": list(AT_REST)}}, limit=1):
        return False
    of_them = rows_of(group_of(tx.store.service, tx.store.generation))
    return not await tx.store.select("members", {**of_them, "state": "down", "until": {"$gt": tx.now}}, BY_ID, 1)


class Compared(NamedTuple):
    """One KPI in two generations: the canonical digest of the built one, and what differs, if anything does."""

    digest: str
    difference: Difference | None


async def compared(tx: Tx, kpi: str, *, shown: int, built: int, expected: bool) -> Compared:
    """Compare what two generations say of a KPI, bucket span by bucket span.

    The canonical form is free of everything that has no meaning: which worker counted, and what came to nothing.
    """
    names = [row.collection for row in PROJECTED]
    old, new = (_spans(Tx(generation_of(tx.store, names, each), now=tx.now), kpi) for each in (shown, built))
    digest, counters, places = hashlib.sha256(), 0, list[Place]()
    async for span, before, after in _side_by_side(old, new):
        if after:
            digest.update(orjson.dumps([span, sorted(after.items())]))
        for path in sorted(before.keys() | after.keys()) if before != after else ():
            one, other = before.get(path, 0), after.get(path, 0)
            if one != other:
                counters += 1
                if len(places) < MOST_PLACES:
                    places.append(Place(path=f"{span}|{path}", shown=one, built=other))
    difference = Difference(kpi=kpi, expected=expected, counters=counters, places=places) if counters else None
    return Compared(digest.hexdigest(), difference)


async def _side_by_side(
    old: AsyncIterator[tuple[str, Counters]], new: AsyncIterator[tuple[str, Counters]]
) -> AsyncIterator[tuple[str, Counters, Counters]]:
    """Every span of either with what both count in it, in order; each is read once."""
    one, other = await _next(old), await _next(new)
    while one or other:
        span = min(each[0] for each in (one, other) if each)
        before, after = one if one and one[0] == span else None, other if other and other[0] == span else None
        yield span, before[1] if before else {}, after[1] if after else {}
        one = await _next(old) if before else one
        other = await _next(new) if after else other


async def _next(spans: AsyncIterator[tuple[str, Counters]]) -> tuple[str, Counters] | None:
    return await anext(spans, None)


async def _spans(tx: Tx, kpi: str) -> AsyncIterator[tuple[str, Counters]]:
    """Level and span of the buckets of a KPI with what all workers count in them, in order; some are read at once."""
    after, left = f"{kpi}|", list[Bucket]()
    while True:
        where = {"_id": {"$gt": after, "$lt": f"{kpi}}}"}}  # '}' follows '|'
        found = await tx.select(Bucket, where, limit=BUCKETS_AT_ONCE)
        left += found
        spans = [(span, list(buckets)) for span, buckets in groupby(left, _span_of)]
        is_all = len(found) < BUCKETS_AT_ONCE
        for span, buckets in spans if is_all else spans[:-1]:  # of the last one more may follow
            yield span, _together(buckets)
        if is_all:
            return
        left, after = spans[-1][1], found[-1].id


def _span_of(bucket: Bucket) -> str:
    _, level, span = bucket.holds
    return f"{level}|{span}"


def _together(buckets: list[Bucket]) -> Counters:
    found: Counters = {}
    for bucket in buckets:
        _add(found, "", bucket.cells)
    return {path: amount for path, amount in found.items() if amount}


def _add(found: Counters, path: str, counters: Mapping[str, Any]) -> None:
    for name, each in counters.items():
        inner = f"{path}|{name}" if path else name
        if isinstance(each, Mapping):
            _add(found, inner, each)
        else:
            found[inner] = found.get(inner, 0) + each


COMPARED: Final = tuple(SUBJECT_OF)
"""The KPIs that have buckets, in the order in which they are compared; all others follow from them."""
