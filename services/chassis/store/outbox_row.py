"""The row in which an event waits for the relay, chained by hash to the row before it."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from services.chassis.domain.aggregate import Aggregate, Recorded, event_id
from services.chassis.domain.errors import TooLarge
from services.chassis.domain.events import Event
from services.chassis.store.writes import Document
from services.chassis.telemetry.tracing import creation_context

LARGEST_EVENT = 900_000
"""Bytes of an event's data; a broker refuses records over 1 MiB, so the writer is told while someone can still act."""


def outbox_rows(aggregate: Aggregate, *, at: datetime, actor: str, request_id: str) -> Iterator[Document]:
    """The rows of what an aggregate recorded since its last commit, in order, each chained to the one before it.

    Raises:
        TooLarge: see `outbox_row`.
    """
    for recorded in aggregate.take_recorded():
        row = outbox_row(aggregate, recorded, at=at, actor=actor, request_id=request_id)
        aggregate.last_hash = row["hash"]
        yield row


def outbox_row(aggregate: Aggregate, recorded: Recorded, *, at: datetime, actor: str, request_id: str) -> Document:
    """One event as it waits for the relay; its hash covers the row and the hash of the row before it.

    Args:
        at: the instant of its unit of work.
        actor: the client on whose behalf it happened.

    Raises:
        TooLarge: its data is over `LARGEST_EVENT` bytes.
    """
    event = recorded.event
    data = canonical(event)
    if len(data) > LARGEST_EVENT:
        raise TooLarge("This change makes an event that is too large to publish.", code="event_too_large")
    business_id = getattr(event, "business_id", None)
    row: Document = {
        "_id": event_id(aggregate.id, recorded.sequence),
        "topic": event.topic.name,
        "key": business_id or aggregate.id,
        "type": event.wire_name,
        "time": at,
        "effective_at": recorded.effective_at,
        "business_id": business_id,
        "partner_id": recorded.partner_id,
        "actor": actor,
        "request_id": request_id,
        "headers": creation_context(event.topic.name, event.wire_name),
        "data": data,
    }
    row["hash"] = row_hash(aggregate.last_hash, row)
    return row


HASHED = (
    "_id", "topic", "key", "type", "time", "effective_at", "business_id", "partner_id", "actor", "request_id",
)  # fmt: skip


def row_hash(previous: str, row: Mapping[str, Any]) -> str:
    """SHA-256, in hex, over the previous row's hash and this row (all but what the server or a tracer adds)."""
    facts = orjson.dumps([row[name] for name in HASHED])
    return hashlib.sha256(b"\n".join((previous.encode(), facts, bytes(row["data"])))).hexdigest()


def canonical(event: Event) -> bytes:
    """An event's data as JSON with sorted keys and no spaces: the bytes that are stored, hashed and published."""
    return orjson.dumps(event.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
