"""Parked events (dead letters): what could not be handled, kept with its reason, and all of its subject behind it."""

import traceback
from datetime import datetime
from typing import Literal, get_args

from services.chassis.domain.envelope import Envelope
from services.chassis.domain.errors import Reject
from services.chassis.kafka.records import Record
from services.chassis.store.writes import Document

Reason = Literal["poison", "undecodable", "gap", "behind", "oversize", "forged", "contradicting", "unreadable"]
"""A handler's refusal or bug; not an event of ours, or not in a form that is known; events before it are missing;
it waits behind a parked one of its subject; no broker takes it (parked by the relay); no service of the zone wrote it;
it says something else than what took effect, or waits, under the same number of its subject; no record can be read
from what stands there, or it cannot be kept as the record that it is (its first bytes are)."""

REASONS: tuple[Reason, ...] = get_args(Reason)
ASIDE: frozenset[Reason] = frozenset({"forged", "contradicting", "unreadable"})
"""Kept by their place in the log, and out of their subject's way: whoever forges could otherwise stop any business."""
LONGEST_ERROR = 8_000
"""Characters of an error that are kept, from its end: what a traceback says stands there."""

RELAY = "relay"
"""The group under which the relay parks."""


def parked_id(group: str, record: Record, envelope: Envelope | None) -> str:
    """The id of a parked record: by its event where it has one, as a second delivery is the same; else by its place."""
    if envelope is not None:
        return id_of_parked(group, envelope.id)
    return f"{group}|{record.topic}|{record.partition}|{record.offset}"


def id_of_parked(group: str, event_id: str) -> str:
    """The id of the row in `parked` that an event has while a group has parked it."""
    return f"{group}|{event_id}"


def parked_row(
    group: str, record: Record, envelope: Envelope | None, reason: Reason, error: str, at: datetime, attempts: int
) -> Document:
    """A row of `parked`; `copied` until a copy of it stands in the dead-letter topic.

    Without an envelope it belongs to no subject and is kept by its place: what it claims stands in the record.
    """
    return {
        "_id": parked_id(group, record, envelope),
        "group": group,
        "subject": envelope.subject if envelope else None,
        "sequence": envelope.sequence if envelope else None,
        "hash": envelope.hash if envelope else "",
        "type": envelope.type if envelope else None,
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "reason": reason,
        "error": storable(error),
        "record": record.to_document(),
        "attempts": attempts,
        "parked_at": at,
        "copied": False,
    }


def trace_of_parked(row: Document) -> dict[str, str]:
    """The `trace_id` of a parked event, for a log line; nothing where its record is not believed."""
    if row["subject"] is None:
        return {}
    trace_id = Record.from_document(row).envelope().trace_id
    return {"trace_id": trace_id} if trace_id else {}


def in_words(error: BaseException) -> str:
    """A refusal as it was said; a bug with its traceback."""
    if isinstance(error, Reject):
        return storable(str(error))
    return storable("".join(traceback.format_exception(error)))


def storable(error: str) -> str:
    """The end of a text, as UTF-8 can hold it: what was said about bad bytes may quote half a character."""
    return error[-LONGEST_ERROR:].encode(errors="replace").decode()
