"""The AsyncAPI document of all contracts and all reactions."""

from collections.abc import Mapping
from typing import Any, Final

from deploy.servers.topics import PARTITIONS
from deploy.services import WITH_GATEWAY, assembled, contracts
from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.events import Event
from services.chassis.specs.asyncapi import describe

ABOUT: Final = (
    "Every event is a CloudEvent 1.0 in Kafka's binary mode. It is published after, and only after, its change was "
    "committed, in the order of its subject, at least once: `ce_sequence` tells what was seen. Contracts only grow."
)


def events_document() -> dict[str, Any]:
    """The document of all contracts and all reactions as they are."""
    return describe("Cloud economy zone: events", ABOUT, published_events(), reactions(), partitions=PARTITIONS)


def published_events() -> list[type[Event]]:
    """Every event class of the contracts, by its name on the wire."""
    files = {contract.__name__ for contract in contracts()}
    return [event for _, event in sorted(Event.types.items()) if event.__module__ in files]


def reactions() -> Mapping[str, Handlers]:
    """Service → its handlers; those that listen to nobody are left out."""
    found = {name: assembled(name).handlers for name in WITH_GATEWAY}
    return {name: handlers for name, handlers in found.items() if handlers is not None}
