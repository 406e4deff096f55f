"""Counters that a unit of work moves: of each document one write, however often it was moved."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from services.chassis.domain.errors import ZoneError
from services.chassis.store.writes import Adjust

P = TypeVar("P", bound=Hashable)

Bounds = Mapping[str, int | str]
Sums = dict[str, int]
Spread = Callable[[P, Mapping[str, int]], None]
"""What moves the counters of a place, given what they came to."""


class Counters:
    """The counters of one unit of work until its commit."""

    def __init__(self) -> None:
        self._adjusted: dict[tuple[str, str], Adjust] = {}
        self._places: dict[Spread[Any], dict[Hashable, Sums]] = {}

    def __bool__(self) -> bool:
        return bool(self._adjusted or self._places)

    def adjust(
        self,
        collection: str,
        id: str,
        increments: Mapping[str, int],
        at_most: Bounds | None,
        at_least: Bounds | None,
        where: Mapping[str, Any] | None,
        create: Mapping[str, Any] | None,
        refused: ZoneError | None,
    ) -> None:
        """See `Tx.adjust`."""
        if create is not None and (at_most or at_least):
            raise ValueError("a counter with a bound is made before it is moved")
        known = self._adjusted.get((collection, id))
        if known is None:
            known = Adjust(collection, id, {}, {}, {}, {}, create, refused)
            self._adjusted[collection, id] = known
        _add(known.increments, increments)
        if at_most:
            known.at_most.update(at_most)
        if at_least:
            known.at_least.update(at_least)
        if where:
            known.where.update(where)

    def sum_up(self, place: P, increments: Mapping[str, int], spread: Spread[P]) -> None:
        """See `Tx.sum_up`."""
        places = self._places.get(spread)
        if places is None:
            places = self._places[spread] = {}
        sums = places.get(place)
        if sums is None:
            places[place] = dict(increments)
        else:
            _add(sums, increments)

    def writes(self) -> list[Adjust]:
        """One write a document, once what was summed up has been spread."""
        places, self._places = self._places, {}
        for spread, summed in places.items():
            for place, sums in summed.items():
                if moved := {name: delta for name, delta in sums.items() if delta}:
                    spread(place, moved)
        return list(self._adjusted.values())


def _add(sums: Sums, increments: Mapping[str, int]) -> None:
    for name, delta in increments.items():
        sums[name] = sums.get(name, 0) + delta
