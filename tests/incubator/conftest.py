"""The incubator on a store in memory: its handlers, and its API as some caller."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.chassis.background.clocks import Clock
from services.chassis.domain.caller import Caller
from services.chassis.domain.events import Event
from services.chassis.testing import heard
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock, memory_tx
from services.incubator.finance.clocks import open_zone_book
from services.incubator.main import service
from tests.incubator.registry_says import partner, registered

V1 = "/v1/incubator"
SCOPES = "incubator:read incubator:write incubator:manage"
OFFICER = caller("officer", partner=partner(99), scopes=SCOPES)
FIRST = caller("partner", partner=partner(1), client="cli_1", scopes="incubator:read incubator:write")
SECOND = caller("partner", partner=partner(2), client="cli_2", scopes="incubator:read incubator:write")

Json = dict[str, Any]
Hear = Callable[..., Awaitable[None]]
Pass = Callable[..., Awaitable[None]]
"""Lets so many days, hours or minutes pass: `await pass_time(hours=1)`."""
As = Callable[[Caller | None], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore.of(service)


@pytest.fixture
def hear(store: MemoryStore) -> Hear:
    """Lets the incubator hear events, each in a unit of work of its own."""

    async def hear(*events: Event) -> None:
        await heard.hear_each(service.handlers, store, *events)

    return hear


@pytest.fixture
def hear_together(store: MemoryStore) -> Hear:
    """Lets the incubator hear events in one unit of work, as a consumer does with a batch."""

    async def hear(*events: Event) -> None:
        tx = memory_tx(store)
        await heard.hear(service.handlers, tx, *events)
        await tx.commit()

    return hear


@pytest.fixture
def clock() -> FixedClock:
    """By which the API goes; it stands still until it is told to move."""
    return FixedClock()


@pytest.fixture
def api_as(store: MemoryStore, clock: FixedClock) -> As:
    """Opens a client of the API that calls as this caller."""
    app = service.routes_on(store, settings(), clock=clock)
    return lambda caller: client_of(app, caller, "incubator")


def passing(clocks: Iterable[Clock], store: MemoryStore, clock: FixedClock) -> Pass:
    """What moves the clock, and lets the clocks of a room run twice: the second time tells nothing more."""

    async def run() -> None:
        for each in clocks:
            await each.task(clock.at, lambda: memory_tx(store, at=clock.at))

    async def pass_time(**by: float) -> None:
        clock.at += timedelta(**by)
        await run()
        before = store.rows("outbox")
        await run()
        assert store.rows("outbox") == before

    return pass_time


@pytest.fixture
async def zone_book(store: MemoryStore) -> None:
    """The zone's own book, as the first start opens it."""
    await open_zone_book(NOON, lambda: memory_tx(store))


def created(answer: httpx.Response) -> Json:
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


@pytest.fixture
async def staff(api_as: As, hear: Hear) -> AsyncIterator[httpx.AsyncClient]:
    """An officer, where two businesses of two partners are registered."""
    await hear(registered(1, by=1), registered(2, by=2))
    async with api_as(OFFICER) as api:
        yield api


@pytest.fixture
async def first(api_as: As, staff: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """The partner of the first business."""
    async with api_as(FIRST) as api:
        yield api


@pytest.fixture
async def second(api_as: As, staff: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """The partner of the second business."""
    async with api_as(SECOND) as api:
        yield api
