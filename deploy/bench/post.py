"""The write path end to end: drafts of registrations posted to the registry, with and without group commit."""

import asyncio
import itertools
import json
import re
import time
from collections.abc import Awaitable, Callable, Iterable

from deploy.bench.contest import Contest, Line
from deploy.bench.stage import Stage
from deploy.bench.wire import head, rate_to
from deploy.bench.write import WRITERS, cpu_used
from deploy.korla.businesses import businesses
from deploy.launch.service_process import ServiceProcess
from deploy.machine.ports import HOST, free_port
from services.chassis.http import client as http_client
from services.chassis.store.mongo import MongoStore
from services.chassis.testing.callers import caller, identity_of, settings

ROUNDS, SECONDS = 4, 1.0
PARTNERS = 100
"""In turn, as one may have so many open drafts and no more."""
PATH = "/v1/registry/registrations"
CPU = re.compile(r"^process_cpu_seconds_total (\S+)$", re.MULTILINE)
MODULES = {"one transaction a request": "deploy.bench.ungrouped", "group commit": "services.registry"}


class Poster:
    """Posts drafts to one process as one partner after the other; every one is accepted, or it raises."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._numbers = itertools.count()
        self._body = json.dumps({"payload": businesses()[0].payload}).encode()

    async def rate(self, connections: int) -> float:
        """Answers a second on so many connections."""
        begins = itertools.cycle([_begin(number) for number in range(PARTNERS)])
        end = b"Content-Length: %d\r\n\r\n%b" % (len(self._body), self._body)

        def draft() -> bytes:
            return b"%bIdempotency-Key: k%d\r\n%b" % (next(begins), next(self._numbers), end)

        return await rate_to(self._address, draft, connections, SECONDS, status=201)


def _begin(number: int) -> bytes:
    """The head of a partner's request, but for its key and length."""
    partner = caller(partner=f"par_{number}", scopes="registry:filings:write")
    identity = identity_of(partner, "registry")["X-Zone-Identity"]
    return head(f"POST {PATH}", Content_Type="application/json", X_Zone_Identity=identity)


async def measure(stage: Stage) -> list[Line]:
    store = MongoStore(stage.mongo_url, "bench_post", "bench")
    servers = {name: _registry(stage, name, module) for name, module in MODULES.items()}
    await asyncio.gather(*(server.start() for server in servers.values()))
    try:
        posters = {name: Poster(server.address) for name, server in servers.items()}
        lines = []
        for connections in WRITERS:
            rounds = {name: _round(each, connections) for name, each in posters.items()}
            found = await Contest.of(rounds, ROUNDS, lambda: _cpu_used(store, servers.values()))
            at = f"POST on {connections} connection{'s' * (connections > 1)}"
            single, group = MODULES
            lines += [found.line(f"{at}: {single}", single), found.line(f"{at}: {group}", group, single)]
        return lines
    finally:
        for server in servers.values():
            server.stop()
        store.close()


async def _cpu_used(store: MongoStore, servers: Iterable[ServiceProcess]) -> float:
    """Seconds of processor time of the services and of MongoDB; what posts is left out."""
    used = await cpu_used(store) - time.process_time()
    for server in servers:
        answer = await http_client.answer(server.address, "/metrics", timeout=5)
        found = CPU.search(answer[1]) if answer else None
        if found is None:
            raise RuntimeError(f"{server.name} does not say what it used")
        used += float(found[1])
    return used


def _registry(stage: Stage, name: str, module: str) -> ServiceProcess:
    """The API of a registry with a database of its own."""
    environment = {
        "ZONE_MONGO_URL": stage.mongo_url,
        "ZONE_DATABASE_PREFIX": f"bench_{module.rpartition('.')[2]}",
        "ZONE_IDENTITY_PUBLIC_KEY": settings().identity_public_key,
        "ZONE_LOG_FORMAT": "json",
    }
    listen, log = f"{HOST}:{free_port()}", stage.folder / f"{module}.log"
    return ServiceProcess(name, module, listen=listen, environment=environment, log=log, role="api")


def _round(poster: Poster, connections: int) -> Callable[[], Awaitable[float]]:
    return lambda: poster.rate(connections)
