"""A projection that is not idempotent, so that nothing but the chassis protects it: what comes twice counts twice.

The zone's own projections would forgive: metrics learns a fact anew, the incubator looks for a tenant before it opens
a book. This one hears everything that is told in the zone, knows no type of it, and keeps how often it heard each
event, and how much money was in it.
"""

import json
from typing import Any, ClassVar

from deploy.servers.topics import event_topics
from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.aggregate import Row
from services.chassis.domain.envelope import Envelope
from services.chassis.module import Module
from services.chassis.service import Service
from services.chassis.store.unit_of_work import Tx

on = Handlers()


class Heard(Row):
    """How often one event took effect; its id is the event's."""

    collection: ClassVar[str] = "heard"

    type: str
    times: int = 0
    version: int = 0


class Sum(Row):
    """All events of one type in one partition, and the money in them; `_id` is `<type>|<partition>`."""

    collection: ClassVar[str] = "sums"

    type: str
    n: int = 0
    amount: int = 0
    version: int = 0


@on.any(event_topics())
async def count(envelope: Envelope, tx: Tx) -> None:
    """Once more, without a look at what was there."""
    name = envelope.type
    tx.adjust(Heard, envelope.id, {"times": 1}, create={"type": name})
    added = {"n": 1, "amount": amount_in(json.loads(envelope.data))}
    tx.adjust(Sum, f"{name}|{envelope.partition}", added, create={"type": name})


def amount_in(value: Any) -> int:
    """All the money in the data of an event, in minor units."""
    if isinstance(value, dict):
        amount = value.get("amount")
        return amount if isinstance(amount, int) else sum(map(amount_in, value.values()))
    return sum(map(amount_in, value)) if isinstance(value, list) else 0


service = Service("tally", modules=[Module("tally", "What was heard.", documents=[Heard, Sum], handlers=on)])
