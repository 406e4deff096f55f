"""Reactions of a service to events, its own and those of others: `@on(BusinessRegistered)`."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.events import Event
from services.chassis.store.unit_of_work import Tx

H = TypeVar("H", bound=Callable[..., Awaitable[None]])
Loads = Callable[[Any], Iterable[tuple[type[Aggregate], str]]]
"""From an event to the aggregates that its handler will `find` or `get`, so that a batch reads them in one query."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """One handler, and what it wants to be read before it runs."""

    run: Callable[[Any, Tx], Awaitable[None]]
    loads: Loads | None


class Handlers:
    """The reactions of one service; at most one to each kind of event.

    `on = Handlers()` in the service's `handlers.py`; then

        @on(BusinessRegistered, loads=lambda event: [(Tenant, event.business_id)])
        async def open_the_books(event: BusinessRegistered, tx: Tx) -> None: …

    A handler raises `Reject` about an event that can never take effect: it is parked. Any other exception is a
    bug, tried three times and then parked. Whatever it did to the `Tx` before is forgotten either way.
    """

    def __init__(self) -> None:
        self._reactions: dict[type[Event], Reaction] = {}
        self._families: set[str] = set()

    def __call__(self, *events: type[Event], loads: Loads | None = None) -> Callable[[H], H]:
        """Register a handler. Raises TypeError where one of these events has one already."""

        def register(handler: H) -> H:
            for event in events:
                if event in self._reactions:
                    raise TypeError(f"{event.wire_name} has two handlers: {handler.__name__} and another")
                self._reactions[event] = Reaction(handler, loads)
                self._families.add(family(event.wire_name))
            return handler

        return register

    @property
    def topics(self) -> list[str]:
        """The topics on which these events come, sorted."""
        return sorted({event.topic.name for event in self._reactions})

    def listed(self) -> Iterator[tuple[type[Event], Callable[..., Awaitable[None]]]]:
        """Each kind of event with its handler."""
        yield from ((event, reaction.run) for event, reaction in self._reactions.items())

    def hears(self, wire_name: str) -> bool:
        """Whether any major of this type has a handler; of the others, only the order is kept."""
        return family(wire_name) in self._families

    def reaction(self, event: Event) -> Reaction | None:
        return self._reactions.get(type(event))


def family(wire_name: str) -> str:
    """A type without its major version: `zone.registry.business.registered`."""
    return wire_name.rpartition(".v")[0]
