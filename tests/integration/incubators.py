"""Incubators on a real MongoDB: a store that has heard of businesses, and callers of two processes on it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

import httpx

from services.chassis.domain.caller import Caller
from services.chassis.domain.events import Event
from services.chassis.store.grouping.group_commit import GroupCommit
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import client_of, settings
from services.chassis.testing.heard import hear
from services.chassis.testing.moments import NOON
from services.incubator.main import service
from tests.own_store import own_store


@asynccontextmanager
async def incubator_store(url: str, *heard: Event, at: datetime = NOON) -> AsyncIterator[MongoStore]:
    """The store of an incubator that has heard these events, in one unit of work."""
    async with own_store(url, service.documents, service.name) as store:
        tx = Tx(store, now=at)
        await hear(service.handlers, tx, *heard)
        await tx.commit()
        yield store


@asynccontextmanager
async def two_processes(
    store: MongoStore, callers: Sequence[Caller], clock: Callable[[], datetime]
) -> AsyncIterator[list[httpx.AsyncClient]]:
    """A client for each caller, of two processes in turn: the first calls the one, the second the other, and so on."""
    told = settings(request_deadline=60.0)
    apps = [service.routes_on(GroupCommit(store), told, clock=clock) for _ in range(2)]
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(client_of(apps[number % 2], caller, service.name))
            for number, caller in enumerate(callers)
        ]
