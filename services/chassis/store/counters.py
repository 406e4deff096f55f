"""Counters of one unit of work: moves of one document add up; what is counted at a place is spread at the commit."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from services.chassis.domain.errors import ZoneError
from services.chassis.store.writes import Adjust, Bounds

P = TypeVar("P", bound=Hashable)
Sums = dict[str, int]
Spread = Callable[[P, Mapping[str, int]], Iterable[tuple[str, Mapping[str, int]]]]
"""The documents that count a place, by their ids, with what each counts of what the place came to."""


class Counters:
    """The counters of one unit of work until its commit."""

    def __init__(self) -> None:
        self._adjusted: dict[tuple[str, str], Adjust] = {}
        self._places: dict[tuple[str, Spread[Any]], dict[Hashable, Sums]] = {}

    def __bool__(self) -> bool:
        return bool(self._adjusted or self._places)

    def adjust(
        self,
        collection: str,
        id: str,
        increments: Mapping[str, int],
        at_most: Bounds | None = None,
        at_least: Bounds | None = None,
        where: Mapping[str, Any] | None = None,
        create: Mapping[str, Any] | None = None,
        refused: ZoneError | None = None,
    ) -> None:
        """See `Tx.adjust`."""
        if create is not None and (at_most or at_least):
            raise ValueError("a counter with a bound is made before it is moved")
        known = self._adjusted.get((collection, id))
        if known is None:
            known = Adjust(collection, id, dict(increments), {}, {}, {}, create, refused)
            self._adjusted[collection, id] = known
        else:
            _add(known.increments, increments)
        if at_most:
            known.at_most.update(at_most)
        if at_least:
            known.at_least.update(at_least)
        if where:
            known.where.update(where)

    def sum_up(self, collection: str, place: P, increments: Mapping[str, int], spread: Spread[P]) -> None:
        """See `Tx.sum_up`."""
        places = self._places.setdefault((collection, spread), {})
        sums = places.get(place)
        if sums is None:
            places[place] = dict(increments)
        else:
            _add(sums, increments)

    def writes(self) -> list[Adjust]:
        """One write a document, once what was summed up has been spread."""
        summed_up, self._places = self._places, {}
        for (collection, spread), places in summed_up.items():
            for place, sums in places.items():
                moved = {name: delta for name, delta in sums.items() if delta}
                for id, increments in spread(place, moved) if moved else ():
                    self.adjust(collection, id, increments, create={})
        return list(self._adjusted.values())


def _add(sums: Sums, increments: Mapping[str, int]) -> None:
    for name, delta in increments.items():
        sums[name] = sums.get(name, 0) + delta
