"""The reverse-proxy client: HTTP/1.1 to a service on pooled connections, streamed both ways, under deadlines.

No cookies, redirects, decoding, or proxy from the environment. `tests/gateway/test_upstream_*.py` says what
an implementation of `gateway.upstream.call.Upstream` must hold; this one speaks through httpunk (hyper on asyncio).

Calls in one piece on a connection that is there, answered in one plain piece, do not pass httpunk (`exchange.py`).

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
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, suppress
from types import TracebackType
from typing import cast

import httpunk

from gateway import limits
from gateway.upstream.call import (
    Answer,
    BrokenAnswer,
    Call,
    Deadlines,
    Lane,
    NoSlot,
    unheard,
)
from gateway.upstream.exchange import Begun, Place, Whole
from gateway.upstream.line import Line, dial
from gateway.upstream.pool import Pool
from gateway.upstream.shares import Shares
from gateway.upstream.timer import CallTimer
from gateway.upstream.upload import Upload

BOUNDS = {Lane.SHORT: limits.of_requests, Lane.UPLOAD: limits.of_uploads, Lane.STREAM: limits.of_streams}
"""How many exchanges of a lane a service may have at once, so that none takes anything from another."""


class HttpunkUpstream:
    """The upstream client on httpunk.

    Args:
        limit: short exchanges at a time, and so connections, per base; `BOUNDS` says how many of other lanes.
        idle_for: seconds; see `Pool`. Services close later, if at all.
    """

    def __init__(self, *, limit: int = limits.SLOTS, idle_for: float = 4.0) -> None:
        self._bounds = {lane: BOUNDS[lane](limit) for lane in Lane}
        self._idle_for = idle_for
        self._places: dict[tuple[str, Lane], Place] = {}
        self._under_way: set[CallTimer | Whole] = set()
        self._stopping = False
        self._done = asyncio.Event()

    def exchange(self, call: Call, deadlines: Deadlines) -> AbstractAsyncContextManager[Answer]:
        if self._stopping:
            raise NoSlot("The gateway is stopping.")
        return _Exchange(self, call, deadlines)

    async def at_once(self, call: Call, deadlines: Deadlines) -> Answer | Begun | None:
        """An answer in one piece, on a connection that is there; or what has begun, and is under way still."""
        whole = Whole(self._place(call), call, deadlines)
        self._under_way.add(whole)
        begun = None
        try:
            begun = await whole.answer()
            return begun
        finally:
            if isinstance(begun, Begun):
                self._under_way.discard(whole)  # `streamed` takes its place before anything else runs
            else:
                self._leave(whole)

    @asynccontextmanager
    async def streamed(self, call: Call, deadlines: Deadlines, begun: Begun | None) -> AsyncIterator[Answer]:
        """An answer as it comes."""
        timer = CallTimer(deadlines, begun.started if begun else None)
        streamed = call.body is not None and not isinstance(call.body, bytes)
        upload = Upload(call, timer) if streamed else None
        self._under_way.add(timer)
        try:
            async with timer.scope, self._slot(call, timer, begun) as pool:
                line, response = await self._send(pool, call, upload, timer, begun)
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
            for each in list(self._under_way):
                each.stop()
            await self._done.wait()
        for place in self._places.values():
            for line in place.pool.empty():
                await line.aclose()

    def _leave(self, one: CallTimer | Whole) -> None:
        self._under_way.discard(one)
        if self._stopping and not self._under_way:
            self._done.set()

    def _place(self, call: Call) -> Place:
        place = self._places.get((call.base, call.lane))
        if place is None:
            at_once, a_client = self._bounds[call.lane]
            place = Place(Pool(at_once, self._idle_for), Shares(a_client))
            self._places[call.base, call.lane] = place
        return place

    @asynccontextmanager
    async def _slot(self, call: Call, timer: CallTimer, begun: Begun | None) -> AsyncIterator[Pool["Line"]]:
        """A slot at the service, out of the client's share of them. Who has begun has one."""
        pool, shares = place = self._place(call)
        if begun is None:
            await shares.take(call.client, timer.deadlines.slot)
            try:
                timer.allow(timer.deadlines.slot, NoSlot)
                await pool.slots.take()
            except BaseException:
                shares.give(call.client)
                raise
        try:
            yield pool
        finally:
            place.give(call.client)

    async def _send(
        self, pool: Pool["Line"], call: Call, upload: Upload | None, timer: CallTimer, begun: Begun | None
    ) -> tuple["Line", httpunk.Response]:
        """Up to the head of the answer; once more, on a fresh connection, if the pooled one was stale."""
        line = pool.pop() if begun is None else begun.line
        if line is not None:
            try:
                return line, await line.begin(call, upload, timer)
            except (httpunk.HTTPunkError, OSError) as exc:
                if line.heard or (upload is not None and upload.begun):
                    raise
                if line.said and not call.is_repeatable:
                    raise unheard(call) from exc
        line = await dial(call.base, timer)
        try:
            return line, await line.begin(call, upload, timer)
        except (httpunk.HTTPunkError, OSError) as exc:
            if line.heard or (upload is not None and upload.fault is not None):
                raise
            raise unheard(call) from exc


class _Exchange:
    """One exchange: in one piece where that can be, else as it comes."""

    def __init__(self, client: HttpunkUpstream, call: Call, deadlines: Deadlines) -> None:
        self._client, self._call, self._deadlines = client, call, deadlines
        self._streamed: AbstractAsyncContextManager[Answer] | None = None

    async def __aenter__(self) -> Answer:
        begun = await self._client.at_once(self._call, self._deadlines)
        if isinstance(begun, Answer):
            return begun
        self._streamed = self._client.streamed(self._call, self._deadlines, begun)
        return await self._streamed.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return await self._streamed.__aexit__(kind, error, trace) if self._streamed is not None else None


def _chunks(response: httpunk.Response) -> AsyncGenerator[bytes, None]:
    return cast(AsyncGenerator[bytes, None], response.aiter_bytes())
