"""Delivered events in a test, for whoever is registered for them: a handler that nobody registered fails."""

from typing import Any, TypeVar

from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.aggregate import event_id
from services.chassis.domain.envelope import Envelope
from services.chassis.domain.events import Event
from services.chassis.store.outbox_row import canonical
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, memory_tx

E = TypeVar("E", bound=Event)


def envelope_with(data: bytes, kind: type[Event], subject: str, sequence: int = 1, **said: Any) -> Envelope:
    """The envelope of data of a type, recorded at noon by the service that the type's name says.

    Args:
        said: attributes that are other ones.
    """
    return Envelope(
        id=event_id(subject, sequence),
        source=f"/{kind.wire_name.split('.')[1]}",
        type=kind.wire_name,
        subject=subject,
        sequence=sequence,
        time=NOON,
        topic=kind.topic.name,
        key=subject,
        data=data,
    )._replace(**said)


def envelope_of(event: Event, subject: str, sequence: int = 1, *, data: bytes | None = None, **said: Any) -> Envelope:
    """The envelope of an event of this number of its subject: see `envelope_with`.

    Args:
        data: by default what the outbox has of it.
    """
    business = getattr(event, "business_id", None)
    sent = canonical(event) if data is None else data
    about = {"key": business or subject, "business_id": business}
    return envelope_with(sent, type(event), subject, sequence, **about | said)


def delivered(event: E, subject: str, sequence: int = 1, **said: Any) -> E:
    """The event as a consumer gives it to a handler; `said` are attributes of its envelope, see `envelope_of`."""
    return event.delivered(envelope_of(event, subject, sequence, data=b"{}", **said))


async def hear(handlers: Handlers | None, tx: Tx, *events: Event) -> None:
    """Run every reaction to each of these events, in order, on one unit of work; the commit is the test's.

    Args:
        handlers: of the service, `service.handlers`.

    Raises:
        AssertionError: nobody reacts to one of them.
    """
    for event in events:
        due = handlers.due(event.envelope, event) if handlers is not None else []
        assert due, f"nobody reacts to {event.wire_name}"
        for reaction, given in due:
            await reaction.run(given, tx)


async def hear_each(handlers: Handlers | None, store: MemoryStore, *events: Event) -> None:
    """As `hear`, each event in a unit of work of its own, which is committed."""
    for event in events:
        tx = memory_tx(store)
        await hear(handlers, tx, event)
        await tx.commit()
