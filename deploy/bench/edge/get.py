"""The read path end to end: one business, asked for through the gateway, and of its registry without it."""

import time

from deploy.bench.contest import Contest, Line
from deploy.bench.edge.bench_edge import BenchEdge
from deploy.bench.edge.gateway import cpu_of
from deploy.bench.latency import Counter
from deploy.bench.stage import Stage
from deploy.bench.wire import head, rate_to
from deploy.bench.write import cpu_used
from deploy.korla.clients import partner_and_officer
from deploy.machine.server import Server
from deploy.public_api import call, connect
from services.chassis.http.client import Client
from services.chassis.store.mongo import MongoStore
from services.chassis.testing.callers import caller, identity_of

ROUNDS, SECONDS, CONNECTIONS = 6, 1.5, 10


async def measure(stage: Stage) -> list[Line]:
    """Raises Complaint where the gateway or the registry cannot be started."""
    edge = BenchEdge(stage, "get")
    store = MongoStore(stage.mongo_url, "bench_get", "bench")
    try:
        async with edge.service("registry") as registry, edge.gateway(registry.address) as gateway:
            path = await _a_business(gateway.address, edge.operator_key)
            return await _both(store, registry, gateway, path, edge.operator_key)
    finally:
        store.close()


async def _both(store: MongoStore, registry: Server, gateway: Server, path: str, key: str) -> list[Line]:
    through = head(f"GET {path}", Authorization=f"Bearer {key}") + b"\r\n"
    reader = caller("operator", scopes="registry:businesses:read")

    async def to_the_gateway() -> float:
        return await rate_to(gateway.address, lambda: through, CONNECTIONS, SECONDS)

    async def to_the_registry() -> float:
        identity = identity_of(reader, "registry")["X-Zone-Identity"]  # good for a minute
        direct = head(f"GET {path}", X_Zone_Identity=identity) + b"\r\n"
        return await rate_to(registry.address, lambda: direct, CONNECTIONS, SECONDS)

    async def used() -> dict[str, float]:
        """Seconds of processor time so far; what asks is left out."""
        mongodb = await cpu_used(store) - time.process_time()
        return {"gateway": await cpu_of([gateway]), "registry": await cpu_of([registry]), "MongoDB": mongodb}

    async def clock() -> float:
        return sum((await used()).values())

    alone, whole = "the registry alone", "through the gateway"
    found = await Contest.of({alone: to_the_registry, whole: to_the_gateway}, ROUNDS, clock)
    at = f"GET of a business on {CONNECTIONS} connections"
    before, done = await used(), await to_the_gateway() * SECONDS
    parts = [f"{name} {(now - before[name]) / done * 1000:.2f}" for name, now in (await used()).items()]
    return [
        found.line(f"{at}: {alone}", alone),
        found.line(f"{at}: {whole}", whole, alone, "cpu 0.8 ms"),
        Line(f"{at}: processor time by process, in ms", ", ".join(parts)),
    ]


async def _a_business(url: str, operator_key: str) -> str:
    """The path of a business, registered as any other is."""

    def connected(key: str) -> Client:
        return connect(url, key)

    async with (
        connected(operator_key) as operator,
        partner_and_officer(operator, connected) as (partner, officer),
    ):
        counter = Counter(partner, officer)
        filing_id = await counter.prepare(0)
        await counter.register(filing_id)
        about = f"filing {filing_id}"
        filing = (await call(officer, "GET", f"/v1/registry/filings/{filing_id}", about=about)).body
        return f"/v1/registry/businesses/{filing['business_id']}"
