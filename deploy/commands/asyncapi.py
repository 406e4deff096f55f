"""`./zone asyncapi`: the AsyncAPI 3.0 document of everything that services tell each other."""

import importlib
import json
import pkgutil
from collections.abc import Mapping
from typing import Any, Final

import typer

import services.contracts
from deploy.services import WITH_GATEWAY, assembled
from deploy.topics import PARTITIONS
from services.chassis.asyncapi import describe
from services.chassis.events import Event
from services.chassis.handlers import Handlers

ABOUT: Final = (
    "Every event is a CloudEvent 1.0 in Kafka's binary mode. It is published after, and only after, its change was "
    "committed, in the order of its subject, at least once: `ce_sequence` tells what was seen. Contracts only grow."
)


def asyncapi() -> None:
    """Print the AsyncAPI document of the zone's events."""
    typer.echo(json.dumps(events_document(), ensure_ascii=False, indent=2))


def events_document() -> dict[str, Any]:
    """The document of all contracts and all reactions as they are."""
    return describe("Cloud economy zone: events", ABOUT, published_events(), reactions(), partitions=PARTITIONS)


def published_events() -> list[type[Event]]:
    """Every event class of the contracts, by its name on the wire."""
    for module in pkgutil.iter_modules(services.contracts.__path__):
        importlib.import_module(f"services.contracts.{module.name}")
    inside = f"{services.contracts.__name__}."
    return [event for _, event in sorted(Event.types.items()) if event.__module__.startswith(inside)]


def reactions() -> Mapping[str, Handlers]:
    """Service → its handlers; those that listen to nobody are left out."""
    found = {name: assembled(name).handlers for name in WITH_GATEWAY}
    return {name: handlers for name, handlers in found.items() if handlers is not None}
