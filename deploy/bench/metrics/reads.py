"""Reading a figure in zones of a hundred businesses to a million: sums of buckets, whatever the businesses."""

from collections.abc import Mapping
from typing import Final

from deploy.bench.asking import Asked, compared
from deploy.bench.contest import Line
from deploy.bench.metrics.population import TODAY, fill
from deploy.bench.stage import Stage
from services.chassis.store.mongo import MongoStore
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.moments import FixedClock
from services.metrics.main import service

SIZES: Final = (100, 1_000, 10_000, 1_000_000)
QUESTIONS: Final[Mapping[str, str]] = {
    "value": "/v1/metrics/kpis/businesses_active/value",
    "breakdown by sector": "/v1/metrics/kpis/valuation_total/breakdown?by=sector",
    "series by month, three years": "/v1/metrics/kpis/businesses_registered/series?from=2024&granularity=month",
    "all figures by kind": "/v1/metrics/kpis?by=kind",
}


async def measure(stage: Stage) -> list[Line]:
    stores = {size: MongoStore(stage.mongo_url, f"bench_reads_{size}", "metrics") for size in SIZES}
    clients = {}
    for size, store in stores.items():
        await store.prepare(service.documents)
        await fill(store, size)
    for size, store in stores.items():
        app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
        clients[size] = client_of(app, caller("auditor", scopes="metrics:read"), audience="metrics")
    lines = []
    for name, question in QUESTIONS.items():
        sizes = {f"{size:,} businesses": Asked(stores[size], clients[size], question) for size in SIZES}
        lines += await compared(name, sizes)
    for size, store in stores.items():
        await clients[size].aclose()
        await store.database.client.drop_database(store.database.name)
        store.close()
    return lines
