"""What one thing adds to the figures of its subject, and on which days: a pure function of the set of its facts.

So it does not matter in which order events arrive: what a thing added before is taken back, what it adds now is put in,
and where nothing changed nothing is written.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import dropwhile
from operator import attrgetter
from typing import Final, NamedTuple

from services.metrics.figures.entity import Fact
from services.metrics.figures.history import Change, State, changes
from services.metrics.figures.kept import Counters, Kept
from services.metrics.figures.subject import Subject, cell_names, dimensions_of
from services.metrics.figures.sums import day_before


class Place(NamedTuple):
    """Where a thing is counted: by which KPI, on which day, under which values of its subject's dimensions."""

    kpi: str
    on: str
    dims: tuple[str, ...]


Contributions = Mapping[Place, Counters]
"""What is added at each place, counter by counter; nothing that is 0."""


class Standing(NamedTuple):
    """How a stock counts a thing at the end of a day: what it adds, and under which dimensions."""

    counters: Counters
    dims: tuple[str, ...]


Stand = tuple[Change, tuple[str, ...] | None]
"""What changed on a day, and under which dimensions a thing counts at its end; None where no stock counts it."""
Added = dict[Place, Counters]
BEGUN: Final[Counters] = {"n": 1}
ENDED: Final[Counters] = {"e": 1}
NOTHING: Final[Counters] = {}


def contributions(subject: Subject, facts: Collection[Fact], kpis: Sequence[Kept] | None = None) -> Contributions:
    """Fold the facts by (on, subject, sequence), and count what changed on each day.

    A stock counts a thing while its subject says so, and on each day on which that changes, -old and +new. What happens
    on days counts under the dimensions of the day; one that was first stated later counts as it was then stated.
    Before a thing is known it adds nothing. What is made of parts adds what each of them does.

    Args:
        kpis: those of the subject that are asked for; None for all of them.
    """
    if not facts:
        return {}
    added: Added = {}
    for part in subject.parts(sorted(facts, key=attrgetter("order"))):
        _fold(added, subject, part, subject.kpis if kpis is None else kpis)
    return {place: counters for place, counters in added.items() if counters}


def _fold(added: Added, subject: Subject, ordered: Sequence[Fact], kpis: Sequence[Kept]) -> None:
    """Count what changed on each day."""
    days = list(changes(ordered))
    if not days or subject.known_by not in days[0].first:
        return
    stands = [(change, _while_counted(subject, change.after)) for change in days]
    stands = list(dropwhile(_is_not_counted, stands))
    flows: list[Kept] = []
    for kpi in kpis:
        if kpi.timing == "stock" or kpi.over_days:
            _carry_forward(added, kpi, stands)
        else:
            flows.append(kpi)
    for change in days:
        dims: tuple[str, ...] | None = None
        for kpi in flows:
            if (counters := kpi.counters(change)) is not None:
                dims = dims or dimensions_of(subject, {**change.first, **change.after})
                _add(added, Place(kpi.id, change.on, dims), counters, +1)


def cells(subject: Subject, added: Contributions) -> list[str]:
    """The cells in which a thing counts or ever did, by their names, in order."""
    counted = {(place.kpi, place.dims) for place in added}
    return sorted({name for kpi, dims in counted for name in cell_names(subject, kpi, dims)})


def difference(before: Contributions, after: Contributions) -> Iterator[tuple[Place, Counters]]:
    """What must be added to the figures so that they hold `after` where they held `before`."""
    if not before:
        yield from after.items()
        return
    for place in before.keys() | after.keys():
        old, new = before.get(place, NOTHING), after.get(place, NOTHING)
        if old != new:
            yield place, plus(new, old, -1) if old else new


def _while_counted(subject: Subject, state: State) -> tuple[str, ...] | None:
    """The values of a thing's dimensions; None in a state in which no stock counts it, or nobody knows it yet."""
    return dimensions_of(subject, state) if subject.known_by in state and subject.counted_while(state) else None


def _is_not_counted(stand: Stand) -> bool:
    return stand[1] is None


def _carry_forward(added: Added, kpi: Kept, stands: Iterable[Stand]) -> None:
    """On each day on which a stock counts a thing otherwise than before: -old, +new."""
    old: Standing | None = None
    for change, dims in stands:
        counters = None if dims is None else kpi.counters(change)
        new = None if dims is None or counters is None else Standing(counters, dims)
        if new == old:
            continue
        for sign, standing in ((-1, old), (+1, new)):
            if standing is not None:
                place = Place(kpi.id, change.on, standing.dims)
                _add(added, place, kpi.dated(standing.counters, change.on), sign)
        if kpi.over_days:
            _begin_and_end(added, kpi, change.on, old, new)
        old = new


def _begin_and_end(added: Added, kpi: Kept, on: str, old: Standing | None, new: Standing | None) -> None:
    """Where a thing counts in another cell than before: it begins in the one, and had its last day in the other."""
    if old and new and old.dims == new.dims:
        return
    if new:
        _add(added, Place(kpi.id, on, new.dims), BEGUN, +1)
    if old:
        _add(added, Place(kpi.id, day_before(on), old.dims), ENDED, +1)


def _add(added: Added, place: Place, counters: Counters, sign: int) -> None:
    added[place] = plus(added.get(place, NOTHING), counters, sign)


def plus(counters: Counters, more: Counters, sign: int = 1) -> Counters:
    """Both together, or the one without the other; without counters that are 0. Neither is changed."""
    if not counters and sign > 0:
        return more if all(more.values()) else {name: count for name, count in more.items() if count}
    found = {**counters}
    for name, count in more.items():
        found[name] = found.get(name, 0) + sign * count
    return {name: count for name, count in found.items() if count}
