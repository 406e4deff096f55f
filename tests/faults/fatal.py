"""A service that can be made to die, or to choke, at one chosen point: the faults of the tests, nothing else.

`python -m tests.faults.fatal_registry --role all` runs the registry with these points armed by files in the folder
that ZONE_TEST_FAULTS names: a file called after a point kills the process there with SIGKILL, once. A file `poison`
names business ids whose events every handler refuses.
"""

import importlib
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from services.chassis.consuming.handlers import Due, Handlers, Reaction
from services.chassis.domain.envelope import Envelope
from services.chassis.domain.errors import Reject
from services.chassis.domain.events import Event
from services.chassis.publishing.publisher import Publisher
from services.chassis.service import Service
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Write

FAULTS = Path(os.environ.get("ZONE_TEST_FAULTS", "/nonexistent"))


def run(module: str) -> None:
    """Run a service with its points in place."""
    service: Service = importlib.import_module(module).service
    name = service.name
    real_transact, real_publish = MongoStore.transact, Publisher.publish

    async def transact(store: MongoStore, writes: Sequence[Write]) -> None:
        collections = {write.collection for write in writes}
        kind = "consumer" if "offsets" in collections else "api" if "idempotency" in collections else "other"
        die_at(f"{name}-{kind}-before-commit")
        await real_transact(store, writes)
        die_at(f"{name}-{kind}-after-commit")

    async def publish(publisher: Publisher, rows: Any) -> None:
        await real_publish(publisher, rows)
        die_at(f"{name}-relay-after-publish")

    setattr(MongoStore, "transact", transact)  # noqa: B010 – the type checker would not let a method be replaced
    setattr(Publisher, "publish", publish)  # noqa: B010 – the same
    setattr(Handlers, "due", due_or_poisoned)  # noqa: B010 – the same
    service.run()


real_due = Handlers.due


def due_or_poisoned(handlers: Handlers, envelope: Envelope, event: Event | None) -> list[Due]:
    """The reactions to an event; a refusal in place of each where the file `poison` names its business."""

    async def refuse(given: object, tx: Tx) -> None:
        raise Reject("poisoned by a test")

    due, poison = real_due(handlers, envelope, event), FAULTS / "poison"
    if poison.exists() and envelope.business_id in poison.read_text().split():
        return [Due(Reaction(refuse, None), each.given) for each in due]
    return due


def die_at(point: str) -> None:
    """Die here if the test has asked for it; the file goes first, so that it happens once."""
    try:
        (FAULTS / point).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
