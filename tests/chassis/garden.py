"""A made-up noun with events, and handlers that refuse, break and work, for tests of the way events take."""

import hashlib
from collections.abc import Iterable
from typing import ClassVar

from pydantic import Field

from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Reject
from services.chassis.domain.events import Event, Topic
from services.chassis.domain.ownership import owned_by
from services.chassis.kafka.mac import with_mac
from services.chassis.kafka.records import Record
from services.chassis.publishing.publisher import record_of
from services.chassis.store.outbox_row import canonical
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.event_keys import KEY
from services.chassis.testing.heard import envelope_of

PLANTS, BEDS = Topic("zone.test.plants"), Topic("zone.test.beds")
REFUSED, BROKEN = 0, -1
"""Amounts of growth that the handler rejects, and breaks on."""
OWNER = "par_1"


class Grown(Event, name="zone.test.plant.grown.v1", topic=PLANTS):
    """A plant grew."""

    plant_id: str
    by: int


class Admired(Event, name="zone.test.plant.admired.v1", topic=PLANTS):
    """Nobody reacts to that."""

    plant_id: str


class BedGrew(Event, name="zone.test.bed.grew.v1", topic=BEDS):
    """What the handler records in turn."""

    bed_id: str
    total: int


class Plant(Aggregate):
    """The source of events."""

    collection: ClassVar[str] = "plants"
    shown_to: ClassVar = owned_by("partner_id")

    partner_id: str = OWNER

    def grow(self, by: int) -> "Plant":
        self.record(Grown(plant_id=self.id, by=by))
        return self


class Bed(Aggregate):
    """What the handlers make of them: `heard` counts, `total` sums."""

    collection: ClassVar[str] = "beds"

    heard: int = 0
    total: int = 0
    order: list[int] = Field(default_factory=list)


class Gardener:
    """The handlers: `calls` counts attempts; once `cured`, or from attempt `cured_at` on, every event is handled."""

    def __init__(self) -> None:
        self.on = Handlers()
        self.calls = 0
        self.cured = False
        self.cured_at = 0
        self.on(Grown, loads=lambda event: [(Bed, bed_of(event.plant_id))])(self.tend)

    async def tend(self, event: Grown, tx: Tx) -> None:
        self.calls += 1
        self.cured = self.cured or self.calls == self.cured_at
        bed = await tx.find(Bed, bed_of(event.plant_id)) or Bed(id=bed_of(event.plant_id))
        bed.heard += 1
        bed.total += event.by
        bed.order.append(event.envelope.sequence)
        bed.record(BedGrew(bed_id=bed.id, total=bed.total))
        tx.save(bed)  # before it fails: nothing of this may be kept then
        if event.by == REFUSED and not self.cured:
            raise Reject("a plant cannot grow by nothing")
        if event.by == BROKEN and not self.cured:
            raise ZeroDivisionError("the handler divides by zero")


def bed_of(plant_id: str) -> str:
    return plant_id.replace("plant", "bed")


def grown(plant: str, sequence: int, by: int = 1) -> Record:
    """One event of one plant, not yet in a log."""
    return recorded(plant, sequence, Grown(plant_id=plant, by=by))


def recorded(plant: str, sequence: int, event: Event) -> Record:
    """Any event of a plant."""
    envelope = envelope_of(event, plant, sequence, partner_id=OWNER, hash=hash_of(plant, sequence, event))
    return record_of(envelope, KEY)


def altered(record: Record, *, value: bytes | None = None, type: bytes | None = None) -> Record:
    """A record that its service wrote with another value or type."""
    headers = tuple((name, type if type and name == "ce_type" else raw) for name, raw in record.headers)
    return with_mac(record._replace(headers=headers, value=record.value if value is None else value), KEY)


def hash_of(plant: str, sequence: int, event: Event) -> str:
    """A hash as a row of the outbox has one: the same for the same event, another for any other."""
    return hashlib.sha256(b"%s %d %s" % (plant.encode(), sequence, canonical(event))).hexdigest()


def logged(*records: Record, offset: int = 0, partition: int = 0) -> list[Record]:
    """Records as they stand in a partition, one after the other."""
    return [record._replace(partition=partition, offset=offset + n) for n, record in enumerate(records)]


def history(plant: str, amounts: Iterable[int]) -> list[Record]:
    """All events of a plant, from its first."""
    return [grown(plant, n, by) for n, by in enumerate(amounts, 1)]
