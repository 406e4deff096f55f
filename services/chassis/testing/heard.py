"""Delivered events in a test, given to whoever is registered for them: a handler that nobody registered fails."""

from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.events import Event
from services.chassis.store.unit_of_work import Tx


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
