"""A clock that stands still, and units of work in memory at its time."""

from datetime import UTC, date, datetime

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.caller import SYSTEM, Caller
from services.chassis.domain.events import Event
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.memory_store import MemoryStore

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""Monday 2 March 2026, noon in the zone: the time at which tests happen unless they say otherwise."""


class FixedClock:
    """A clock for tests: it stands still until it is told to move."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def memory_tx(store: MemoryStore | None = None, *, at: datetime = NOON, caller: Caller = SYSTEM) -> Tx:
    """A unit of work on a store in memory: what a test hands to a handler or a domain function."""
    return Tx(store or MemoryStore(), now=at, caller=caller)


def what_happened(aggregate: Aggregate) -> list[type[Event]]:
    """The kinds of events that an aggregate has recorded, in order."""
    return [type(event) for event in aggregate.recorded]


def day(text: str) -> date:
    """`day("2026-03-02")`."""
    return date.fromisoformat(text)
