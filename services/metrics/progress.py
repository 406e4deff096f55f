"""How far the figures have come: read from what the chassis keeps about the events it has seen."""

import re
from collections.abc import Collection
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from services.chassis.aggregate import Row
from services.chassis.store import Tx

GROUP: Final = "zone.metrics"
EVERY_PARTITION: Final = 10_000
"""More than there can be: a handful of topics of 12 partitions each."""
EVENT_ID: Final = re.compile(r"(?P<subject>[a-z]+_[0-9a-f]{32}):(?P<sequence>\d{10})", re.ASCII)

ComputedThrough = dict[str, dict[str, int]]
"""Topic → partition → the last offset that is in the figures."""


class Offset(Row):
    """The chassis' position in a partition, `<group>|<topic>|<partition>`, written together with the figures."""

    model_config = ConfigDict(extra="ignore")
    collection: ClassVar[str] = "offsets"

    next: int


class Seen(Row):
    """The last event of a subject that took effect, and how many wait parked, `<group>|<subject>`."""

    model_config = ConfigDict(extra="ignore")
    collection: ClassVar[str] = "inbox"

    sequence: int
    parked: int = 0


class Parked(Row):
    """An event that could not be handled, `<group>|<event id>`."""

    model_config = ConfigDict(extra="ignore")
    collection: ClassVar[str] = "parked"

    reason: str


class ProjectionStatus(BaseModel):
    """Whether an event is in the figures; `reason` says why it is parked, `parked` how many of its subject are."""

    event_id: str
    state: Literal["applied", "not_yet", "parked"]
    reason: str | None = None
    parked: int


def _event_id(text: str) -> str:
    match = EVENT_ID.fullmatch(text)
    if match is None or int(match["sequence"]) == 0:
        raise PydanticCustomError("event_id_invalid", "an event id is <subject>:<sequence from 0000000001>")
    return text


EventId = Annotated[str, AfterValidator(_event_id)]
"""A parameter that names an event, such as the `last_event_id` of a business."""


async def projection_status(tx: Tx, event_id: str) -> ProjectionStatus:
    """Whether an event has taken effect here; one that nobody has recorded yet is `not_yet` too."""
    subject, _, sequence = event_id.rpartition(":")
    seen = await tx.select(Seen, {"_id": f"{GROUP}|{subject}"}, limit=1)
    waiting = seen[0].parked if seen else 0
    if seen and seen[0].sequence >= int(sequence):
        return ProjectionStatus(event_id=event_id, state="applied", parked=waiting)
    parked = await tx.select(Parked, {"_id": f"{GROUP}|{event_id}"}, limit=1)
    if parked:
        return ProjectionStatus(event_id=event_id, state="parked", reason=parked[0].reason, parked=waiting)
    return ProjectionStatus(event_id=event_id, state="not_yet", parked=waiting)


async def computed_through(tx: Tx, topics: Collection[str]) -> ComputedThrough:
    """Up to where the figures contain what these topics say; read before them, it never says too much."""
    offsets = await tx.select(Offset, {"_id": {"$gte": f"{GROUP}|", "$lt": f"{GROUP}}}"}}, limit=EVERY_PARTITION)
    found: ComputedThrough = {topic: {} for topic in sorted(topics)}
    for offset in offsets:
        _, topic, partition = offset.id.split("|")
        if topic in found and offset.next > 0:
            found[topic][partition] = offset.next - 1
    return found
