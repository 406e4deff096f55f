"""One ASGI application on one address, until SIGTERM."""

import asyncio
import socket
import sys
from pathlib import Path
from types import FrameType
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

REQUESTS_FINISH_WITHIN = 11
"""Seconds for requests in flight once a stop was asked for: a service's deadline of 10, and a little. Relay, consumer
and telemetry have theirs behind it."""
IDLE_CONNECTIONS_CLOSE_AFTER = 75
"""Seconds. Clients give theirs up earlier, such as httpx after 5 (uvicorn's usual time too): one that keeps a
connection just as long sends requests into it while it is being closed."""

HELD_AT_MOST = 64 * 1024
"""Bytes that wait to be written until a turn of the event loop is over."""

FAILED_TO_START = 3
OWNER_ALONE = 0o600
"""Mode of a Unix socket."""


class _Server(uvicorn.Server):
    """Returns after a graceful stop; uvicorn's own would raise the signal once more and die of it."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._captured_signals.clear()


def serve(app: ASGIApp, listen: str, *, finish_within: int = REQUESTS_FINISH_WITHIN, **options: Any) -> None:
    """Serve until SIGTERM or Ctrl-C; requests in flight are finished, and cancelled where they take too long.

    Args:
        listen: `HOST:PORT`, or `unix:` and the path of a socket.
        finish_within: seconds for requests in flight, once a stop was asked for.
        options: further ones of uvicorn.

    Raises:
        SystemExit: it could not start; the log says why.
    """
    options.setdefault("http", HttpProtocol)
    sockets = None
    if listen.startswith("unix:"):
        sockets = [owners_socket(Path(listen.removeprefix("unix:")))]
    else:
        host, _, port = listen.rpartition(":")
        options |= {"host": host.strip("[]"), "port": int(port)}
    server = _Server(
        uvicorn.Config(
            _Cancellable(app),
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=IDLE_CONNECTIONS_CLOSE_AFTER,
            timeout_graceful_shutdown=finish_within,
            **options,
        )
    )
    server.run(sockets)
    if not server.started:
        sys.exit(FAILED_TO_START)


class _Cancellable:
    """ASGI layer: a request that was cancelled is over; uvicorn would take it for a fault and answer 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError:
            if scope["type"] != "http":
                raise


def owners_socket(path: Path) -> socket.socket:
    """A bound Unix socket that only its owner may connect to; nobody can before uvicorn listens.

    uvicorn's own lets everybody in (mode 0666).
    """
    path.unlink(missing_ok=True)
    bound = socket.socket(socket.AF_UNIX)
    bound.bind(str(path))
    path.chmod(OWNER_ALONE)
    return bound


class HeadAsGet:
    """ASGI layer: a HEAD is a GET whose body the server does not send (RFC 9110 §9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_head = scope["type"] == "http" and scope["method"] == "HEAD"
        await self._app({**scope, "method": "GET"} if is_head else scope, receive, send)


class Together:
    """A coalescing transport: what one turn of the event loop writes leaves in one system call.

    uvicorn writes the head of an answer and each piece of its body apart, and every write to a socket costs as much
    as parsing a request. In all else it is the transport inside.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._inner, self._loop = transport, loop
        self._held: list[bytes] = []
        self._size = 0
        self.is_closing = transport.is_closing
        self.pause_reading, self.resume_reading = transport.pause_reading, transport.resume_reading

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def write(self, data: bytes) -> None:
        if not data:
            return
        self._held.append(data)
        self._size += len(data)
        if self._size > HELD_AT_MOST:
            self._flush()
        elif len(self._held) == 1:
            self._loop.call_soon(self._flush)

    def get_write_buffer_size(self) -> int:
        return self._size + self._inner.get_write_buffer_size()

    def write_eof(self) -> None:
        self._flush()
        self._inner.write_eof()

    def close(self) -> None:
        self._flush()
        self._inner.close()

    def abort(self) -> None:
        self._held.clear()
        self._size = 0
        self._inner.abort()

    def _flush(self) -> None:
        if not self._held:
            return
        data = self._held[0] if len(self._held) == 1 else b"".join(self._held)
        self._held.clear()
        self._size = 0
        if not self._inner.is_closing():
            self._inner.write(data)


class HttpProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 protocol class on such a transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(cast(asyncio.Transport, self.together(transport)))

    def together(self, transport: asyncio.Transport) -> Together:
        """The transport that answers are written on."""
        return Together(transport, self.loop)
