"""The transactional route: open a unit of work, run the endpoint, commit, and only then let the answer go.

A FastAPI dependency that commits after its `yield` runs after the response: a commit that failed was answered 200.
Here the answer is serialised, stored under its `Idempotency-Key` in the transaction of its effect, committed, sent.
A lost race runs the endpoint again on fresh reads; yield-dependencies are entered again and left after the response,
so nothing that must be undone between two runs may live in one.
"""

import asyncio
import hashlib
import random
import re
import time
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from inspect import isclass
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict

from services.chassis.domain.caller import ANONYMOUS, Caller
from services.chassis.domain.errors import (
    BadRequest,
    LostRace,
    PreconditionRequired,
    TooLarge,
    Unavailable,
    Unprocessable,
    UnsupportedMediaType,
    ZoneError,
)
from services.chassis.http.json_body import read_json
from services.chassis.http.security import IDENTITY_HEADER, caller_of
from services.chassis.http.turns import Turns
from services.chassis.http.view import described, remembering_view, stored_body
from services.chassis.store.unit_of_work import Precondition, Store, Tx
from services.chassis.store.writes import Document, Insert
from services.chassis.telemetry.instruments import LOST_RACES

IDEMPOTENCY_KEY = re.compile(r'(?P<quote>"?)(?P<key>[A-Za-z0-9._~-]{1,128})(?P=quote)')
ENTITY_TAG = re.compile(r'"(v\d{1,10})(?:\.[0-9a-f]{16})?"')
KEPT_FOR = timedelta(hours=48)
KEPT_SECRET = frozenset({401, 403, 404})
"""Refusals before which a precondition says nothing: it would tell what is there."""
READS = frozenset({"GET", "HEAD"})
DEADLINE_HEADER = "x-zone-deadline"
KEPT_HEADERS = ("content-type", "etag", "location")


class Nothing(BaseModel):
    """The body of an action that needs no words: `{}`, or none at all."""

    model_config = ConfigDict(extra="forbid")


class StrictRequest(Request):
    """A request whose body is read strictly (`read_json`)."""

    async def json(self) -> Any:
        if not hasattr(self, "_strict"):
            self._strict = read_json(await self.body())
        return self._strict


class TransactionalRoute(APIRoute):
    """The route class of every service: `APIRouter(route_class=TransactionalRoute)`."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, remembering_view(endpoint), **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        run = super().get_route_handler()
        parameters = frozenset(query_parameters(self.dependant))

        async def handle(incoming: Request) -> Response:
            request = StrictRequest(incoming.scope, incoming.receive)
            refuse_unknown(request, parameters)
            if request.method in READS:
                return await read(request, run)
            return await Write(request, run, f"{request.method} {self.path_format}").answer()

        return handle


def query_parameters(dependant: Dependant) -> Iterator[str]:
    """The names of the query parameters that an endpoint and its dependencies read, those of a filter included."""
    for field in dependant.query_params:
        model = field.field_info.annotation
        if isclass(model) and issubclass(model, BaseModel):
            yield from (each.alias or name for name, each in model.model_fields.items())
        else:
            yield field.alias
    for inner in dependant.dependencies:
        yield from query_parameters(inner)


Run = Callable[[Request], Coroutine[Any, Any, Response]]


async def read(request: StrictRequest, run: Run) -> Response:
    """A GET: no transaction; 412 and 304 by the `ETag` of what is answered (RFC 9110 §13.1.1 and §13.1.2)."""
    condition = precondition(request)
    request.state.tx = unit_of_work(request)
    response = described(await run(request))
    etag = response.headers.get("etag", "")
    if condition is not None:
        shown = ENTITY_TAG.fullmatch(etag)
        condition.is_met = condition.admits(shown[1] if shown else None)
        condition.judge()
    tags = request.headers.get("if-none-match", "")
    if etag and (tags.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))):
        return Response(status_code=304, headers={"ETag": etag})
    return response


class Write:
    """A POST, PATCH, PUT or DELETE: run and committed, again on a lost race, until the request's deadline."""

    def __init__(self, request: StrictRequest, run: Run, operation: str) -> None:
        self._request, self._run, self._operation = request, run, operation
        self._store: Store = request.app.state.store
        self._turns: Turns = request.app.state.turns
        self._give_up = time.monotonic() + seconds_left(request)

    async def answer(self) -> Response:
        request = self._request
        if await request.app.state.outbox_is_full():
            raise Unavailable("Events cannot be published at the moment.", code="outbox_full", retry_after=30)
        if request.method == "PATCH" and "if-match" not in request.headers:
            raise PreconditionRequired("A change needs If-Match with the ETag of the version that it changes.")
        body = await checked_body(request)
        record = self._record(body)
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
                        turn = await self._turns.wait(race.turn, until=self._give_up)
        finally:
            if turn is not None:
                turn.leave()

    async def _attempt(self, record: Document | None) -> Response:
        if record is None:
            return await self._effect(None)
        if answered := await self._store.read("idempotency", [record["_id"]]):
            return replayed(answered[0], record["fingerprint"])
        try:
            return await self._effect(record)
        except ZoneError:
            # The same request may have taken effect since we looked; then it is why we are refused, and our answer.
            if answered := await self._store.read("idempotency", [record["_id"]]):
                return replayed(answered[0], record["fingerprint"])
            raise

    async def _effect(self, record: Document | None) -> Response:
        tx = self._request.state.tx = unit_of_work(self._request, precondition(self._request))
        try:
            response = await self._run(self._request)
        except ZoneError as refusal:
            if refusal.status not in KEPT_SECRET:
                tx.check_precondition()  # who named a version is told first that it is another one by now
            raise
        body = stored_body(response)
        response = described(response)
        if record is not None and tx.has_writes:
            kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
            expires = tx.now + KEPT_FOR
            answer = {"status": response.status_code, "headers": kept, "body": body}
            tx.write(Insert("idempotency", {**record, **answer, "expires_at": expires}))
        await tx.commit()
        return response

    def _record(self, body: bytes) -> Document | None:
        """The idempotency record of this request, without its answer; None where it carries no key.

        The fingerprint is SHA-256 over method, path, query and body bytes.
        """
        request = self._request
        sent = request.headers.get("idempotency-key")
        if sent is None:
            return None
        key = IDEMPOTENCY_KEY.fullmatch(sent)
        if key is None:
            place = {"header": "Idempotency-Key", "code": "malformed_header", "detail": "1-128 of A-Z a-z 0-9 . _ ~ -"}
            raise BadRequest("The Idempotency-Key cannot be read.", code="malformed_header", errors=[place])
        said = b"\n".join((request.method.encode(), request.url.path.encode(), request.url.query.encode(), body))
        client = identified(request).client_id
        return {"_id": f"{client}|{self._operation}|{key['key']}", "fingerprint": hashlib.sha256(said).hexdigest()}


def replayed(stored: Document, fingerprint: str) -> Response:
    """The stored answer of the first request with this key.

    Raises:
        Unprocessable: `idempotency_key_reused`, where that request was another one.
    """
    if stored["fingerprint"] != fingerprint:
        raise Unprocessable("This Idempotency-Key was used for another request.", code="idempotency_key_reused")
    headers = {**stored["headers"], "Idempotent-Replayed": "true"}
    return Response(bytes(stored["body"]), status_code=stored["status"], headers=headers)


def unit_of_work(request: Request, condition: Precondition | None = None) -> Tx:
    """A fresh `Tx` for one run of an endpoint; a write's condition goes by what the path names."""
    state = request.app.state
    return Tx(
        state.store,
        now=state.clock(),
        caller=identified(request),
        request_id=request.scope.get("zone.request_id", ""),
        precondition=condition,
    )


def identified(request: Request) -> Caller:
    """Who calls; `ANONYMOUS` where the gateway vouched for nobody, which only routes without a scope accept."""
    return caller_of(request) if IDENTITY_HEADER in request.headers else ANONYMOUS


def precondition(request: Request) -> Precondition | None:
    """`If-Match` for the resource that the path names; `*` asks only that there is one.

    Raises:
        BadRequest: it is not a list of the entity tags that this API gives out.
    """
    sent = request.headers.get("if-match")
    if sent is None:
        return None
    ids = frozenset(map(str, request.path_params.values()))
    if sent.strip() == "*":
        return Precondition(ids, None)
    tags = [ENTITY_TAG.fullmatch(tag.strip()) for tag in sent.split(",")]
    if not all(tags):
        place = {"header": "If-Match", "code": "malformed_header", "detail": 'an ETag such as "v3", or *'}
        raise BadRequest("If-Match cannot be read.", code="malformed_header", errors=[place])
    return Precondition(ids, frozenset(tag[1] for tag in tags if tag))


async def checked_body(request: StrictRequest) -> bytes:
    """The bytes of the body, parsed once so that what is unreadable is refused before anything else happens.

    Raises:
        TooLarge, UnsupportedMediaType, BadRequest, Unprocessable: see `read_json`.
    """
    limit = request.app.state.settings.body_limit
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > limit:
            raise TooLarge(f"A body is at most {limit} bytes.")
    body = request._body = bytes(received)
    if body:
        kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
        charset = parameters.partition("charset=")[2].strip('" ')
        if kind.strip() not in ("application/json", "application/merge-patch+json") or charset not in ("", "utf-8"):
            raise UnsupportedMediaType("A body is sent as application/json in UTF-8.")
        await request.json()
    return body


def refuse_unknown(request: Request, known: frozenset[str]) -> None:
    """A misspelt filter must not silently show everything, nor one that stands twice show half.

    Raises:
        BadRequest: `unknown_parameter`, `repeated_parameter`.
    """
    names = [name for name, _ in request.query_params.multi_items()]
    for code, wrong in (
        ("unknown_parameter", sorted(set(names) - known)),
        ("repeated_parameter", sorted({name for name in names if names.count(name) > 1})),
    ):
        if wrong:
            detail = "not known here" if code == "unknown_parameter" else "stands more than once"
            places = [{"parameter": name, "code": code, "detail": detail} for name in wrong]
            raise BadRequest(f"A parameter is {detail.removeprefix('stands ')}.", code=code, errors=places)


def seconds_left(request: Request) -> float:
    """How long this request may take: what the gateway says is left, else the configured deadline."""
    usual: float = request.app.state.settings.request_deadline
    left = request.headers.get(DEADLINE_HEADER, "")
    return min(int(left) / 1000, usual) if left.isascii() and left.isdigit() else usual


async def current_tx(request: Request) -> Tx:
    tx: Tx = request.state.tx
    return tx


InTx = Annotated[Tx, Depends(current_tx)]
"""The unit of work of this request. The route commits it; nothing else can."""
