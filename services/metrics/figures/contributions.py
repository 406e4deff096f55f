"""What one business adds to the figures, and on which days: a pure function of the set of its facts.

So it does not matter in which order events arrive: what a business added before is taken back, what it adds now is put
in, and where nothing changed nothing is written.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, NamedTuple

from services.metrics.catalogue.all import KPIS
from services.metrics.figures.dimensions import cells_of, dimensions_of
from services.metrics.figures.entity import Fact
from services.metrics.figures.kpi import Kpi


class Place(NamedTuple):
    """Where a business is counted: by which KPI, on which day, in which currency, under which dimensions.

    `currency` is '' for the KPI's own unit; `dims` are values in the order of `DIMENSIONS`.
    """

    kpi: str
    on: str
    currency: str
    dims: tuple[str, ...]


class Cell(NamedTuple):
    """A number of the figures that changes on a day: of a KPI, in total or under the dimensions of `dims_key`."""

    kpi: str
    by: str
    dims_key: str
    on: str
    currency: str


Delta = tuple[int, int]
"""How many more contribute, and how much more."""
Contributions = dict[Place, Delta]
Count = tuple[str, int, tuple[str, ...]]
"""How a business is counted at a time: in which currency, how much, under which dimensions."""
Found = defaultdict[Place, list[int]]

NOTHING: Final[Delta] = (0, 0)
STOCKS: Final = [kpi for kpi in KPIS.values() if kpi.kind == "stock"]
FLOWS: Final = [kpi for kpi in KPIS.values() if kpi.kind == "flow"]


def contributions(facts: Iterable[Fact]) -> Contributions:
    """Fold the facts by (on, subject, sequence); on each day on which a stock changes, -old and +new.

    A stock counts a business while it is active. A flow counts each day on which its member was set, once, as was said
    last of that day, under the dimensions of that day; one that was first stated later counts as it was then stated.
    Before it is registered, a business contributes nothing.
    """
    ordered = sorted(facts, key=attrgetter("order"))
    earliest: dict[str, Any] = {}
    for fact in reversed(ordered):
        earliest |= fact.set
    if "registered" not in earliest:
        return {}
    found: Found = defaultdict(lambda: [0, 0])
    state: dict[str, Any] = {}
    counted: dict[str, Count | None] = {}
    for on, of_the_day in groupby(ordered, key=attrgetter("on")):
        said: dict[str, Any] = {}
        for fact in of_the_day:
            said |= fact.set
        state |= said
        is_counted = state.get("status") == "active" and "kind" in state
        for kpi in STOCKS:
            old, new = counted.get(kpi.id), _count(kpi, state) if is_counted else None
            if old != new:
                _add(found, kpi, on, old, -1)
                _add(found, kpi, on, new, +1)
                counted[kpi.id] = new
        for kpi in FLOWS:
            if kpi.of in said:
                _add(found, kpi, on, _count(kpi, earliest | state), +1)
    return {place: (n, m) for place, (n, m) in found.items() if n or m}


def difference(before: Contributions, after: Contributions) -> Iterator[tuple[Cell, Delta]]:
    """What must be added to the figures so that they hold `after` where they held `before`."""
    moved: defaultdict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    for place in before.keys() | after.keys():
        n, m = after.get(place, NOTHING)
        old_n, old_m = before.get(place, NOTHING)
        if n == old_n and m == old_m:
            continue
        for by, dims_key in cells_of(KPIS[place.kpi].breakdowns, place.dims):
            delta = moved[Cell(place.kpi, by, dims_key, place.on, place.currency)]
            delta[0] += n - old_n
            delta[1] += m - old_m
    return ((cell, (n, m)) for cell, (n, m) in moved.items() if n or m)


def _count(kpi: Kpi, state: Mapping[str, Any]) -> Count | None:
    """How a KPI counts a business in this state; None where it has not stated what is counted."""
    value = state.get(kpi.of)
    return None if value is None else (*kpi.amount(value), dimensions_of(state))


def _add(found: Found, kpi: Kpi, on: str, count: Count | None, sign: int) -> None:
    if count is not None:
        currency, amount, dims = count
        delta = found[Place(kpi.id, on, currency, dims)]
        delta[0] += sign
        delta[1] += sign * amount
