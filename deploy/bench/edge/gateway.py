"""The gateway beside nginx: one key looked at and one request passed on, to a service that costs neither anything."""

import asyncio
from typing import Any

from deploy.bench.contest import Contest, Line, Took
from deploy.bench.edge import nginx
from deploy.bench.edge.bench_edge import BenchEdge
from deploy.bench.edge.nginx import Nginx
from deploy.bench.processors import clock_of
from deploy.bench.stage import Stage
from deploy.bench.wire import asked, head
from deploy.machine.ports import free_port
from deploy.machine.server import Server

ROUNDS, SECONDS, CONNECTIONS = 6, 1.5, 10
PATH = "/v1/registry/businesses/biz_0"
BODY = b'{"id":"biz_0","name":{"legal":"\xe7\xa4\xba\xe4\xbe\x8b"},"version":1}' * 8
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
MISSING = "skipped: there is no nginx to measure it beside (on Debian: apt-get install nginx-light)"


class Canned(asyncio.Protocol):
    """A service in this process that gives every request, which comes in one piece, the same answer."""

    def connection_made(self, transport: Any) -> None:
        self._transport: asyncio.Transport = transport

    def data_received(self, data: bytes) -> None:
        if data.endswith(b"\r\n\r\n"):
            self._transport.write(ANSWER)


async def measure(stage: Stage) -> list[Line]:
    """Raises Complaint where one of the two cannot be started."""
    program = nginx.installed()
    if program is None:
        return [Line("gateway beside nginx", MISSING)]
    edge, folder = BenchEdge(stage, "gateway"), stage.folder / "nginx"
    socket = f"{stage.folder / 'canned'}.sock"
    service = await asyncio.get_running_loop().create_unix_server(Canned, socket)
    try:
        async with edge.gateway(f"unix:{socket}") as gateway:
            key = edge.operator_key
            async with Nginx(program, folder, port=free_port(), key=key, upstream=f"unix:{socket}") as other:
                return await _beside(gateway, other, key)
    finally:
        service.close()


async def _beside(gateway: Server, other: Server, key: str) -> list[Line]:
    request = head(f"GET {PATH}", Authorization=f"Bearer {key}") + b"\r\n"
    servers = {"nginx": other, "gateway": gateway}

    clock = clock_of([server.process.pid for server in servers.values()], own=False)

    async def turn(server: Server) -> Took:
        return await asked(server.address, lambda: request, CONNECTIONS, SECONDS, clock)

    contenders = {name: (lambda server=server: turn(server)) for name, server in servers.items()}
    found = await Contest.of(contenders, ROUNDS)
    at = f"GET on {CONNECTIONS} connections"
    return [
        found.line(f"{at}: nginx, with the key in a map", "nginx"),
        found.line(f"{at}: gateway", "gateway", "nginx", "by cpu 0.06"),
    ]
