"""A write: run in a unit of work and committed before it is answered, again on a lost race."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError

from services.chassis.domain.errors import LostRace, PreconditionRequired, Unavailable, ZoneError
from services.chassis.http.bodies.body import Body, StrictRequest, checked_body
from services.chassis.http.headers.idempotency import (
    DRAWN_ANEW_FOR,
    KEPT_FOR,
    KEPT_HEADERS,
    REPLAYED,
    is_drawn_anew,
    record_of,
    replayed,
    said_in,
)
from services.chassis.http.headers.preconditions import precondition
from services.chassis.http.security import identified
from services.chassis.http.view import described, stored_body
from services.chassis.process import Process
from services.chassis.store.precondition import Precondition
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Document, Insert, Replace
from services.chassis.telemetry.instruments import LOST_RACES

KEPT_SECRET = frozenset({401, 403, 404})
"""Refusals before which a precondition says nothing: it would tell what is there."""
DEADLINE_HEADER = "x-zone-deadline"

Run = Callable[[Request], Coroutine[Any, Any, Response]]


class Write:
    """A POST, PATCH, PUT or DELETE: run and committed, again on a lost race, until the request's deadline.

    Args:
        run: the endpoint, with all that it depends on.
        operation: method and template of its path.
        body: what the route takes, where that is not JSON.
        draws_anew: whether it runs again for a repeat whose answer may have been lost, see `InLost`.
    """

    def __init__(
        self, request: StrictRequest, run: Run, operation: str, body: Body | None, *, draws_anew: bool = False
    ) -> None:
        self._request, self._run, self._operation, self._body = request, run, operation, body
        self._draws_anew = draws_anew
        self._process = Process.of(request)
        self._give_up = time.monotonic() + seconds_left(request)

    async def answer(self) -> Response:
        request = self._request
        if await self._process.outbox_is_full():
            raise Unavailable("Events cannot be published at the moment.", code="outbox_full", retry_after=30)
        if request.method == "PATCH" and "if-match" not in request.headers:
            raise PreconditionRequired("A change needs If-Match with the ETag of the version that it changes.")
        if self._body is None:
            return await self._until_it_wins(record_of(request, self._operation, await checked_body(request)))
        record_of(request, self._operation, b"")  # a key that cannot be read is told before anything is taken in
        began = time.monotonic()
        said = await self._body.receive(request)
        self._give_up += time.monotonic() - began  # how fast a large body comes is the caller's own affair
        try:
            response = await self._until_it_wins(record_of(request, self._operation, said))
        except (ZoneError, RequestValidationError) as refusal:
            if not isinstance(refusal, Unavailable):  # else it may have taken effect
                await self._body.discard(request)
            raise
        if REPLAYED in response.headers:
            await self._body.discard(request)
        return response

    async def _until_it_wins(self, record: Document | None) -> Response:
        run_number, turn = 0, None
        try:
            while True:
                run_number += 1
                try:
                    return await self._attempt(record)
                except LostRace as race:
                    LOST_RACES.add(1, {"collection": race.turn.partition("|")[0]})
                    if time.monotonic() > self._give_up:
                        raise Unavailable("Too many others change this at the moment.", code="busy") from race
                    if race.turn == "store":
                        await asyncio.sleep(random.uniform(0, min(0.05 * 2**run_number, 1)))
                    elif turn is None or turn.key != race.turn:
                        if turn is not None:
                            turn.leave()
                        turn = await self._process.turns.wait(race.turn, until=self._give_up)
        finally:
            if turn is not None:
                turn.leave()

    async def _attempt(self, record: Document | None) -> Response:
        """One run. Nobody looks first whether the key is new: its record, first in the transaction, finds that out.

        So a request that was answered before is run again, without effect: whatever it ends in, what it was answered
        then is its answer. Only where an answer may be drawn anew is it looked for before, as its run goes by it.
        """
        if record is None:
            return await self._effect(None)
        lost = await self._stored(record) if self._draws_anew else None
        if lost is not None and not self._is_drawn_anew(lost, record):
            return replayed(lost, record["fingerprint"])
        try:
            return await self._effect(record, lost)
        except Exception as error:
            if isinstance(error, LostRace) and (lost is not None or error.turn != turn_of(record)):
                raise  # lost on something else: the next run finds out
            if lost is not None and (isinstance(error, Unavailable) or not isinstance(error, ZoneError)):
                raise
            stored = await self._stored(record)
            if stored is None:
                raise
            if stored != lost and self._is_drawn_anew(stored, record):  # by another repeat, meanwhile
                raise LostRace(turn_of(record)) from error
            return replayed(stored, record["fingerprint"])

    async def _stored(self, record: Document) -> Document | None:
        """The record of the first request with this key; None where none took effect."""
        found = await self._process.store.read("idempotency", [record["_id"]])
        return found[0] if found else None

    def _is_drawn_anew(self, stored: Document, record: Document) -> bool:
        return is_drawn_anew(stored, record["fingerprint"], self._process.clock())

    async def _effect(self, record: Document | None, lost: Document | None = None) -> Response:
        self._request.state.lost = said_in(lost) if lost else None
        # A repeat names the version that the first request was to change, and did.
        tx = self._request.state.tx = await unit_of_work(self._request, None if lost else precondition(self._request))
        try:
            response = await self._run(self._request)
        except ZoneError as refusal:
            if refusal.status not in KEPT_SECRET:
                tx.check_precondition()  # who named a version is told first that it is another one by now
            raise
        body = stored_body(response)
        response = described(response)
        if record is not None and lost is None and not tx.has_writes and await self._stored(record) is not None:
            raise LostRace(turn_of(record))  # it did take effect, and that is its answer
        if record is not None and tx.has_writes:
            kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
            answer = {"status": response.status_code, "headers": kept, "body": body}
            if lost is not None:
                tx.write(Replace("idempotency", record["_id"], {"body": lost["body"]}, {**lost, **answer}))
            else:
                until = {"drawn_anew_until": tx.now + DRAWN_ANEW_FOR} if self._draws_anew else {}
                tx.write(Insert("idempotency", {**record, **answer, **until, "expires_at": tx.now + KEPT_FOR}))
        await tx.commit()
        return response


def turn_of(record: Document) -> str:
    """On what a request loses whose key is not new."""
    return f"idempotency|{record['_id']}"


async def unit_of_work(request: Request, condition: Precondition | None = None) -> Tx:
    """A fresh `Tx` for one run of an endpoint; a write's condition goes by what the path names."""
    process = Process.of(request)
    return Tx(
        await process.shown.now(),
        now=process.clock(),
        caller=identified(request),
        request_id=request.scope.get("zone.request_id", ""),
        precondition=condition,
    )


def seconds_left(request: Request) -> float:
    """How long this request may take: what the gateway says is left, else the configured deadline."""
    usual = Process.of(request).settings.request_deadline
    left = request.headers.get(DEADLINE_HEADER, "")
    return min(int(left) / 1000, usual) if left.isascii() and left.isdigit() else usual
