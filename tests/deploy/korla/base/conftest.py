"""The incubator on a store in memory behind the register's look-up, as a load of the Demonstration Base sees both."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.korla.base.demonstration_base import Base, furnished
from deploy.korla.base.investment import Rounds
from deploy.korla.base.programme import Admission
from deploy.korla.base.recruitment import Jobs
from deploy.korla.base.start_up import FIRST, START_UPS
from deploy.korla.base.times import Time
from deploy.korla.businesses import businesses
from services.chassis.domain.times import ZONE_TIME
from services.chassis.http.client import Client, Request
from services.chassis.testing import heard
from services.chassis.testing.callers import caller, client_of, identity_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock, memory_tx
from services.incubator.finance.clocks import open_zone_book
from services.incubator.main import service
from services.incubator.programme.programmes.clocks import move_cohorts
from tests.incubator.registry_says import business, partner, registered
from tests.incubator.utilities.conftest import finish_jobs

BASE = Base(
    start_ups=8,
    desks=24,
    rooms=3,
    memberships=6,
    bookings=15,
    bills=16,
    invoices=10,
    paid=4,
    overdue=1,
    admission=Admission(incubating=2, graduated=2, waiting=2),
    appointments=6,
    jobs=Jobs(postings=2, hires=3),
    rounds=Rounds(closed=1, open=1, raised=100_000_000, pledged=35_000_000),
    changed=True,
)
"""What a first load leaves behind."""

ENTRIES = businesses()
CHOSEN = ENTRIES[FIRST : FIRST + START_UPS]


class Killed(Exception):
    """The loader died here."""


class Door:
    """What the loader calls: the register's look-up by code, and the whole incubator.

    Attributes:
        calls: method and path of every call that was heard, in order. at_once: the most that were under way.
        dies_at: the call whose answer nobody hears, nor of any after it.
    """

    def __init__(self, incubator: ASGIApp) -> None:
        self.incubator = incubator
        self.calls: list[tuple[str, str]] = []
        self.under_way = self.at_once = 0
        self.dies_at: int | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        number = len(self.calls)
        self.calls.append((scope["method"], scope["path"]))
        self.under_way += 1
        self.at_once = max(self.at_once, self.under_way)
        try:
            await asyncio.sleep(0)  # others come meanwhile, as over a network
            await self._answer(scope, receive, send)
        finally:
            self.under_way -= 1
        if self.dies_at is not None and number >= self.dies_at:
            raise Killed

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/v1/registry/businesses":
            await self.incubator(scope, receive, send)
            return
        (code,) = parse_qs(scope["query_string"].decode())["identifier"]
        number = next(number for number, entry in enumerate(CHOSEN, start=1) if entry.code == code)
        found = {"id": business(number), "name": {"legal": CHOSEN[number - 1].name}}
        await JSONResponse({"data": [found], "next_cursor": None})(scope, receive, send)


class Zone:
    """A zone in memory in which the start-ups are registered, and loads of its Demonstration Base."""

    def __init__(self, store: MemoryStore, clock: FixedClock) -> None:
        self.store, self.clock = store, clock
        self.door = Door(service.routes_on(store, settings(), clock=clock))
        scopes = "incubator:read incubator:write incubator:manage"
        self.staff = self._client(caller("officer", partner=partner(99), client="cli_9", scopes=scopes))
        self.owner = self._client(caller("partner", partner=partner(1), scopes="incubator:read incubator:write"))

    def _client(self, who: Any) -> Client:
        client = client_of(self.door, who, "incubator")  # type: ignore[arg-type]  # an application like any other
        client._transport.raise_app_exceptions = True  # type: ignore[attr-defined]  # so that a loader can die

        async def identify(request: Request) -> None:
            """Anew for each call: an identity holds for a minute, and a load on a busy machine takes longer."""
            request.headers.update(identity_of(who, "incubator"))

        client.event_hooks["request"].append(identify)
        return client

    async def load(self) -> Base:
        """One load, with the worker that bills at its side."""
        worker = asyncio.create_task(self._work())
        try:
            return await furnished(ENTRIES, self.staff, self.owner, Time(self.clock, self.pass_time))
        finally:
            worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await worker

    async def pass_time(self, seconds: float) -> None:
        """So many seconds pass, and a clock runs in which cohorts open and close."""
        self.clock.at += timedelta(seconds=seconds)
        await move_cohorts(self.clock.at, lambda: memory_tx(self.store, at=self.clock.at))
        await asyncio.sleep(0)

    async def dies_at(self, call: int) -> None:
        """A load that dies there."""
        self.door.calls.clear()
        self.door.dies_at = call
        with contextlib.suppress(Killed):
            await self.load()
        self.door.dies_at = None

    def things(self) -> dict[str, int]:
        """How many of each there are."""
        kinds = (
            *("sites", "resources", "plans", "tariffs", "memberships", "service_points", "meters", "readings"),
            *("utility_bills", "reservations", "invoices", "payments", "programs", "incubations", "consultants"),
            *("offerings", "job_postings", "candidates", "job_applications", "investors", "share_classes"),
            "cap_events",
        )
        return {kind: len(self.store.rows(kind)) for kind in kinds}

    async def _work(self) -> None:
        while True:
            await finish_jobs(self.store, self.clock.at)
            await asyncio.sleep(0.01)


NewZone = Callable[..., Awaitable[Zone]]


@pytest.fixture
async def new_zone() -> AsyncIterator[NewZone]:
    """A new zone at a time by the clocks of the zone."""
    opened = []

    async def new_zone(at: str = "2026-03-10 11:07") -> Zone:
        now = datetime.fromisoformat(at).replace(tzinfo=ZONE_TIME)
        store, clock = MemoryStore.of(service), FixedClock(now)
        await open_zone_book(now, lambda: memory_tx(store, at=now))
        tx = memory_tx(store, at=now)
        for number, entry in enumerate(CHOSEN, start=1):
            event = registered(number, by=1)
            told = event.model_copy(update={"name": entry.name}).delivered(event.envelope)
            await heard.hear(service.handlers, tx, told)
        await tx.commit()
        zone = Zone(store, clock)
        opened.append(zone)
        return zone

    yield new_zone
    for zone in opened:
        await zone.staff.aclose()
        await zone.owner.aclose()
