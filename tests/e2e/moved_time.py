"""Time that passes for one act alone: a clock or a request that runs on a zone's own store as if it were later."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

from services.chassis.background.clocks import Task
from services.chassis.domain.caller import Caller
from services.chassis.domain.times import utc_now
from services.chassis.http.client import Client
from services.chassis.service import Service
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import client_of, settings
from services.chassis.testing.moments import FixedClock
from tests.zone_under_test import ZoneUnderTest


async def run_clock(zone: ZoneUnderTest, service: Service, task: Task, *, at: datetime) -> None:
    """Run a clock of a service that takes it to be `at`; what it writes is written now."""
    async with _store_of(zone, service) as store:
        await task(at, lambda: Tx(store, now=utc_now()))


@asynccontextmanager
async def api_at(zone: ZoneUnderTest, service: Service, at: datetime, who: Caller) -> AsyncIterator[Client]:
    """The API of a service, by the clock of which it is `at`."""
    async with AsyncExitStack() as opened:
        store = await opened.enter_async_context(_store_of(zone, service))
        app = service.routes_on(store, settings(), clock=FixedClock(at))
        yield await opened.enter_async_context(client_of(app, who, service.name))


@asynccontextmanager
async def _store_of(zone: ZoneUnderTest, service: Service) -> AsyncIterator[MongoStore]:
    store = MongoStore(zone.server("mongod").address, f"zone_{service.name}", service.name)
    try:
        yield store
    finally:
        store.close()
