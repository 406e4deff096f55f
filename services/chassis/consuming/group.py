"""A consumer group: whose events take effect where, and by whose handlers."""

from collections.abc import Callable
from dataclasses import dataclass

from services.chassis.consuming.handlers import Handlers
from services.chassis.kafka.mac import ProducerKeys
from services.chassis.store.document_store import Store
from services.chassis.store.generations.generation import FIRST


def group_of(service: str, generation: int = FIRST) -> str:
    """The name of a service's consumer group; each generation of a projection has one of its own."""
    return f"zone.{service}" if generation == FIRST else f"zone.{service}.g{generation}"


def _yes() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Group:
    """Who consumes.

    Attributes:
        name: see `group_of`.
        store: where its state is.
        handlers: how it reacts.
        keys: by which it believes records.
        is_shown: whether what it does is what the service's callers see; else it goes on in silence, beside that.
    """

    name: str
    store: Store
    handlers: Handlers
    keys: ProducerKeys
    is_shown: Callable[[], bool] = _yes
