"""What metrics makes of the incubator's own events is what its documents say, as the fault suite asks."""

from dataclasses import replace
from typing import Any

import pytest

from deploy.chaos.evidence import Evidence
from deploy.chaos.figure_checks import figures
from services.chassis.kafka.decoding import decode
from services.chassis.publishing.publisher import record_of_row
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.event_keys import KEY
from services.chassis.testing.heard import hear
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock
from services.metrics.main import service as metrics
from tests.incubator.utilities.conftest import Post, at, instant, meter_of, point_at, tariff

pytestmark = pytest.mark.usefixtures("tenants", "zone_book")

KEPT = ("sites", "resources", "reservations", "service_points", "utility_bills", "invoices")


@pytest.fixture
async def year(
    post: Post, site: Any, bill_month: Any, finalise: Any, clock: FixedClock, store: MemoryStore
) -> MemoryStore:
    """Two months of two tenants, billed and charged, the first of them corrected; a room, and another invoice."""
    published = await post("/tariffs", tariff("1", standing=31_00))
    meters = []
    for number in (1, 2):
        point = await post("/service-points", point_at(site, published, place=f"3-{number}", number=number))
        meters.append(await post("/meters", meter_of(point, serial=f"EX-{number}")))
    week = [{"weekday": number, "from": "08:00", "to": "20:00"} for number in range(1, 8)]
    await post("/resources", {"site_id": site["id"], "name": "会议室", "kind": "room", "opening": week})
    readings = []
    for month, values in (("2026-07", ("130", "177")), ("2026-08", ("170", "190"))):
        clock.at = at(f"2026-0{int(month[6:]) + 1}-05")
        for meter, value in zip(meters, values, strict=True):
            body = {"at": instant(f"2026-0{int(month[6:]) + 1}-01 00:00"), "value": value}
            readings.append(await post(f"/meters/{meter['id']}/readings", body))
        await bill_month(month)
        clock.at = at(f"2026-0{int(month[6:]) + 1}-20")
        if month == "2026-07":
            await finalise()
            await post(f"/readings/{readings[0]['id']}/supersede", {"value": "124"})
    await bill_month("2026-08")
    await finalise()
    charge = {"kind": "other", "description": "示例", "amount": 1_000, "tax_rate_bps": 600}
    made = await post("/invoices", {"business_id": point["business_id"], "lines": [charge]})
    await post(f"/invoices/{made['id']}/finalise", {}, 200)
    return store


async def evidence_of(store: MemoryStore, *, backwards: bool = False) -> Evidence:
    """The incubator's documents, and the buckets of a metrics that heard its events one by one."""
    counted = MemoryStore.of(metrics)
    assert metrics.handlers is not None
    rows = [row for row in store.rows("outbox") if metrics.handlers.decodes(row["type"])]
    for row in reversed(rows) if backwards else rows:
        event, tx = decode(record_of_row(row, "/incubator", KEY).envelope()), Tx(counted, now=NOON)
        assert event is not None
        await hear(metrics.handlers, tx, event)
        await tx.commit()
    collections = {
        "registry": {},
        "incubator": {name: store.rows(name) for name in (*KEPT, "outbox")},
        "metrics": {"buckets": counted.rows("buckets")},
    }
    return Evidence(collections, {}, {"metrics": metrics.handlers.topics}, [], {}, "cluster")


@pytest.mark.parametrize("backwards", [False, True], ids=["as it happened", "backwards"])
async def test_the_figures_are_those_of_the_documents(year: MemoryStore, backwards: bool) -> None:
    evidence = await evidence_of(year, backwards=backwards)
    assert list(figures(evidence)) == []
    told = {row["_id"].partition("|")[0] for row in evidence.rows("metrics", "buckets")}
    assert {"electricity_kwh", "tenant_days_supplied", "receivables_overdue", "collection_rate"} <= told


@pytest.mark.parametrize(
    "kpi", ["electricity_kwh", "tenant_days_supplied", "receivables_outstanding", "invoiced_total", "site_area"]
)
async def test_a_figure_that_is_missing_is_found(year: MemoryStore, kpi: str) -> None:
    evidence = await evidence_of(year)
    left = [each for each in evidence.rows("metrics", "buckets") if not each["_id"].startswith(f"{kpi}|")]
    without = replace(evidence, collections={**evidence.collections, "metrics": {"buckets": left}})
    assert [kpi in found.what for found in figures(without)] == [True, True], "by the events, and by the documents"
