"""A subject: one type of thing that is counted, and everything that the engine must know of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import prod
from typing import Any, Final

from services.chassis.domain.events import Event
from services.chassis.domain.times import zone_date
from services.metrics.figures.dimensions import Breakdown, Dimension, key_of, name_of, path_of
from services.metrics.figures.entity import Fact
from services.metrics.figures.history import State
from services.metrics.figures.kept import Kept

DatedFacts = tuple[str, dict[str, Any]]
"""A day, and the members that have these values from it on."""

Matter = tuple[str, str]
"""What an event states as a whole, so that it takes the place of what was stated before, and its rank (`Fact`)."""


def effective_day(event: Event) -> str:
    """The day of the zone on which an event takes effect, `YYYY-MM-DD`."""
    return zone_date(event.envelope.effective).isoformat()


def always(state: State) -> bool:
    """Of a thing that a stock counts as soon as it is known."""
    return True


def as_one(facts: Sequence[Fact]) -> Iterable[Sequence[Fact]]:
    """A thing that is in one cell at a time, with all that was said of it."""
    return (facts,)


def nothing_as_a_whole(event: Any) -> Matter | None:
    """Of an event that says what it changes, and leaves standing what others said."""
    return None


OPEN: Final = 100
"""How many values a dimension is taken to have whose list is open."""


@dataclass(frozen=True, eq=False)
class Subject:
    """One type of counted thing.

    Two subjects may hear the same event; each makes of it what its own things need.

    Attributes:
        name: of the type, before the `|` in the key of each of its entities.
        heard_of: the id prefixes of the aggregates whose events it hears.
        events: those that state anything about one of its things.
        id_of: the thing that an event is about; None where it is about none of them.
        facts: what an event states, and from which day on; facts without a value are left out.
        known_by: the member without which nothing is counted: before it was stated, nobody knows the thing.
        dimensions: by what its figures are broken down, in the order in which they are shown.
        kpis: its figures, in the order in which they are shown.
        counted_while: whether a stock counts a thing in this state, once it is known.
        pairs: dimensions that are kept together, too.
        parts: the histories of which that of a thing is made, where it counts in several cells at a time: an invoice
            under each kind of its lines.
        restates: the matter of which an event states everything anew.
    """

    name: str
    heard_of: tuple[str, ...]
    events: tuple[type[Event], ...]
    id_of: Callable[[Any], str | None]
    facts: Callable[[Event], Iterable[DatedFacts]]
    known_by: str
    dimensions: tuple[Dimension, ...]
    kpis: tuple[Kept, ...]
    counted_while: Callable[[State], bool] = always
    pairs: tuple[Breakdown, ...] = ()
    parts: Callable[[Sequence[Fact]], Iterable[Sequence[Fact]]] = as_one
    restates: Callable[[Any], Matter | None] = nothing_as_a_whole

    @cached_property
    def breakdowns(self) -> tuple[Breakdown, ...]:
        """The cells that can be asked for beside the total: each dimension, and the declared pairs."""
        return (*((each.name,) for each in self.dimensions), *(tuple(sorted(pair)) for pair in self.pairs))

    @cached_property
    def kept(self) -> tuple[Breakdown, ...]:
        """The cells that are written: those of breakdowns that are no part of another one, the narrowest first.

        Every other cell is the sum of some of these, as each thing has one value of each dimension.
        """
        largest = [
            each for each in ((), *self.breakdowns) if not any(set(each) < set(other) for other in self.breakdowns)
        ]
        return tuple(sorted(largest, key=self._width))

    def source_of(self, breakdown: Breakdown) -> Breakdown:
        """The narrowest breakdown that is written, and of whose cells those of this one are made."""
        return next(each for each in self.kept if set(breakdown) <= set(each))

    def _width(self, breakdown: Breakdown) -> int:
        """How many cells it has; an open list of values counts as a long one."""
        known = {each.name: len(each.values) or OPEN for each in self.dimensions}
        return prod(known[name] for name in breakdown)

    @cached_property
    def kpi_called(self) -> dict[str, Kept]:
        """Its figures by their ids."""
        return {kpi.id: kpi for kpi in self.kpis}

    def key_of(self, event: Event) -> str | None:
        """The key of the entity that an event is about; None where it is about none of its things."""
        id = self.id_of(event)
        return None if id is None else f"{self.name}|{id}"

    def facts_of(self, event: Event) -> list[Fact]:
        """The dated facts that an event states, one a day."""
        days: dict[str, dict[str, Any]] = {}
        for on, members in self.facts(event):
            days.setdefault(on, {}).update(members)
        said = event.envelope
        matter, rank = self.restates(event) or ("", "")
        trace, filing = said.trace_id, filing_of(event)
        return [
            Fact(on, said.subject, said.sequence, members, matter, rank, trace, filing)
            for on, members in days.items()
            if members
        ]


def filing_of(event: Event) -> str:
    """The filing by which what an event says came to be; '' where it names none."""
    return getattr(event, "filing_id", None) or ""


def corrected_by(event: Event) -> str | None:
    """The id of the event that this one takes back; None where it corrects none.

    A correction says all that is to count in place of what it corrects. Who corrects a correction names that.
    """
    corrects: str | None = getattr(event, "corrects", None)
    return corrects


def dimensions_of(subject: Subject, state: State) -> tuple[str, ...]:
    """The values of a thing's dimensions, in the order in which its subject declares them."""
    return tuple([each.of(state) for each in subject.dimensions])  # a list, as a generator costs half as much again


@cache
def cells_of(subject: Subject, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Breakdown and values of each cell in which a thing with these dimensions is written, as the store calls them."""
    dims = {each.name: value for each, value in zip(subject.dimensions, values, strict=True)}
    return tuple((name_of(each), path_of(tuple(dims[name] for name in each))) for each in subject.kept)


@cache
def cell_names(subject: Subject, kpi: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """Every cell in which a KPI counts a thing with these dimensions, as `cell_name` calls it: the total first."""
    dims = {each.name: value for each, value in zip(subject.dimensions, values, strict=True)}
    return tuple(cell_name(kpi, {name: dims[name] for name in each}) for each in ((), *subject.breakdowns))


def cell_name(kpi: str, dims: Mapping[str, str]) -> str:
    """How an entity calls a cell in which it counts: `valuation_total|kind=industrial`; the total ends in the `|`."""
    return f"{kpi}|{key_of(dims)}"
