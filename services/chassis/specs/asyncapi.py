"""The AsyncAPI 3.0 document of the zone's events: channels are topics, messages are event classes."""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.events import Event, service_of
from services.chassis.specs.references import REFERENCE

Json = dict[str, Any]

TRAIT = "cloudEvent"
HEADERS: Json = {
    "type": "object",
    "description": "CloudEvents 1.0 in Kafka's binary mode, and W3C trace context.",
    "required": [
        "ce_specversion",
        "ce_id",
        "ce_source",
        "ce_type",
        "ce_subject",
        "ce_time",
        "ce_sequence",
        "ce_zonehash",
        "ce_zonemac",
    ],
    "properties": {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {"type": "string", "description": "<subject>:<sequence>; made again, it is the same"},
        "ce_source": {"type": "string", "format": "uri-reference"},
        "ce_type": {"type": "string"},
        "ce_subject": {"type": "string", "description": "the id of the aggregate"},
        "ce_time": {"type": "string", "format": "date-time", "description": "when it was recorded"},
        "ce_dataschema": {"type": "string", "format": "uri-reference"},
        "ce_sequence": {
            "type": "string",
            "pattern": "^[0-9]{10}$",
            "description": "1, 2, 3, … of its subject, no hole",
        },
        "ce_effectiveat": {
            "type": "string",
            "format": "date-time",
            "description": "since when it is true, if not ce_time",
        },
        "ce_businessid": {"type": "string", "description": "the business that it belongs to, if any"},
        "ce_partnerid": {
            "type": "string",
            "description": "the partner that owned its subject as it happened, if any; told to that partner alone",
        },
        "ce_zonehash": {
            "type": "string",
            "pattern": "^[0-9a-f]{64}$",
            "description": "SHA-256 of its row in the outbox and of the rows of its subject before it",
        },
        "ce_zonemac": {
            "type": "string",
            "pattern": "^[0-9a-f]{64}$",
            "description": "HMAC-SHA256 over topic, key, value and all other ce_ headers, under the key of the service "
            "that wrote it; a record without the right one is no event",
        },
        "content-type": {"type": "string", "const": "application/json"},
        "traceparent": {"type": "string"},
        "tracestate": {"type": "string"},
    },
}
KEY: Json = {"type": "string", "description": "the business that it belongs to, else its subject"}


def describe(
    title: str, about: str, events: Iterable[type[Event]], consumers: Mapping[str, Handlers], *, partitions: int
) -> Json:
    """One document for everything that services tell each other.

    Args:
        events: every event class; the service that publishes one is the second part of its name.
        consumers: service → its reactions.
        partitions: of every topic.
    """
    known = sorted(events, key=lambda event: event.wire_name)
    payloads, schemas = models_json_schema(
        [(event, "serialization") for event in known], ref_template=f"{REFERENCE}{{model}}"
    )
    topics: dict[str, list[type[Event]]] = {}
    for event in known:
        topics.setdefault(event.topic.name, []).append(event)
    operations: Json = {}
    for topic, told in sorted(topics.items()):
        publisher = service_of(topic)
        operations[f"{publisher}.sends.{topic}"] = _operation("send", topic, told, f"What {publisher} publishes.")
        for service, handlers in sorted(consumers.items()):
            if heard := [event for event in told if handlers.hears(event)]:
                about_it = f"What {service} reacts to, exactly once, in the order of its subject."
                operations[f"{service}.receives.{topic}"] = _operation("receive", topic, heard, about_it)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": title, "version": "1", "description": about},
        "defaultContentType": "application/json",
        "channels": {topic: _channel(topic, told, partitions) for topic, told in sorted(topics.items())},
        "operations": operations,
        "components": {
            "messages": {event.wire_name: _message(event, payloads[event, "serialization"]) for event in known},
            "messageTraits": {TRAIT: {"contentType": "application/json", "headers": HEADERS}},
            "schemas": schemas.get("$defs", {}),
        },
    }


def _channel(topic: str, told: Iterable[type[Event]], partitions: int) -> Json:
    return {
        "address": topic,
        "messages": {event.wire_name: {"$ref": f"#/components/messages/{event.wire_name}"} for event in told},
        "bindings": {
            "kafka": {
                "topic": topic,
                "partitions": partitions,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": -1},
            }
        },
    }


def _operation(action: str, topic: str, events: Iterable[type[Event]], summary: str) -> Json:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{topic}"},
        "summary": summary,
        "messages": [{"$ref": f"#/channels/{topic}/messages/{event.wire_name}"} for event in events],
    }


def _message(event: type[Event], payload: Json) -> Json:
    source = f"/{service_of(event.wire_name)}"
    return {
        "name": event.wire_name,
        "title": event.__name__,
        "summary": inspect.getdoc(event) or "",
        "traits": [{"$ref": f"#/components/messageTraits/{TRAIT}"}],
        "headers": {
            "type": "object",
            "properties": {"ce_type": {"const": event.wire_name}, "ce_source": {"const": source}},
        },
        "payload": payload,
        "bindings": {"kafka": {"key": KEY}},
        "x-audience": event.audience,
        "x-owner-only": sorted(event.owner_only),
    }
