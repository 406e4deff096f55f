"""One connection to a service: a call written on it, and the head of its answer."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, cast
from urllib.parse import urlsplit

import httpunk
from httpunk.asyncio import H1ClientProtocol

from gateway.headers import Headers
from gateway.upstream.call import (
    BrokenAnswer,
    Call,
    ConnectDeadline,
    Malformed,
    Unreachable,
)
from gateway.upstream.timer import CallTimer
from gateway.upstream.upload import Upload
from gateway.upstream.whole import Whole, answered

DEADLINE_HEADER = b"x-zone-deadline"
"""Milliseconds that are left for the whole call when its head is written."""


class Line(H1ClientProtocol):
    """A connection, and whether anything was said or heard on it in the present exchange.

    An exchange of whole messages (`ask`) passes httpunk by, which takes the connection for idle meanwhile. Where the
    answer is not whole and plain, `begin` lets httpunk send the same call, without a byte being written again, and
    gives it what has come.

    Overrides six methods of httpunk's stream; its version is pinned, and the contract tests stand over it.
    """

    transport: asyncio.Transport | None = None
    http: httpunk.H1Connection
    said = heard = False
    _asked: asyncio.Future[Whole | None] | None = None
    _asked_at: float | None = None
    _kept: list[Callable[[], object]] | None = None
    """What httpunk is yet to be told, in order, where it takes an exchange over."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        super().connection_made(transport)  # type: ignore[no-untyped-call]  # httpunk types its surface only

    def data_received(self, data: bytes) -> None:
        self.heard = True
        asked, self._asked = self._asked, None
        tell = partial(super().data_received, data)
        if asked is not None:
            whole = answered(data)
            if whole is None:
                self._kept = [tell]
            if not asked.done():
                asked.set_result(whole)
        else:
            self._tell(tell)

    def eof_received(self) -> bool:
        self._give_up()
        self._tell(super().eof_received)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._give_up()
        self._tell(partial(super().connection_lost, exc))

    def send_all(self, data: bytes) -> Any:
        self.said = True
        if self._kept is not None:
            self._loop.call_soon(self._tell_kept)
            return _nothing()
        return super().send_all(data)  # type: ignore[no-untyped-call]  # as above

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.abort()
        self._tell_kept()

    drop = abort

    def forget(self) -> None:
        """Drop a connection whose making was interrupted: uvloop then closes it without a word to its protocol."""
        if self.transport is not None:
            self.transport.abort()
            self.connection_lost(None)

    @property
    def is_reusable(self) -> bool:
        closing = self.transport is None or self.transport.is_closing()
        unasked = self.readable_now()  # type: ignore[no-untyped-call]  # as above
        return not (closing or unasked or self._kept or self.http.closed or self.http.busy)

    @property
    def is_drained(self) -> bool:
        """Whether all that was written has left for the service."""
        return self.transport is not None and not self.transport.get_write_buffer_size()

    def ask(self, request: bytes) -> asyncio.Future[Whole | None]:
        """Write a whole request. The answer, if it comes whole and plain; None: let `begin` read it.

        The future raises OSError where the connection ends first. Whoever stops waiting drops the connection.
        """
        assert self.transport is not None
        self.said, self.heard = True, False
        self._asked = self._loop.create_future()
        self._asked_at = self._loop.time()
        self.transport.write(request)
        return self._asked

    async def begin(self, call: Call, upload: Upload | None, timer: CallTimer) -> httpunk.Response:
        """Write a call, where `ask` has not, and wait for the head of its answer; at a failure the connection goes."""
        if self._kept is None:
            self.said = self.heard = False
            self._asked_at = None
        if upload is None:
            timer.allow_head(self._asked_at)
        else:
            timer.allow_the_rest()  # the head is due once the body has been sent
        try:
            request = httpunk.Request(
                call.method,
                call.target.decode("ascii"),
                headers=httpunk.HeaderMap(own_fields(call, timer.left) + call.headers),
                body=upload or call.body,
            )
            response = await self.http.send_request(request)
            _check(response)
        except BaseException as exc:
            self.drop()
            if isinstance(exc, ValueError) and not self.said:
                raise Malformed("The request cannot be written as HTTP/1.1.") from exc
            raise
        if upload is not None:
            upload.answered = True
        timer.allow_the_rest()
        return response

    def _give_up(self) -> None:
        asked, self._asked = self._asked, None
        if asked is not None and not asked.done():
            asked.set_exception(ConnectionResetError("the connection ended before an answer came"))

    def _tell(self, what: Callable[[], object]) -> None:
        """Let httpunk know, now or behind what it has not been told yet."""
        if self._kept is None:
            what()
        else:
            self._kept.append(what)

    def _tell_kept(self) -> None:
        kept, self._kept = self._kept or [], None
        for tell in kept:
            tell()


async def _nothing() -> None:
    """What writing nothing takes."""


def _check(response: httpunk.Response) -> None:
    """Refuse what hyper reads but nobody behind us should have to."""
    if response.is_upgrade:
        raise BrokenAnswer("The service changed the protocol unasked.")
    if response.status > 599:
        raise BrokenAnswer("The service answered with a status that does not exist (RFC 9110 §15).")
    lengths = response.headers.get_all("content-length")
    codings = response.headers.get_all("transfer-encoding")
    if (lengths and codings) or not all(value.isdigit() for value in lengths):
        raise BrokenAnswer("The service framed its answer ambiguously (RFC 9112 §6.3).")
    if any(coding.lower() != b"chunked" for coding in codings):
        raise BrokenAnswer("The service coded its answer in a way that was not asked for (RFC 9112 §6.1).")


def own_fields(call: Call, left: int | None) -> Headers:
    """The fields of a call that are ours: each once and only once.

    Args:
        left: milliseconds until the end of the whole; None where it has none.
    """
    headers = [(b"host", call.host)]
    if left is not None:
        headers.append((DEADLINE_HEADER, b"%d" % left))
    if isinstance(call.body, bytes):
        headers.append((b"content-length", b"%d" % len(call.body)))
    elif call.body is not None and call.length is not None:
        headers.append((b"content-length", b"%d" % call.length))
    return headers  # of a streamed body of unknown length httpunk writes `chunked`


async def dial(base: str, timer: CallTimer) -> Line:
    """A fresh connection.

    Raises:
        Unreachable: refused, no such socket, no file descriptors left.
    """
    timer.allow(timer.deadlines.connect, ConnectDeadline)
    loop = asyncio.get_running_loop()
    line = Line()
    try:
        if base.startswith("unix:"):
            await loop.create_unix_connection(lambda: line, base.removeprefix("unix:"))
        else:
            address = urlsplit(base)
            await loop.create_connection(lambda: line, address.hostname or "", address.port or 80)
        line.http = cast(httpunk.H1Connection, await line.ready())
    except OSError as exc:
        line.forget()
        raise Unreachable("The service cannot be reached.") from exc
    except BaseException:
        line.forget()
        raise
    return line
