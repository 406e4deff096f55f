"""The history of one counted thing: its dated facts, folded into what changed on each day."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from services.metrics.figures.entity import Fact

State = Mapping[str, Any]
"""The members of a thing that have been stated, by name."""


class Change(NamedTuple):
    """What was said of a thing about one day.

    Attributes:
        on: the day, `YYYY-MM-DD`.
        before: every member as it was at the end of the day before.
        said: the members that were set on this day, as it was said last.
        after: every member as it is at the end of this day.
        since: of each member in `before`, the day on which it took the value that it had.
        last: every member as it was said last, of whatever day: what is known of the thing by now.
        first: the same as it was said first.
    """

    on: str
    before: State
    said: State
    after: State
    since: Mapping[str, str]
    last: State
    first: State = MappingProxyType({})


def changes(ordered: Sequence[Fact]) -> Iterator[Change]:
    """One change a day, of facts that are sorted by (on, subject, sequence)."""
    state: State = {}
    since: dict[str, str] = {}
    last: State = {name: value for fact in ordered for name, value in fact.set.items()}
    first: State = {name: value for fact in reversed(ordered) for name, value in fact.set.items()}
    for on, of_the_day in groupby(ordered, key=attrgetter("on")):
        said: State = {}
        for fact in of_the_day:
            said = {**said, **fact.set} if said else fact.set
        after = {**state, **said}
        yield Change(on, state, said, after, since, last, first)
        since = {**since}
        for name, value in said.items():
            if name not in state or state[name] != value:
                since[name] = on
        state = after


def days_in(member: str, value: str, *, until: str) -> Callable[[Change], int | None]:
    """How many days a member had a value, measured on the day on which another takes its place.

    What has that value said of it again has it still; what left it and came back within a day was never away.
    """

    def measured(change: Change) -> int | None:
        if change.before.get(member) != value or change.after[member] != until:
            return None
        return (date.fromisoformat(change.on) - date.fromisoformat(change.since[member])).days

    measured.__name__ = f"days_in({member} = {value}, until {until})"
    return measured


def called(measure: str | Callable[..., Any]) -> str:
    """How a declaration calls what it counts: a member of the facts, or what is computed of them."""
    return measure if isinstance(measure, str) else str(getattr(measure, "__name__", measure))
