"""Both ends of the gateway as plain sockets: a service that says exactly what a test tells it to, a caller likewise."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from gateway.upstream.call import Call, Deadlines, Upstream

Script = Callable[["Connection"], Awaitable[None]]

IN_TIME = 3.0
"""Seconds: what is due at once, or at a deadline of tenths of a second, and has not come by then, does not come for
that. A busy machine is late, so nothing is asked more closely."""

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


@dataclass
class Connection:
    """One accepted connection of a scripted service."""

    number: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heads: list[bytes] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def head(self) -> bytes:
        """The next request head, as it came."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        return head

    async def request(self) -> tuple[bytes, bytes]:
        """The next request, head and body, the body unchunked."""
        head = await self.head()
        lower = head.lower()
        if b"transfer-encoding: chunked" in lower:
            return head, await self._chunked()
        if b"content-length: " in lower:
            length = int(lower.split(b"content-length: ")[1].split(b"\r\n")[0])
            return head, await self.reader.readexactly(length)
        return head, b""

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def until_left(self) -> None:
        """A script: wait until the other side has left (FIN or RST)."""
        with contextlib.suppress(ConnectionError):
            while await self.reader.read(65536):
                pass

    def reset(self) -> None:
        """Close with RST."""
        self.writer.transport.abort()

    async def _chunked(self) -> bytes:
        body = b""
        while size := int(await self.reader.readline(), 16):
            body += await self.reader.readexactly(size)
            await self.reader.readexactly(2)
        await self.reader.readline()
        return body


@dataclass
class Service:
    """A scripted service: where it listens, and the connections it was given."""

    base: str
    connections: list[Connection] = field(default_factory=list)

    @property
    def heads(self) -> list[bytes]:
        return [head for connection in self.connections for head in connection.heads]


@asynccontextmanager
async def service(script: Script, unix: str | None = None) -> AsyncIterator[Service]:
    """A service on a free port (or a Unix socket) that runs `script` on each connection, then closes it."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        connection = Connection(len(running.connections), reader, writer)
        running.connections.append(connection)
        try:
            await script(connection)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            connection.over.set()
            tasks.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    if unix is None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        running = Service(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    else:
        server = await asyncio.start_unix_server(serve, unix)
        running = Service(f"unix:{unix}")
    try:
        yield running
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def call(base: str, method: str = "GET", target: bytes = b"/", **rest: Any) -> Call:
    """A call with nothing special about it."""
    return Call(base, b"registry", method, target, rest.pop("headers", []), **rest)


async def fetch(upstream: Upstream, wanted: Call, deadlines: Deadlines | None = None) -> tuple[int, bytes]:
    """Status and whole body of the answer to a call."""
    async with upstream.exchange(wanted, deadlines or Deadlines()) as answer:
        return answer.status, b"".join([chunk async for chunk in answer.chunks])


async def answering(connection: Connection, answer: bytes = OK) -> None:
    """A script: every request is answered alike, for as long as the connection lasts."""
    while True:
        await connection.request()
        await connection.say(answer)


@dataclass
class Response:
    """What came back on a raw connection."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    complete: bool

    def values(self, name: str) -> list[str]:
        return [value.decode("latin-1") for key, value in self.headers if key == name.encode()]

    def value(self, name: str) -> str:
        (value,) = self.values(name)
        return value


class RawCaller:
    """A caller that writes bytes and reads what comes, on one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def response(self, head_only: bool = False) -> Response:
        """The next response; `complete` is false where the connection broke off in its body."""
        raw = await self.reader.readuntil(b"\r\n\r\n")
        while raw == CONTINUE:
            raw = await self.reader.readuntil(b"\r\n\r\n")
        status_line, *lines = raw[:-4].split(b"\r\n")
        headers = [(name.lower(), value) for name, value in (line.split(b": ", 1) for line in lines)]
        status = int(status_line.split(b" ")[1])
        named = dict(headers)
        if head_only or status in (204, 304):
            return Response(status, headers, b"", complete=True)
        try:
            if named.get(b"transfer-encoding") == b"chunked":
                body = b""
                while size := int(await self._line(), 16):
                    body += await self.reader.readexactly(size)
                    await self.reader.readexactly(2)
                await self._line()
            else:
                body = await self.reader.readexactly(int(named[b"content-length"]))
        except asyncio.IncompleteReadError as exc:
            return Response(status, headers, exc.partial, complete=False)
        except ConnectionError:
            return Response(status, headers, b"", complete=False)
        return Response(status, headers, body, complete=True)

    async def ask(self, data: bytes, head_only: bool = False) -> Response:
        await self.say(data)
        return await self.response(head_only)

    async def closed(self) -> bool:
        """Whether nothing more comes: the other side has closed."""
        with contextlib.suppress(ConnectionError):
            return await self.reader.read(1) == b""
        return True

    def leave(self) -> None:
        """Close both ways at once (FIN), as a program does that gives up or ends."""
        self.writer.transport.abort()

    def reset(self) -> None:
        """Close with RST."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def _line(self) -> bytes:
        line = await self.reader.readline()
        if not line.endswith(b"\n"):
            raise asyncio.IncompleteReadError(line, None)
        return line


@asynccontextmanager
async def caller(port: int, receive_buffer: int | None = None) -> AsyncIterator[RawCaller]:
    """A connection to a server on this machine."""
    limit = 2**16 if receive_buffer is None else receive_buffer
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=limit)
    try:
        yield RawCaller(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@asynccontextmanager
async def served(app: Any, protocol: type[asyncio.Protocol], **settings: Any) -> AsyncIterator[int]:
    """A real uvicorn on a free port, in this loop; its port."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        http=protocol,
        ws="none",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        date_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=1,
        **settings,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
        if running.done():
            await running
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.stopping.set()
        await running


class _Server(uvicorn.Server):
    """uvicorn without its hold on the process's signals, and stopped at once rather than within its next tick."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.stopping = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield

    async def main_loop(self) -> None:
        await self.stopping.wait()
