"""An incubator of a measurement's own: a database with tenants and rooms, and its routes called in this process."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from deploy.bench.event_log import told
from deploy.bench.stage import Stage
from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.http.client import Client, Request
from services.chassis.kafka.decoding import decode
from services.chassis.store.document_store import Store
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import caller, client_of, identity_of, settings
from services.chassis.testing.heard import hear
from services.chassis.testing.moments import FixedClock
from services.contracts.incubator.resources import ResourceKind, ResourceUsage
from services.contracts.registry.businesses import BusinessKind, BusinessRegistered, LegalForm
from services.incubator.booking.resource import Resource
from services.incubator.kernel.calendar import Terms
from services.incubator.kernel.opening import WeeklyHours
from services.incubator.main import service
from services.incubator.sites.site import Site

V1: Final = "/v1/incubator"
TODAY: Final = datetime(2026, 11, 24, 4, tzinfo=UTC)
A_DAY: Final = timedelta(days=1)
PARTNER: Final = f"par_{'1' * 32}"
OFFICER: Final = caller("officer", scopes="incubator:read incubator:write incubator:manage")
ALWAYS: Final = [WeeklyHours(weekday=day, opens="00:00", closes="24:00") for day in range(1, 8)]
AT_ONCE: Final = 2_000
"""Documents that are written together, where nobody measures that."""
IDENTITY_SECONDS: Final = 30
PATIENT: Final = settings(request_deadline=60.0)


async def opened(stage: Stage, name: str) -> MongoStore:
    """A database as the incubator wants it."""
    store = MongoStore(stage.mongo_url, f"bench_{name}", "incubator")
    await store.prepare(service.documents)
    return store


def routes_on(store: Store) -> Client:
    """A client, by an officer, of the incubator's routes."""
    api = client_of(service.routes_on(store, PATIENT, clock=FixedClock(TODAY)))

    async def signed(request: Request) -> None:
        request.headers.update(_identity(int(time.monotonic() // IDENTITY_SECONDS)))

    api.event_hooks = {"request": [signed]}
    return api


@lru_cache(maxsize=1)
def _identity(turn: int) -> dict[str, str]:
    """Lives for a minute, and a part may take longer."""
    return identity_of(OFFICER, "incubator")


async def tenants(store: MongoStore, number: int) -> list[str]:
    """So many businesses that the incubator has heard of. Returns their ids."""
    found = [new_id("biz") for _ in range(number)]
    for start in range(0, number, 50):
        tx = Tx(store, now=TODAY)
        for id in found[start : start + 50]:
            event = decode(told(_registered(id), id, 1).envelope())
            assert event is not None
            await hear(service.handlers, tx, event)
        await tx.commit()
    return found


async def site(store: MongoStore) -> Site:
    """One site."""
    said = {"name": "示例电商大厦", "address": "示例路1号", "time_zone": "Asia/Shanghai"}
    made = Site.open(**said, area_hundredths=1_250_000, common_tolerance_bps=200)
    await insert(store, [made])
    return made


async def rooms(store: MongoStore, number: int) -> list[Resource]:
    """So many rooms of one site, open day and night, that cost nothing."""
    place = await site(store)
    made = [
        Resource.add(
            site_id=place.id,
            time_zone=place.time_zone,
            name="会议室",
            kind=ResourceKind.ROOM,
            usage=ResourceUsage.BOOKABLE,
            units=1,
            capacity=10,
            opening=ALWAYS,
            exceptions=[],
            terms=Terms(),
        )
        for _ in range(number)
    ]
    await insert(store, made)
    return made


async def insert(store: MongoStore, made: Sequence[Aggregate]) -> None:
    """Aggregates straight into the store, without their events."""
    for start in range(0, len(made), AT_ONCE):
        documents = [{**each.to_document(), "version": 1} for each in made[start : start + AT_ONCE]]
        await store.database[made[0].collection].insert_many(documents, ordered=False)


def _registered(id: str) -> BusinessRegistered:
    return BusinessRegistered(
        business_id=id,
        registration_number="KEZ1234567809",
        partner_id=PARTNER,
        kind=BusinessKind.CLOUD,
        legal_form=LegalForm.LIMITED_COMPANY,
        name="示例 (synthetic)",
        sector="6429",
        zone_entry_on=TODAY.date(),
        opening_figures=None,
    )
