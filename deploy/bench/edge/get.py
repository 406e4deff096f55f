"""The read path end to end: one business, asked for through the gateway, and of its registry without it."""

from collections.abc import Mapping

from deploy.bench.contest import Contest, Line, Took
from deploy.bench.edge.bench_edge import BenchEdge
from deploy.bench.latency import Counter
from deploy.bench.processors import clock_of, used_by
from deploy.bench.stage import Stage
from deploy.bench.wire import asked, head
from deploy.korla.clients import partner_and_officer
from deploy.machine.server import Server
from deploy.public_api import call, connect
from services.chassis.http.client import Client
from services.chassis.testing.callers import caller, identity_of

ROUNDS, SECONDS, CONNECTIONS = 6, 1.5, 10


async def measure(stage: Stage) -> list[Line]:
    """Raises Complaint where the gateway or the registry cannot be started."""
    edge = BenchEdge(stage, "get")
    async with edge.service("registry") as registry, edge.gateway(registry.address) as gateway:
        path = await _a_business(gateway.address, edge.operator_key)
        pids = {"gateway": gateway.process.pid, "registry": registry.process.pid, "MongoDB": stage.pids["mongod"]}
        return await _both(pids, registry, gateway, path, edge.operator_key)


async def _both(pids: Mapping[str, int], registry: Server, gateway: Server, path: str, key: str) -> list[Line]:
    through = head(f"GET {path}", Authorization=f"Bearer {key}") + b"\r\n"
    reader = caller("operator", scopes="registry:businesses:read")
    clock = clock_of(pids.values(), own=False)

    async def to_the_gateway() -> Took:
        return await asked(gateway.address, lambda: through, CONNECTIONS, SECONDS, clock)

    async def to_the_registry() -> Took:
        identity = identity_of(reader, "registry")["X-Zone-Identity"]  # good for a minute
        direct = head(f"GET {path}", X_Zone_Identity=identity) + b"\r\n"
        return await asked(registry.address, lambda: direct, CONNECTIONS, SECONDS, clock)

    alone, whole = "the registry alone", "through the gateway"
    found = await Contest.of({alone: to_the_registry, whole: to_the_gateway}, ROUNDS)
    at = f"GET of a business on {CONNECTIONS} connections"
    before, done = used_by(pids.values()), (await to_the_gateway()).things
    after = used_by(pids.values())
    parts = [f"{name} {(after[pid] - before[pid]) / done * 1000:.2f}" for name, pid in pids.items()]
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
