"""An exchange of whole messages on a connection that is there: the short way of nearly every call."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

from gateway.upstream import whole
from gateway.upstream.call import Answer, Call, Deadlines, HeadDeadline, Lane, NoSlot, TotalDeadline, unheard
from gateway.upstream.line import Line, own_fields
from gateway.upstream.pool import Pool
from gateway.upstream.shares import Shares
from gateway.upstream.timer import TOO_LONG
from services.chassis.domain.errors import ZoneError


class Place(NamedTuple):
    """Where exchanges of one lane with one service happen, and each client's share of them."""

    pool: Pool[Line]
    shares: Shares

    def is_free(self, client: str | None) -> bool:
        """Whether an exchange can begin without waiting."""
        return self.pool.slots.is_free and self.shares.is_free(client)

    def give(self, client: str | None) -> None:
        """Give back what an exchange has held."""
        self.pool.slots.give()
        self.shares.give(client)


class Begun(NamedTuple):
    """An exchange that goes on the long way, and holds its place.

    Attributes:
        line: with the beginning of an answer; None where it was stale.
        started: by the event loop's clock.
    """

    line: Line | None
    started: float


class Whole:
    """Asks for an answer in one piece.

    One timer, for what is due first: the head, with which all comes, or the whole.
    """

    def __init__(self, place: Place, call: Call, deadlines: Deadlines) -> None:
        self._place, self._call = place, call
        self._loop = asyncio.get_running_loop()
        self._started = self._loop.time()
        total = deadlines.total
        self._is_total = total is not None and total < deadlines.head
        self._seconds = total if total is not None and self._is_total else deadlines.head
        self._left = None if total is None else int(total * 1000)
        self._asked: asyncio.Future[whole.Whole | None] | None = None

    def stop(self) -> None:
        """End it now, wherever it stands."""
        self._end(NoSlot(TOO_LONG))

    async def answer(self) -> Answer | Begun | None:
        """The answer; or what of it has begun and needs the long way; None: nothing has.

        Raises:
            OutcomeUnknown, HeadDeadline, TotalDeadline, NoSlot: and the connection and the place are given back.
        """
        place, call = self._place, self._call
        if call.lane is not Lane.SHORT or not place.is_free(call.client) or (line := place.pool.pop()) is None:
            return None
        request = whole.written(call, own_fields(call, self._left))
        if request is None:
            place.pool.push(line)
            return None
        await place.shares.take(call.client, 0)
        await place.pool.slots.take()
        try:
            asked = self._asked = line.ask(request)
            timer = self._loop.call_at(self._started + self._seconds, self._overdue)
            try:
                found = await asked
            finally:
                timer.cancel()
        except OSError as exc:
            line.drop()
            if call.is_repeatable:
                return Begun(None, self._started)
            place.give(call.client)
            raise unheard(call) from exc
        except BaseException:
            line.drop()
            place.give(call.client)
            raise
        if found is None:
            return Begun(line, self._started)
        if line.is_drained:
            place.pool.push(line)
        else:
            line.drop()
        place.give(call.client)
        return Answer(found.status, found.headers, _once(found.body), found.body)

    def _overdue(self) -> None:
        self._end((TotalDeadline if self._is_total else HeadDeadline)(TOO_LONG))

    def _end(self, error: ZoneError) -> None:
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(error)


async def _once(body: bytes) -> AsyncIterator[bytes]:
    if body:
        yield body
