"""The write path end to end: drafts of registrations posted to the registry, with and without group commit."""

import asyncio
import itertools
import json
from functools import partial

from deploy.bench.contest import Clock, Contest, Line, Round, Took
from deploy.bench.processors import clock_of
from deploy.bench.stage import Stage
from deploy.bench.wire import asked, head
from deploy.bench.write import WRITERS, Thing, repeated, unit
from deploy.korla.businesses import businesses
from deploy.launch.service_process import ServiceProcess
from deploy.machine.ports import HOST, free_port
from services.chassis.store.grouping.group_commit import GroupCommit
from services.chassis.store.mongo import MongoStore
from services.chassis.testing.callers import caller, identity_of, settings

ROUNDS, SECONDS = 4, 1.0
PARTNERS = 100
"""In turn, as one may have so many open drafts and no more."""
PATH = "/v1/registry/registrations"
AT_THE_STORE = "group commit at the store"
"""As many writers of small units of work, without HTTP, validation and domain."""
MODULES = {"one transaction a request": "deploy.bench.ungrouped", "group commit": "services.registry"}


class Poster:
    """Posts drafts to one process as one partner after the other; every one is accepted, or it raises."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._numbers = itertools.count()
        self._body = json.dumps({"payload": businesses()[0].payload}).encode()

    async def posted(self, connections: int, clock: Clock) -> Took:
        """Answers on so many connections, for a second."""
        begins = itertools.cycle([_begin(number) for number in range(PARTNERS)])
        end = b"Content-Length: %d\r\n\r\n%b" % (len(self._body), self._body)

        def draft() -> bytes:
            return b"%bIdempotency-Key: k%d\r\n%b" % (next(begins), next(self._numbers), end)

        return await asked(self._address, draft, connections, SECONDS, clock, status=201)


def _begin(number: int) -> bytes:
    """The head of a partner's request, but for its key and length."""
    partner = caller(partner=f"par_{number}", scopes="registry:filings:write")
    identity = identity_of(partner, "registry")["X-Zone-Identity"]
    return head(f"POST {PATH}", Content_Type="application/json", X_Zone_Identity=identity)


async def measure(stage: Stage) -> list[Line]:
    store = MongoStore(stage.mongo_url, "bench_post_store", "bench")
    await store.prepare([Thing])
    group_commit = GroupCommit(store)
    servers = {name: _registry(stage, name, module) for name, module in MODULES.items()}
    await asyncio.gather(*(server.start() for server in servers.values()))
    try:
        clock = clock_of([stage.pids["mongod"], *(each.process.pid for each in servers.values())], own=False)
        posters = {name: Poster(server.address) for name, server in servers.items()}
        lines = []
        for connections in WRITERS:
            rounds = {name: _round(each, connections, clock) for name, each in posters.items()}
            rounds[AT_THE_STORE] = partial(
                repeated, lambda _: unit(group_commit).commit(), connections, stage.clock("mongod"), SECONDS
            )
            found = await Contest.of(rounds, ROUNDS)
            at = f"POST on {connections} connection{'s' * (connections > 1)}"
            single, group = MODULES
            goal = "0.2" if connections == WRITERS[-1] else ""
            lines += [
                found.line(f"{at}: {single}", single),
                found.line(f"{at}: {group}", group, single),
                found.line(f"{at}: {group}", group, AT_THE_STORE, goal),
            ]
        return lines
    finally:
        for server in servers.values():
            server.stop()
        store.close()


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


def _round(poster: Poster, connections: int, clock: Clock) -> Round:
    return lambda: poster.posted(connections, clock)
