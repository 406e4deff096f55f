"""Consumption status: whether an event of others has taken effect here, and how far their topics have."""

import re
from collections.abc import Collection
from typing import Annotated, Final, Literal, NamedTuple

from fastapi import Depends, Request
from pydantic_core import PydanticCustomError

from services.chassis.consuming.group import group_of
from services.chassis.consuming.inbox import Inbox
from services.chassis.consuming.positions import Through, through
from services.chassis.domain.violations import Rule
from services.chassis.kafka.parking import id_of_parked
from services.chassis.store.document_store import Store
from services.chassis.store.unit_of_work import Tx

EVENT_ID: Final = re.compile(r"(?P<prefix>[a-z]+)_[0-9a-f]{32}:(?P<sequence>\d{10})", re.ASCII)


def event_id_of(*prefixes: str) -> Rule:
    """An id of an event of the nouns that a service hears of, for an annotated type: `event_id_of("biz")`."""

    def check(text: str) -> str:
        match = EVENT_ID.fullmatch(text)
        if match is None or int(match["sequence"]) == 0:
            raise PydanticCustomError("event_id_invalid", "an event id is <subject>:<sequence from 0000000001>")
        if match["prefix"] not in prefixes:
            nouns = ", ".join(f"{prefix}_…" for prefix in prefixes)
            raise PydanticCustomError("event_not_heard", "only events of {nouns} are heard here", {"nouns": nouns})
        return text

    return Rule(check, ("event_id_invalid", "event_not_heard"))


class EventStatus(NamedTuple):
    """What became of an event; `reason` says why it is parked, `parked` how many of its subject are."""

    status: Literal["applied", "not_yet", "parked"]
    reason: str | None
    parked: int


class Heard:
    """What the service's consumer has done so far, as it is committed."""

    def __init__(self, store: Store) -> None:
        self._store, self._group = store, group_of(store.service, store.generation)

    async def status_of(self, event_id: str) -> EventStatus:
        """Whether an event has taken effect; one that nobody has recorded yet is `not_yet` too."""
        subject, _, sequence = event_id.rpartition(":")
        progress = (await Inbox.read(self._store, self._group, [subject])).of(subject)
        if progress.sequence >= int(sequence):
            return EventStatus("applied", None, progress.parked)
        if parked := await self._store.read("parked", [id_of_parked(self._group, event_id)]):
            return EventStatus("parked", parked[0]["reason"], progress.parked)
        return EventStatus("not_yet", None, progress.parked)

    async def through(self, topics: Collection[str]) -> Through:
        """Up to where these topics have taken effect; asked before the state is read, it never says too much."""
        return await through(self._store, self._group, topics)


async def heard_by(request: Request) -> Heard:
    """What was heard, by the same generation of a projection as the unit of work of the request."""
    tx: Tx = request.state.tx
    return Heard(tx.store)


InHeard = Annotated[Heard, Depends(heard_by)]
"""What the service that answers this request has heard."""
