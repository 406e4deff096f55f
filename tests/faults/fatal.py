"""A service that can be made to die, or to choke, at one chosen point: the faults of the tests, nothing else.

`python -m tests.faults.fatal_registry --role all` runs the registry with these points armed by files in the folder
that ZONE_TEST_FAULTS names: a file called after a point kills the process there with SIGKILL, once. A file `poison`
names business ids whose events every handler refuses.
"""

import functools
import importlib
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from services.chassis.domain.errors import Reject
from services.chassis.publishing.publisher import Publisher
from services.chassis.service import Service
from services.chassis.store.mongo import MongoStore
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
    if service.handlers is not None:
        for event, reaction in list(service.handlers._reactions.items()):
            service.handlers._reactions[event] = type(reaction)(choking(reaction.run), reaction.loads)
    service.run()


def choking(handler: Callable[[Any, Any], Awaitable[None]]) -> Callable[[Any, Any], Awaitable[None]]:
    """A handler that refuses the events of the businesses in the file `poison`."""

    @functools.wraps(handler)
    async def handle(event: Any, tx: Any) -> None:
        poison = FAULTS / "poison"
        if poison.exists() and event.business_id in poison.read_text().split():
            raise Reject("poisoned by a test")
        await handler(event, tx)

    return handle


def die_at(point: str) -> None:
    """Die here if the test has asked for it; the file goes first, so that it happens once."""
    try:
        (FAULTS / point).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
