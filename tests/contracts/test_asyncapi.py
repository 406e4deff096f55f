"""The document of the events: valid AsyncAPI 3.0, complete, and true."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from deploy.documents.events import events_document, published_events
from deploy.servers.topics import PARTITIONS
from services.contracts.registry.businesses import AnnualReportFiled, BusinessRegistered, OpeningFigures
from tests.contracts.snapshots import samples_of
from tests.each import of_each

OFFICIAL = json.loads((Path(__file__).parent / "asyncapi-3.0.0.schema.json").read_text())


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return events_document()


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (value["$ref"] for _ in range("$ref" in value))
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def found_at(document: Any, reference: str) -> Any:
    """What a local reference names (RFC 6901)."""
    for part in reference.removeprefix("#/").split("/"):
        document = document[part.replace("~1", "/").replace("~0", "~")]
    return document


def test_the_document_is_valid_by_the_official_schema(document: dict[str, Any]) -> None:
    jsonschema.Draft7Validator(OFFICIAL).validate(document)


def test_the_official_schema_would_refuse_a_wrong_one(document: dict[str, Any]) -> None:
    wrong = document | {"operations": {"registry.sends": {"action": "shout", "channel": {"$ref": "#/channels/x"}}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(OFFICIAL).validate(wrong)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = list(references(document))
    assert found
    assert all(found_at(document, reference) for reference in found)


def test_every_event_is_a_message_of_the_channel_that_is_its_topic(document: dict[str, Any]) -> None:
    events = published_events()
    assert set(document["components"]["messages"]) == {event.wire_name for event in events}
    for event in events:
        assert event.wire_name in document["channels"][event.topic.name]["messages"]


def test_every_channel_has_the_partitions_of_its_topic(document: dict[str, Any]) -> None:
    assert {each["bindings"]["kafka"]["partitions"] for each in document["channels"].values()} == {PARTITIONS}


def test_every_message_is_sent_by_its_own_service(document: dict[str, Any]) -> None:
    for name, operation in document["operations"].items():
        if operation["action"] == "send":
            service = name.split(".")[0]
            for message in operation["messages"]:
                assert message["$ref"].split("/")[-1].startswith(f"zone.{service}.")
    sent = [
        each["$ref"] for one in document["operations"].values() if one["action"] == "send" for each in one["messages"]
    ]
    assert len(sent) == len(document["components"]["messages"])


def test_what_metrics_receives_is_what_it_handles(document: dict[str, Any]) -> None:
    heard = document["operations"]["metrics.receives.zone.registry.businesses"]["messages"]
    names = {each["$ref"].split("/")[-1] for each in heard}
    assert {BusinessRegistered.wire_name, AnnualReportFiled.wire_name} <= names


@of_each("event", published_events())
def test_every_sample_fits_the_payload_of_its_message(document: dict[str, Any], event: Any) -> None:
    payload = document["components"]["messages"][event.wire_name]["payload"]
    inside = payload | {"components": document["components"]}
    for sample in samples_of(event.wire_name):
        jsonschema.Draft202012Validator(inside).validate(sample)


def test_a_payload_refuses_what_the_event_would_not_publish(document: dict[str, Any]) -> None:
    payload = document["components"]["messages"][BusinessRegistered.wire_name]["payload"]
    sample = samples_of(BusinessRegistered.wire_name)[0] | {"kind": "Heavy industry"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(payload | {"components": document["components"]}).validate(sample)


def test_shared_shapes_are_described_once(document: dict[str, Any]) -> None:
    assert OpeningFigures.__name__ in document["components"]["schemas"]
