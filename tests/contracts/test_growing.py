"""Enumerations in events may grow: whoever was built before a value was added takes the event all the same."""

import asyncio
import contextlib
import copy
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
import pytest

from deploy.documents.events import published_events, reactions
from services.chassis.background.condition import Condition
from services.chassis.consuming.group import Group
from services.chassis.consuming.positions import Positions
from services.chassis.consuming.processor import Processor
from services.chassis.domain.events import Event
from services.chassis.kafka.decoding import decode
from services.chassis.kafka.records import Partition, Record
from services.chassis.publishing.publisher import record_of
from services.chassis.store.outbox_row import canonical
from services.chassis.testing.event_keys import KEY, KEYS
from services.chassis.testing.heard import envelope_with
from services.chassis.testing.memory_store import MemoryStore
from services.contracts.registry.businesses import BusinessRegistered
from tests.chassis.garden import logged
from tests.contracts.snapshots import Json, samples_of, schema_of
from tests.each import of_each

Path = tuple[str | int, ...]
"""Members and places in lists, from the whole down."""

TOMORROW = "of_tomorrow"
"""A value that nobody knows yet."""
SUBJECT = "biz_0197a1c2d3e47f5a8b9c0d1e2f3a4b5c"
"""The business of which the samples tell."""


def growing(schema: Json, node: Any, path: Path = ()) -> Iterator[Path]:
    """Where in the data a value of an enumeration stands to which values may be added."""
    node = resolved(schema, node)
    if is_growing(schema, node):
        yield path
        return
    for each in node.get("anyOf", ()):
        yield from growing(schema, each, path)
    if "items" in node:
        yield from growing(schema, node["items"], (*path, 0))
    for name, member in node.get("properties", {}).items():
        yield from growing(schema, member, (*path, name))


def closed(schema: Json, node: Any, path: Path = ()) -> Iterator[Path]:
    """Where a value of an enumeration stands that can never have another one."""
    node = resolved(schema, node)
    if is_growing(schema, node):
        return
    if is_closed(node):
        yield path
    for each in node.get("anyOf", ()):
        yield from closed(schema, each, path)
    if "items" in node:
        yield from closed(schema, node["items"], (*path, 0))
    for name, member in node.get("properties", {}).items():
        yield from closed(schema, member, (*path, name))


def is_growing(schema: Json, node: Json) -> bool:
    """Whether it is an enumeration, or any other word in place of one of its values."""
    alternatives = [resolved(schema, each) for each in node.get("anyOf", ())]
    return any(is_closed(each) for each in alternatives) and any("pattern" in each for each in alternatives)


def is_closed(node: Json) -> bool:
    return "enum" in node or "const" in node


def resolved(schema: Json, node: Json) -> Json:
    """A schema, or what it refers to."""
    reference = node.get("$ref")
    return schema["$defs"][reference.rpartition("/")[2]] if reference else node


def of_tomorrow(event: type[Event], path: Path) -> Json:
    """Its sample with a value at this place that is not known here."""
    changed: Json = copy.deepcopy(sample_with(event, path))
    *way, last = path
    found(changed, way)[last] = TOMORROW
    return changed


def sample_with(event: type[Event], path: Path) -> Json:
    """The first of its samples in which something stands at this place."""
    for sample in samples_of(event.wire_name):
        with contextlib.suppress(KeyError, IndexError, TypeError):
            if found(sample, path) is not None:
                return sample
    raise AssertionError(f"no sample of {event.wire_name} has {path}")


def found(data: Any, path: Sequence[str | int]) -> Any:
    """What stands at a place in data."""
    for step in path:
        data = data[step]
    return data


def told(event: type[Event], data: Json, sequence: int) -> Record:
    """Data of a type as the log holds it."""
    return record_of(envelope_with(orjson.dumps(data), event, SUBJECT, sequence), KEY)


EVENTS = published_events()
GROWING = [(event, path) for event in EVENTS for path in growing(schema_of(event), schema_of(event))]
HEARD = [
    (service, event, path)
    for service, handlers in reactions().items()
    for event, path in GROWING
    if handlers.decodes(event.wire_name)
]


@of_each("event", EVENTS)
def test_every_enumeration_in_an_event_may_grow(event: type[Event]) -> None:
    schema = schema_of(event)
    assert list(closed(schema, schema)) == [], "write Growing[…]: a closed one parks the event in older consumers"


@of_each(("event", "path"), GROWING)
def test_a_value_of_tomorrow_is_understood_and_kept_as_it_came(event: type[Event], path: Path) -> None:
    data = of_tomorrow(event, path)
    understood = decode(told(event, data, 1).envelope())
    assert understood is not None
    kept = orjson.loads(canonical(understood))
    assert kept == kept | data, "what was added since has a default"


@of_each(("event", "path"), GROWING)
def test_a_known_value_is_still_the_member_of_its_enumeration(event: type[Event], path: Path) -> None:
    schema = node = schema_of(event)
    for step in path:
        inside = resolved(schema, node)
        node = inside["items"] if step == 0 else inside["properties"][step]
    known = [value for each in node["anyOf"] for value in values_of(resolved(schema, each))]
    assert found(sample_with(event, path), path) in known


def values_of(node: Json) -> list[Any]:
    """The values of an enumeration's schema."""
    return [*node.get("enum", ()), *([node["const"]] if "const" in node else [])]


@pytest.mark.parametrize(
    ("service", "event", "path"), HEARD, ids=lambda each: getattr(each, "wire_name", None) or str(each)
)
async def test_a_consumer_of_today_takes_a_value_of_tomorrow(service: str, event: type[Event], path: Path) -> None:
    registered: type[Event] = BusinessRegistered
    before = [] if event is registered else [(registered, samples_of(registered.wire_name)[0])]
    history = [*before, (event, of_tomorrow(event, path))]
    store, handlers = MemoryStore(service), reactions()[service]
    group = Group(f"zone.{service}", store, handlers, KEYS)
    positions = await Positions.read(store, group.name, "log", [Partition(event.topic.name, 0)])
    records = logged(*(told(each, data, sequence) for sequence, (each, data) in enumerate(history, 1)))
    await Processor(group, Condition("test")).process(records, positions, asyncio.Event())
    assert store.rows("parked") == []
    assert [row["sequence"] for row in store.rows("inbox")] == [len(history)]


def test_something_is_heard_in_which_a_value_may_come() -> None:
    assert {service for service, _, _ in HEARD} >= {"metrics", "incubator"}
