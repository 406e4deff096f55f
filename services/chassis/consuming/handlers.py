"""Reactions of a service to events, its own and those of others: `@on(BusinessRegistered)`, `@on.any([BUSINESSES])`."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.envelope import Envelope
from services.chassis.domain.events import Event, Topic
from services.chassis.store.unit_of_work import Tx

H = TypeVar("H", bound=Callable[..., Awaitable[None]])
Loads = Callable[[Any], Iterable[tuple[type[Aggregate], str]]]
"""From what a handler is given to the aggregates that it will `find` or `get`: a batch reads them in one query."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """One handler, and what it wants to be read before it runs."""

    run: Callable[[Any, Tx], Awaitable[None]]
    loads: Loads | None


class Due(NamedTuple):
    """A reaction that is due, and what it is given: the event, or the envelope where it listens to everything."""

    reaction: Reaction
    given: Event | Envelope


class Handlers:
    """The reactions of one room of a service; at most one to each kind of event.

    `on = Handlers()` in the room's `handlers.py`; then

        @on(BusinessRegistered, loads=lambda event: [(Tenant, event.business_id)])
        async def open_the_books(event: BusinessRegistered, tx: Tx) -> None: …

    A handler raises `Reject` about an event that can never take effect: it is parked. Any other exception is a
    bug, tried three times and then parked. Whatever it did to the `Tx` before is forgotten either way.
    """

    def __init__(self) -> None:
        self._reactions: dict[type[Event], Reaction] = {}
        self._to_everything: dict[str, Reaction] = {}
        self._families: set[str] = set()
        self._each: tuple[Handlers, ...] = (self,)
        """Itself, and all that listen as one with it, in their order."""

    @classmethod
    def together(cls, *parts: "Handlers") -> "Handlers":
        """Several rooms that listen as one: to each event the reactions of all of them, in the order of the parts.

        They share one unit of work: all take effect or none does, and one that fails parks the event for the service.
        """
        whole = cls()
        whole._each = (whole, *(each for part in parts for each in part._each))
        return whole

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

    def any(self, topics: Iterable[Topic], *, loads: Loads | None = None) -> Callable[[H], H]:
        """Register a handler of everything on these topics, also of types that are not known here.

        It is given the envelope with the data as stored, never decoded, once an event in the order of its subject,
        before the handler of that kind of event. Raises TypeError where one of the topics has one already.
        """

        def register(handler: H) -> H:
            for topic in topics:
                if topic.name in self._to_everything:
                    raise TypeError(f"{topic.name} has two handlers of everything: {handler.__name__} and another")
                self._to_everything[topic.name] = Reaction(handler, loads)
            return handler

        return register

    @property
    def topics(self) -> list[str]:
        """The topics on which these events come, sorted."""
        found = {event.topic.name for part in self._each for event in part._reactions}
        return sorted(found.union(*(part._to_everything for part in self._each)))

    def listed(self) -> Iterator[tuple[type[Event] | Topic, Callable[..., Awaitable[None]]]]:
        """Each topic and each kind of event with its handler, once a room that listens, in the order of the rooms."""
        for part in self._each:
            yield from ((Topic(name), reaction.run) for name, reaction in part._to_everything.items())
            yield from ((event, reaction.run) for event, reaction in part._reactions.items())

    def hears(self, event: type[Event]) -> bool:
        """Whether anything reacts to this kind of event; of the others on its topic, only the order is kept."""
        return self.decodes(event.wire_name) or any(event.topic.name in part._to_everything for part in self._each)

    def decodes(self, wire_name: str) -> bool:
        """Whether a handler wants events of this type decoded; of any major, as one that is not known is parked."""
        wanted = family(wire_name)
        return any(wanted in part._families for part in self._each)

    def due(self, envelope: Envelope, event: Event | None) -> list[Due]:
        """What is to run for an event, in order; `event` is None where nobody wants it decoded."""
        found = []
        for part in self._each:
            if (to_everything := part._to_everything.get(envelope.topic)) is not None:
                found.append(Due(to_everything, envelope))
            if event is not None and (reaction := part._reactions.get(type(event))) is not None:
                found.append(Due(reaction, event))
        return found


@lru_cache(maxsize=1_000)
def family(wire_name: str) -> str:
    """A type without its major version: `zone.registry.business.registered`."""
    return wire_name.rpartition(".v")[0]
