"""A record on its way to its effect: believed, read and decoded, as far as it could be."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.consuming.handlers import Due
from services.chassis.domain.envelope import Envelope, Undecodable
from services.chassis.domain.events import Event
from services.chassis.kafka.mac import Forged, ProducerKeys
from services.chassis.kafka.parking import Reason
from services.chassis.kafka.records import Record


@dataclass(slots=True)
class Letter:
    """A record as far as it could be read, and who reacts to it; `fault` and `error` where it could not be.

    Without an envelope nothing that the record says of itself is used.
    """

    record: Record
    envelope: Envelope | None = None
    event: Event | None = None
    due: Sequence[Due] = ()
    fault: Reason = "undecodable"
    error: str = ""


def opened(record: Record, keys: ProducerKeys) -> Letter:
    """A record with its envelope, where one of the zone's services wrote it and it can be read."""
    if record.fault:
        return Letter(record, fault="unreadable", error=record.fault)
    try:
        keys.check(record)
        return Letter(record, record.envelope())
    except Forged as error:
        return Letter(record, fault="forged", error=str(error))
    except Undecodable as error:
        return Letter(record, error=str(error))
