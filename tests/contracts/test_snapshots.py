"""A contract only grows: nothing that was published once is lost, and everything published is still understood."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from pydantic import BaseModel

from deploy.documents.events import published_events
from services.chassis.domain.envelope import Envelope
from services.chassis.domain.events import Event
from services.chassis.kafka.decoding import decode
from services.chassis.store.outbox_row import canonical
from tests.contracts.snapshots import COMMAND, SAMPLES, SCHEMAS, samples_of, schema_of, shrunk, stored_schema
from tests.each import of_each

EVENTS = {event.wire_name: event for event in published_events()}
KNOWN = [(name, number) for name in EVENTS for number in range(len(samples_of(name)))]


@of_each("wire_name", EVENTS)
def test_no_contract_has_lost_what_it_promised(wire_name: str) -> None:
    lost = list(shrunk(stored_schema(wire_name) or {}, schema_of(EVENTS[wire_name])))
    assert lost == [], "within a major a contract only grows: make an event of the next major"


@of_each("wire_name", EVENTS)
def test_every_contract_is_written_down_as_it_is(wire_name: str) -> None:
    assert stored_schema(wire_name) == schema_of(EVENTS[wire_name]), f"run {COMMAND} and commit what it writes"


@of_each("wire_name", EVENTS)
def test_every_contract_has_a_sample_with_all_of_its_members(wire_name: str) -> None:
    samples = samples_of(wire_name)
    shown = {name for sample in samples for name in sample}
    assert shown == set(EVENTS[wire_name].model_fields), (
        f"add a sample at the end of tests/contracts/samples/{wire_name}.json"
    )


def test_no_event_that_was_published_is_forgotten() -> None:
    written = {path.stem for folder in (SCHEMAS, SAMPLES) for path in folder.glob("*.json")}
    assert written == set(EVENTS)


@of_each(("wire_name", "number"), KNOWN)
def test_every_sample_is_understood_with_all_that_it_says(wire_name: str, number: int) -> None:
    sample = samples_of(wire_name)[number]
    event = decode(enveloped(wire_name, sample))
    assert isinstance(event, EVENTS[wire_name])
    assert orjson.loads(canonical(event)) | sample == orjson.loads(canonical(event))


@of_each("wire_name", EVENTS)
def test_a_member_that_is_not_known_yet_does_not_disturb(wire_name: str) -> None:
    newer = samples_of(wire_name)[0] | {"something_new": {"of": ["a", "later", "version"]}}
    event = decode(enveloped(wire_name, newer))
    assert event is not None
    assert "something_new" not in orjson.loads(canonical(event))


@of_each(("wire_name", "number"), KNOWN)
def test_a_member_that_is_not_known_yet_does_not_disturb_at_any_depth(wire_name: str, number: int) -> None:
    sample = samples_of(wire_name)[number]
    newer, known = (decode(enveloped(wire_name, data)) for data in (grown(sample), sample))
    assert newer is not None
    assert known is not None
    assert canonical(newer) == canonical(known)


def grown(value: Any) -> Any:
    """The same, as a later version of every shape in it might say it."""
    if isinstance(value, dict):
        return {name: grown(each) for name, each in value.items()} | {
            "something_new": {"of": ["a", "later", "version"]}
        }
    return [grown(each) for each in value] if isinstance(value, list) else value


def enveloped(wire_name: str, data: dict[str, Any]) -> Envelope:
    return Envelope(
        id="biz_1:0000000001",
        source="/registry",
        type=wire_name,
        subject="biz_1",
        sequence=1,
        time=datetime(2026, 3, 2, 4, tzinfo=UTC),
        topic="zone.registry.businesses",
        key="biz_1",
        data=orjson.dumps(data),
    )


class Before(BaseModel):
    name: str
    kind: str | None
    count: int = 0


class Grown(Before):
    colour: str | None = None


class Renamed(BaseModel):
    called: str
    kind: str | None
    count: int = 0


class Narrowed(BaseModel):
    name: str
    kind: str
    count: int = 0


class Retyped(BaseModel):
    name: str
    kind: str | None
    count: str = ""


class Demanding(Before):
    colour: str


class Forgetful(BaseModel):
    name: str = ""
    kind: str | None
    count: int = 0


def lost(new: type[BaseModel]) -> list[str]:
    return list(shrunk(schema(Before), schema(new)))


def schema(model: type[BaseModel]) -> dict[str, Any]:
    return {name: value for name, value in model.model_json_schema(mode="serialization").items() if name != "title"}


def test_a_member_with_a_default_may_be_added() -> None:
    assert lost(Grown) == []


@pytest.mark.parametrize("new", [Renamed, Narrowed, Retyped, Demanding, Forgetful])
def test_a_contract_that_shrank_is_told_from_one_that_grew(new: type[BaseModel]) -> None:
    assert lost(new) != []


def test_events_of_tests_are_no_contracts() -> None:
    class SomethingTried(Event, name="zone.test.something.tried.v1", topic=next(iter(EVENTS.values())).topic):
        """Only here."""

    assert SomethingTried not in published_events()
