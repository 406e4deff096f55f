"""The way to a service: HTTP/1.1 on pooled connections, streamed both ways, under deadlines.

No cookies, redirects, decoding, or proxy from the environment. `tests/gateway/test_upstream_*.py` says what
an implementation of `gateway.upstream.call.Upstream` must hold; this one speaks through httpunk (hyper on asyncio).

What httpunk does by its nature:
- Values of one field keep their order and are never joined, but stand together where the field first stood.
- What hyper cannot write (RFC 3986, RFC 9110 §5.5) raises before the first byte; here that is `Malformed`.
- An upload that an early answer made pointless goes on until the answer has been read, then is broken off.
- Trailers of answers are read and dropped.

What it leaves to others, and is done here: deadlines, the pool, the repeat on a stale connection, the count
of a streamed body against its declared length, and an abort that leaves no FIN waiting behind unsent data.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any, cast
from urllib.parse import urlsplit

import httpunk
from httpunk.asyncio import H1ClientProtocol

from gateway.headers import Headers
from gateway.upstream.call import (
    Answer,
    BrokenAnswer,
    Call,
    ConnectDeadline,
    Deadlines,
    HeadDeadline,
    Malformed,
    NoSlot,
    Unreachable,
)
from gateway.upstream.pool import Pool
from gateway.upstream.timer import CallTimer
from gateway.upstream.upload import Upload

REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Sent again on a fresh connection even if the stale one may have carried them away (RFC 9110 §9.2.1)."""

DEADLINE_HEADER = b"x-zone-deadline"
"""Milliseconds that are left for the whole call when its head is written."""


class HttpunkUpstream:
    """The upstream client on httpunk.

    Args:
        limit: exchanges at a time, and so connections, per base.
        idle_for: seconds; see `Pool`. Services close later, if at all.
    """

    def __init__(self, *, limit: int = 100, idle_for: float = 4.0) -> None:
        self._limit = limit
        self._idle_for = idle_for
        self._pools: dict[str, Pool[_Line]] = {}
        self._under_way: set[CallTimer] = set()
        self._stopping = False
        self._done = asyncio.Event()

    @asynccontextmanager
    async def exchange(self, call: Call, deadlines: Deadlines) -> AsyncIterator[Answer]:
        if self._stopping:
            raise NoSlot("The gateway is stopping.")
        timer = CallTimer(deadlines)
        streamed = call.body is not None and not isinstance(call.body, bytes)
        upload = Upload(call, timer) if streamed else None
        self._under_way.add(timer)
        try:
            async with timer.scope, self._slot(call.base, timer) as pool:
                line, response = await self._send(pool, call, upload, timer)
                try:
                    async with response, aclosing(_chunks(response)) as chunks:
                        yield Answer(response.status, response.headers.raw_items(), chunks)
                finally:
                    pool.push(line)
        except Exception as exc:
            if upload is not None and upload.fault is not None:
                raise upload.fault from None
            if timer.scope.expired():
                raise timer.verdict() from None
            if isinstance(exc, httpunk.HTTPunkError | OSError):
                raise BrokenAnswer("The service broke off its answer.") from exc
            raise
        finally:
            self._leave(timer)

    async def close(self, within: float) -> None:
        self._stopping = True
        if self._under_way:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._done.wait(), within)
            for timer in self._under_way:
                timer.stop()
            await self._done.wait()
        for pool in self._pools.values():
            for line in pool.empty():
                await line.aclose()

    def _leave(self, timer: CallTimer) -> None:
        self._under_way.discard(timer)
        if self._stopping and not self._under_way:
            self._done.set()

    @asynccontextmanager
    async def _slot(self, base: str, timer: CallTimer) -> AsyncIterator[Pool["_Line"]]:
        pool = self._pools.get(base)
        if pool is None:
            pool = self._pools[base] = Pool(self._limit, self._idle_for)
        timer.allow(timer.deadlines.slot, NoSlot)
        await pool.take_slot()
        try:
            yield pool
        finally:
            pool.give_slot()

    async def _send(
        self, pool: Pool["_Line"], call: Call, upload: Upload | None, timer: CallTimer
    ) -> tuple["_Line", httpunk.Response]:
        """Up to the head of the answer; once more, on a fresh connection, if the pooled one was stale."""
        line = pool.pop()
        if line is not None:
            try:
                return line, await line.begin(call, upload, timer)
            except (httpunk.HTTPunkError, OSError):
                untouched = not line.heard and (upload is None or not upload.begun)
                if not untouched or (line.said and call.method not in REPEATABLE):
                    raise
        line = await _dial(call.base, timer)
        return line, await line.begin(call, upload, timer)


class _Line(H1ClientProtocol):
    """A connection, and whether anything was said or heard on it in the present exchange.

    Overrides four methods of httpunk's stream; its version is pinned, and the contract tests stand over it.
    """

    transport: asyncio.Transport | None = None
    http: httpunk.H1Connection
    said = heard = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        super().connection_made(transport)  # type: ignore[no-untyped-call]  # httpunk types its surface only

    def data_received(self, data: bytes) -> None:
        self.heard = True
        super().data_received(data)  # type: ignore[no-untyped-call]  # as above

    def send_all(self, data: bytes) -> Any:
        self.said = True
        return super().send_all(data)  # type: ignore[no-untyped-call]  # as above

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    drop = abort

    def forget(self) -> None:
        """Drop a connection whose making was interrupted: uvloop then closes it without a word to its protocol."""
        if self.transport is not None:
            self.transport.abort()
            self.connection_lost(None)  # type: ignore[no-untyped-call]  # as above

    @property
    def is_reusable(self) -> bool:
        closing = self.transport is None or self.transport.is_closing()
        return not (closing or self.http.closed or self.http.busy)

    async def begin(self, call: Call, upload: Upload | None, timer: CallTimer) -> httpunk.Response:
        """Write a call and wait for the head of its answer; on any failure the connection is gone."""
        self.said = self.heard = False
        if upload is None:
            timer.allow(timer.deadlines.head, HeadDeadline)
        else:
            timer.allow_the_rest()  # the head is due once the body has been sent
        try:
            request = httpunk.Request(
                call.method,
                call.target.decode("ascii"),
                headers=httpunk.HeaderMap(_head(call, timer.left)),
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


def _head(call: Call, left: int | None) -> Headers:
    """The fields of a call: ours once and only once, then the caller's."""
    headers = [(b"host", call.host)]
    if left is not None:
        headers.append((DEADLINE_HEADER, b"%d" % left))
    if isinstance(call.body, bytes):
        headers.append((b"content-length", b"%d" % len(call.body)))
    elif call.body is not None and call.length is not None:
        headers.append((b"content-length", b"%d" % call.length))
    return headers + call.headers  # a streamed body of unknown length: httpunk writes `chunked`


async def _dial(base: str, timer: CallTimer) -> _Line:
    """A fresh connection.

    Raises:
        Unreachable: refused, no such socket, no file descriptors left.
    """
    timer.allow(timer.deadlines.connect, ConnectDeadline)
    loop = asyncio.get_running_loop()
    line = _Line()
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


def _chunks(response: httpunk.Response) -> AsyncGenerator[bytes, None]:
    return cast(AsyncGenerator[bytes, None], response.aiter_bytes())
