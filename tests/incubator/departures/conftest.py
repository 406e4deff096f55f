"""A business with a membership, bookings, a metered place and invoices, which leaves; and the incubator's clocks."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest

from services.chassis.domain.events import Event
from services.chassis.domain.times import ZONE_TIME
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing import heard
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock, memory_tx
from services.incubator.main import service
from tests.incubator.conftest import As
from tests.incubator.registry_says import business, partner, registered
from tests.incubator.utilities.conftest import finish_jobs

V1 = "/v1/incubator"
Json = dict[str, Any]
MONDAY = datetime(2026, 7, 6, 9, 0, tzinfo=ZONE_TIME)
"""6 July 2026, nine in the morning in the zone: the dissolution begins."""
CNY = {"currency": "CNY"}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY - timedelta(days=5))


@pytest.fixture
def api_as(store: MemoryStore, clock: FixedClock) -> As:
    app = service.routes_on(store, settings(), clock=clock)
    return lambda who: client_of(app, who, "incubator")


class Office:
    """The incubator's staff at its counter, what it hears from the registry, and its clocks."""

    def __init__(self, api: httpx.AsyncClient, store: MemoryStore, clock: FixedClock) -> None:
        self.api, self.store, self.clock = api, store, clock

    async def post(self, path: str, status: int = 201, /, **body: Any) -> Json:
        answer = await self.api.post(f"{V1}{path}", json=body)
        assert answer.status_code == status, answer.text
        said: Json = answer.json()
        return said

    async def get(self, path: str, **params: Any) -> Json:
        answer = await self.api.get(f"{V1}{path}", params=params)
        assert answer.status_code == 200, answer.text
        said: Json = answer.json()
        return said

    async def hear(self, *events: Event) -> None:
        """Each in a unit of work of its own."""
        for event in events:
            tx = memory_tx(self.store, at=self.clock.at)
            await heard.hear(service.handlers, tx, event)
            await tx.commit()

    async def run_clocks(self) -> None:
        for each in service.clocks:
            await each.task(self.clock.at, lambda: Tx(self.store, now=self.clock.at))

    async def bill(self, period: str) -> None:
        """Run a month, and let its bills be final."""
        await self.post("/billing-runs", 202, period=period)
        await finish_jobs(self.store, self.clock.at)
        self.clock.at += timedelta(days=11)
        await self.run_clocks()

    async def departure(self) -> Json:
        return await self.get(f"/departures/{business()}")

    async def awaits(self) -> list[tuple[str, str]]:
        return [(each["task"], each["id"]) for each in (await self.departure())["awaits"]]

    def answers(self) -> list[tuple[str, int]]:
        """What the registry was told: kind and amount, in order."""
        rows = [row for row in self.store.rows("outbox") if row["topic"] == "zone.incubator.tenants"]
        return [(row["type"].split(".")[-2], said_in(row)["amount"]) for row in rows]

    # what a tenant has

    async def site(self) -> Json:
        return await self.post("/sites", name="示例电商大厦", address="示例路1号", area_m2=1200)

    async def room(self, site: Json, price: str = "80") -> Json:
        week = [{"weekday": day, "from": "00:00", "to": "24:00"} for day in range(1, 8)]
        rate = {"price": price, "per": "hour", **CNY}
        said = {"name": "会议室一", "kind": "room", "capacity": 10, "opening": week, "rate": rate}
        return await self.post("/resources", site_id=site["id"], **said)

    async def booking(self, room: Json, start: str, end: str, **more: Any) -> Json:
        said = {"business_id": business(), "resource_ids": [room["id"]], "title": "评审"}
        return await self.post("/reservations", **said, start=start, end=end, **more)

    async def membership(self, starts_on: str = "2026-07-01") -> Json:
        overage = {"price": "80", "per": "hour", **CNY}
        plan = await self.post("/plans", name="示例", covers=["room"], included_minutes_per_month=0, overage=overage)
        return await self.post("/memberships", business_id=business(), plan_id=plan["id"], starts_on=starts_on)

    async def metered_point(self, site: Json) -> tuple[Json, Json]:
        """A service point, and its meter, which shows 100 as July begins."""
        price = {"up_to": None, "unit_price": {"price": "0.50", "per": "kWh", **CNY}}
        terms = {"effective_from": "2025-01-01", "mode": "graduated", "tiers": [price]}
        standing = {"amount": 0, **CNY}
        tariff = await self.post("/tariffs", name="示例", utility="electricity", standing_per_month=standing, **terms)
        said = {"site_id": site["id"], "utility": "electricity", "place": "3-302", "area_m2": 100}
        point = await self.post(
            "/service-points", business_id=business(), tariff_id=tariff["id"], opened_on="2026-07-01", **said
        )
        begins = {"at": "2026-07-01T00:00:00+08:00", "initial": "100"}
        meter = await self.post(
            "/meters", serial="EX-1", utility="electricity", digits=5, service_point_id=point["id"], **begins
        )
        return point, meter

    async def invoice(self, amount: int = 100_00) -> Json:
        lines = [{"kind": "other", "description": "示例", "amount": amount, "tax_rate_bps": 0}]
        draft = await self.post("/invoices", business_id=business(), lines=lines)
        return await self.post(f"/invoices/{draft['id']}/finalise", 200)

    async def pay(self, invoice_id: str, amount: int) -> Json:
        said = {"business_id": business(), "external_ref": f"{invoice_id}-{amount}", "amount": amount, **CNY}
        share = {"invoice_id": invoice_id, "amount": amount}
        on = self.clock.at.astimezone(ZONE_TIME).date().isoformat()
        return await self.post("/payments", **said, received_on=on, allocations=[share])


def said_in(row: Json) -> Json:
    """The data of an event as it waits for the relay."""
    said: Json = orjson.loads(row["data"])
    return said


@pytest.fixture
async def office(store: MemoryStore, clock: FixedClock, api_as: As, zone_book: None) -> AsyncIterator[Office]:
    scopes = "incubator:read incubator:write incubator:manage"
    async with api_as(caller("officer", partner=partner(99), scopes=scopes)) as api:
        office = Office(api, store, clock)
        await office.hear(registered(1), registered(2, by=2))
        yield office
