"""A business with everything leaves the zone: registry and incubator on MongoDB, and a clock that moves."""

import random
import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.chassis.background.job import Job, JobStatus
from services.chassis.domain.caller import Caller
from services.chassis.domain.envelope import Envelope
from services.chassis.domain.times import ZONE_TIME
from services.chassis.kafka.decoding import decode
from services.chassis.publishing.publisher import record_of_row
from services.chassis.service import Service
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.moments import FixedClock
from services.incubator.main import service as incubator
from services.registry.main import service as registry
from tests.incubator.utilities.conftest import tariff
from tests.registry.papers import OFFICER, PARTNER, SUPERVISOR, dissolution, registration

Json = dict[str, Any]
MONDAY = datetime(2026, 7, 6, 9, 0, tzinfo=ZONE_TIME)
SCOPES = "incubator:read incubator:write incubator:manage"
STAFF = caller("officer", partner="par_zone", client="cli_staff", scopes=SCOPES)
PERIOD = "2026-07"
DECLARED = {"declaration": {"accepted": True, "name": "示例人"}}


class Side:
    """One of the two services, on a database of its own."""

    def __init__(self, service: Service, mongo_url: str, clock: FixedClock) -> None:
        self.service, self.clock = service, clock
        self.store = MongoStore(mongo_url, f"{service.name}_{uuid.uuid4().hex[:12]}", service.name)
        self.app = service.routes_on(self.store, settings(), clock=clock)
        self.carried: list[str] = []

    async def call(self, method: str, path: str, body: Json | None = None, *, by: Caller, status: int = 200) -> Json:
        async with client_of(self.app, by, self.service.name) as api:
            answer = await api.request(method, f"/v1/{self.service.name}{path}", json=body)
        assert answer.status_code == status, answer.text
        said: Json = answer.json()
        return said

    async def run_clocks(self) -> None:
        for each in self.service.clocks:
            await each.task(self.clock.at, lambda: Tx(self.store, now=self.clock.at))

    async def published(self) -> list[Envelope]:
        rows = await self.store.select("outbox", {}, [("_id", 1)], 10_000)
        ordered = sorted(rows, key=lambda row: (row["time"], row["_id"]))
        return [record_of_row(row, f"/{self.service.name}", b"").envelope() for row in ordered]

    async def hear(self, *envelopes: Envelope) -> None:
        """React to each of those that concern this side, each in a unit of work of its own."""
        assert self.service.handlers is not None
        for envelope in envelopes:
            if not self.service.handlers.decodes(envelope.type):
                continue
            tx = Tx(self.store, now=self.clock.at)
            for reaction, given in self.service.handlers.due(envelope, decode(envelope)):
                await reaction.run(given, tx)
            await tx.commit()

    async def facts(self) -> dict[str, list[Json]]:
        """Everything that is kept, but how often it was saved."""
        names = {each.collection for each in self.service.documents} | {"outbox", "claims"}
        found = {name: await self.store.select(name, {}, [("_id", 1)], 10_000) for name in sorted(names)}
        return {name: [{**row, "version": 0} for row in rows] for name, rows in found.items()}


class Zone:
    """Both sides, whose events reach the other one twice."""

    def __init__(self, mongo_url: str) -> None:
        self.clock = FixedClock(MONDAY - timedelta(days=5))
        self.registry, self.incubator = (Side(each, mongo_url, self.clock) for each in (registry, incubator))
        self.heard: set[str] = set()

    async def settle(self) -> None:
        """Let the clocks run and the events reach the other side, until nothing is new."""
        for _ in range(3):
            for side, other in ((self.registry, self.incubator), (self.incubator, self.registry)):
                await side.run_clocks()
                fresh = [each for each in await side.published() if each.id not in self.heard]
                for each in fresh:
                    await other.hear(each, each)
                self.heard |= {each.id for each in fresh}

    async def redeliver(self) -> None:
        """Everything that was ever said, once more and in any order."""
        for side, other in ((self.registry, self.incubator), (self.incubator, self.registry)):
            again = await side.published()
            random.Random(7).shuffle(again)
            await other.hear(*again)

    async def file(self, business_id: str, type: str, payload: Json) -> None:
        call = self.registry.call
        body = {"type": type, "payload": payload}
        filing = await call("POST", f"/businesses/{business_id}/filings", body, by=PARTNER, status=201)
        await self.decide(filing)

    async def decide(self, filing: Json) -> Json:
        call, path = self.registry.call, f"/filings/{filing['id']}"
        await call("POST", f"{path}/submit", DECLARED, by=PARTNER)
        await call("POST", f"{path}/assign", {}, by=OFFICER)
        filing = await call("POST", f"{path}/approve", {}, by=OFFICER)
        if filing["status"] == "in_review":
            filing = await call("POST", f"{path}/approve", {}, by=SUPERVISOR)
        assert filing["status"] == "completed", filing
        return filing

    async def business(self, business_id: str) -> Json:
        return await self.registry.call("GET", f"/businesses/{business_id}", by=PARTNER)

    async def objections(self, business_id: str) -> list[Json]:
        shown = await self.registry.call("GET", f"/businesses/{business_id}/objections", by=PARTNER)
        data: list[Json] = shown["data"]
        return data

    async def post(self, path: str, body: Json, status: int = 201) -> Json:
        return await self.incubator.call("POST", path, body, by=STAFF, status=status)

    async def departure(self, business_id: str) -> Json:
        return await self.incubator.call("GET", f"/departures/{business_id}", by=STAFF)


@pytest.fixture
async def zone(mongo_url: str) -> AsyncIterator[Zone]:
    zone = Zone(mongo_url)
    for side in (zone.registry, zone.incubator):
        await side.store.prepare(side.service.documents)
    yield zone
    for side in (zone.registry, zone.incubator):
        await side.store.database.client.drop_database(side.store.database.name)
        side.store.close()


async def what_it_has(zone: Zone, business_id: str) -> tuple[Json, Json, Json]:
    """A booking to come, a meter at a service point, and an invoice that is not paid."""
    site = await zone.post("/sites", {"name": "示例电商大厦", "address": "示例路1号", "area_m2": 1200})
    week = [{"weekday": day, "from": "08:00", "to": "22:00"} for day in range(1, 8)]
    rate = {"price": "80", "currency": "CNY", "per": "hour"}
    room = {"site_id": site["id"], "name": "会议室一", "kind": "room", "capacity": 10, "opening": week, "rate": rate}
    room_id = (await zone.post("/resources", room))["id"]
    when = {"start": "2026-07-14T10:00:00+08:00", "end": "2026-07-14T12:00:00+08:00"}
    wanted = {"business_id": business_id, "resource_ids": [room_id], "title": "评审", **when}
    booking = await zone.post("/reservations", wanted | {"recurrence": {"freq": "weekly", "count": 3}})
    published = await zone.post("/tariffs", tariff())
    place = {"site_id": site["id"], "utility": "electricity", "place": "3-302", "area_m2": 100}
    place["opened_on"] = "2026-07-01"
    point = await zone.post("/service-points", place | {"business_id": business_id, "tariff_id": published["id"]})
    begins = {"at": "2026-07-01T00:00:00+08:00", "initial": "100"}
    meter = await zone.post(
        "/meters", {"serial": "EX-1", "utility": "electricity", "digits": 5, "service_point_id": point["id"], **begins}
    )
    line = {"kind": "other", "description": "示例", "amount": 100_00, "tax_rate_bps": 0}
    draft = await zone.post("/invoices", {"business_id": business_id, "lines": [line]})
    await zone.post(f"/invoices/{draft['id']}/finalise", {}, 200)
    return booking, point, meter


async def pay(zone: Zone, business_id: str) -> None:
    """All that is owed."""
    for invoice_id in (await zone.departure(business_id))["invoice_ids"]:
        owed = (await zone.incubator.call("GET", f"/invoices/{invoice_id}", by=STAFF))["outstanding"]
        on = zone.clock.at.astimezone(ZONE_TIME).date().isoformat()
        said = {"business_id": business_id, "external_ref": invoice_id, "amount": owed, "currency": "CNY"}
        share = {"invoice_id": invoice_id, "amount": owed}
        await zone.post("/payments", said | {"received_on": on, "allocations": [share]})


async def test_a_business_with_everything_leaves_the_zone_once_all_is_settled(zone: Zone) -> None:
    drafted = await zone.registry.call("POST", "/registrations", {"payload": registration()}, by=PARTNER, status=201)
    business_id = (await zone.decide(drafted))["business_id"]
    await zone.settle()
    booking, point, meter = await what_it_has(zone, business_id)

    zone.clock.at = MONDAY
    await zone.file(business_id, "dissolution", dissolution("voluntary", settled=False))
    await zone.settle()
    assert (await zone.incubator.call("GET", f"/reservations/{booking['id']}", by=STAFF))["status"] == "cancelled"
    (objection,) = await zone.objections(business_id)
    assert (objection["status"], objection["raised_by"], objection["debts"]["amount"]) == ("open", "incubator", 100_00)

    zone.clock.at += timedelta(hours=1)
    await pay(zone, business_id)
    await zone.post(
        f"/meters/{meter['id']}/readings", {"at": zone.clock.at.isoformat(), "value": "150", "source": "final"}
    )
    await zone.post(f"/service-points/{point['id']}/close", {"closed_on": "2026-07-06"}, 200)
    zone.clock.at = MONDAY + timedelta(days=21)
    await zone.settle()
    assert (await zone.business(business_id))["status"] == "dissolving"  # its last bill is not written

    zone.clock.at = MONDAY + timedelta(days=27)
    await zone.post("/billing-runs", {"period": PERIOD}, 202)
    await run_jobs(zone)
    zone.clock.at += timedelta(days=11)
    await zone.settle()
    (objection,) = await zone.objections(business_id)
    assert (objection["status"], objection["debts"]["amount"]) == ("open", 28_25)  # 25.00 and 13 % tax

    await pay(zone, business_id)
    await zone.settle()
    business = await zone.business(business_id)
    assert (business["status"], (await zone.objections(business_id))[0]["status"]) == ("dissolved", "withdrawn")
    tenant = await zone.incubator.call("GET", f"/tenants/{business_id}", by=STAFF)
    assert (tenant["status"], (await zone.departure(business_id))["status"]) == ("dissolved", "left")

    before = await zone.registry.facts(), await zone.incubator.facts()
    await zone.redeliver()
    await zone.settle()
    assert (await zone.registry.facts(), await zone.incubator.facts()) == before


async def run_jobs(zone: Zone) -> None:
    """Do every step of every job that waits."""
    for row in await zone.incubator.store.select("jobs", {}, [("_id", 1)], 100):
        while True:
            tx = Tx(zone.incubator.store, now=zone.clock.at)
            job = tx.save(await tx.get(Job, row["_id"]))
            if job.has_ended:
                break
            if job.status is JobStatus.QUEUED:
                job.begin(at=zone.clock.at)
            await incubator.jobs[job.kind](job, tx, zone.incubator.store.files)
            await tx.commit()
