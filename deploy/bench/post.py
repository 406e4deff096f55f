"""The write path end to end: drafts of registrations posted to the registry, with and without group commit."""

import asyncio
import itertools
import json
from functools import partial

from deploy.bench.contest import Clock, Contest, Line, Round, Took
from deploy.bench.processors import clock_of
from deploy.bench.stage import Stage
from deploy.bench.write import WRITERS, Thing, repeated, unit
from deploy.korla.businesses import businesses
from deploy.launch.service_process import ServiceProcess
from deploy.machine.ports import HOST, free_port
from services.chassis.store.group_commit import GroupCommit
from services.chassis.store.mongo import MongoStore
from services.chassis.testing.callers import caller, identity_of, settings

ROUNDS, SECONDS = 4, 1.0
PARTNERS = 100
"""In turn, as one may have so many open drafts and no more."""
PATH = "/v1/registry/registrations"
AT_THE_STORE = "group commit at the store"
"""As many writers of small units of work, without HTTP, validation and domain."""
MODULES = {"one transaction a request": "deploy.bench.ungrouped", "group commit": "services.registry"}


class Wire:
    """One kept connection that posts and waits for the answer, at next to no cost of its own."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, port: int) -> "Wire":
        return cls(*await asyncio.open_connection(HOST, port))

    async def post(self, head: bytes, body: bytes) -> int:
        """The status of the answer, once all of it has come."""
        self._writer.write(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = answer.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
        await self._reader.readexactly(int(length))
        return int(answer.split(b" ", 2)[1])

    def close(self) -> None:
        self._writer.close()


class Poster:
    """Posts drafts to one process as one partner after the other; every one is accepted, or it raises."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._numbers = itertools.count()
        self._body = json.dumps({"payload": businesses()[0].payload}).encode()

    async def posted(self, connections: int, clock: Clock) -> Took:
        """Answers on so many connections, for a second."""
        heads = itertools.cycle([_head(number) for number in range(PARTNERS)])
        wires = [await Wire.to(self._port) for _ in range(connections)]
        free = list(wires)

        async def post(_: int) -> None:
            wire = free.pop()
            head = b"%s\r\nIdempotency-Key: k%d\r\n" % (next(heads), next(self._numbers))
            status = await wire.post(head, self._body)
            if status != 201:
                raise RuntimeError(f"a draft was answered {status}")
            free.append(wire)

        try:
            return await repeated(post, connections, clock, SECONDS)
        finally:
            for wire in wires:
                wire.close()


def _head(number: int) -> bytes:
    """The head of a partner's request, but for its key and length."""
    partner = caller(partner=f"par_{number}", scopes="registry:filings:write")
    identity = identity_of(partner, "registry")["X-Zone-Identity"]
    lines = (f"POST {PATH} HTTP/1.1", "Host: bench", "Content-Type: application/json", f"X-Zone-Identity: {identity}")
    return "\r\n".join(lines).encode()


async def measure(stage: Stage) -> list[Line]:
    store = MongoStore(stage.mongo_url, "bench_post_store", "bench")
    await store.prepare([Thing])
    group_commit = GroupCommit(store)
    servers = {name: _registry(stage, name, module) for name, module in MODULES.items()}
    await asyncio.gather(*(server.start() for server in servers.values()))
    try:
        clock = clock_of([stage.pids["mongod"], *(each.process.pid for each in servers.values())], own=False)
        posters = {name: Poster(int(server.address.rpartition(":")[2])) for name, server in servers.items()}
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
