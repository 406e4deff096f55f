"""The reverse-proxy client: HTTP/1.1 to a service on pooled connections, streamed both ways, under deadlines.

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
from typing import cast

import httpunk

from gateway.upstream.call import (
    Answer,
    BrokenAnswer,
    Call,
    Deadlines,
    Lane,
    NoSlot,
    OutcomeUnknown,
    Unreachable,
)
from gateway.upstream.line import Line, dial
from gateway.upstream.pool import Pool
from gateway.upstream.shares import Shares
from gateway.upstream.timer import CallTimer
from gateway.upstream.upload import Upload
from services.chassis.domain.errors import Unavailable

STREAMS_A_CLIENT = 2


def bounds_of(lane: Lane, limit: int) -> tuple[int, int]:
    """How many exchanges of a lane a service may have at once, and how many of them one client.

    Uploads last as long as their senders like, and streams for ever: their number is no measure of work, and they
    take nothing from the short ones.
    """
    match lane:
        case Lane.SHORT:
            return limit, max(1, limit // 4)
        case Lane.UPLOAD:
            return max(1, limit // 5), max(1, limit // 20)
        case Lane.STREAM:
            return 5 * limit, STREAMS_A_CLIENT


class HttpunkUpstream:
    """The upstream client on httpunk.

    Args:
        limit: short exchanges at a time, and so connections, per base; `bounds_of` says how many of other lanes.
        idle_for: seconds; see `Pool`. Services close later, if at all.
    """

    def __init__(self, *, limit: int = 100, idle_for: float = 4.0) -> None:
        self._bounds = {lane: bounds_of(lane, limit) for lane in Lane}
        self._idle_for = idle_for
        self._pools: dict[tuple[str, Lane], Pool[Line]] = {}
        self._shares: dict[tuple[str, Lane], Shares] = {}
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
            async with timer.scope, self._slot(call, timer) as pool:
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
    async def _slot(self, call: Call, timer: CallTimer) -> AsyncIterator[Pool["Line"]]:
        """A slot at the service, out of the client's share of them."""
        place = (call.base, call.lane)
        if place not in self._pools:
            at_once, a_client = self._bounds[call.lane]
            self._pools[place] = Pool(at_once, self._idle_for)
            self._shares[place] = Shares(a_client)
        pool = self._pools[place]
        async with self._shares[place].of(call.client, timer.deadlines.slot):
            timer.allow(timer.deadlines.slot, NoSlot)
            await pool.take_slot()
            try:
                yield pool
            finally:
                pool.give_slot()

    async def _send(
        self, pool: Pool["Line"], call: Call, upload: Upload | None, timer: CallTimer
    ) -> tuple["Line", httpunk.Response]:
        """Up to the head of the answer; once more, on a fresh connection, if the pooled one was stale."""
        line = pool.pop()
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


def unheard(call: Call) -> Unavailable:
    """Why there is no answer where the connection ended before a byte of one: the service stops, or has died."""
    if call.is_repeatable:
        return Unreachable("The service ended the connection before it answered.")
    return OutcomeUnknown("The service ended the connection before it answered.")


def _chunks(response: httpunk.Response) -> AsyncGenerator[bytes, None]:
    return cast(AsyncGenerator[bytes, None], response.aiter_bytes())
