"""The edge, a pipeline: every request from outside passes these layers, in this order, or is answered by one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.edge import content, inbound
from gateway.edge.body_room import BodyRoom
from gateway.edge.identity import Identity
from gateway.edge.inbound import Inbound
from gateway.edge.inlet import Inlet
from gateway.edge.leaving import LEAVING, CallerLeft, Leaving, WhileThere, nobody_leaves
from gateway.edge.operation import ENDLESS, Operation
from gateway.edge.operations import Table
from gateway.edge.outlet import PROBLEM, Outlet
from gateway.edge.trace import trace_of
from gateway.headers import Headers, values
from gateway.limits import OWN_AT_ONCE
from gateway.upstream.call import Answer, Call, DeadlinePassed, Deadlines, Lane, Upstream, UpstreamFailed
from gateway.upstream.shares import Shares
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Unauthenticated, Unavailable, ZoneError
from services.chassis.http.cut_short import cut_short
from services.chassis.http.request_span import route_of
from services.chassis.http.security import IDENTITY_HEADER

log = structlog.get_logger(__name__)

Authenticate: TypeAlias = Callable[[Headers], Awaitable[Caller | None]]
"""Whom the credentials in these fields speak for; `None` where there are none or they are not good."""

OWN = "gateway"
"""The audience of the gateway's own routes in identity tokens."""
SLOWEST_UPLOAD = 128 * 1024
"""Bytes a second, about a megabit; who is slower cannot send the largest body that an operation takes."""
ANYBODY = ""
"""The client that all who need not say who they are count as, where clients have their share."""
OPEN = frozenset({b"", b"assets", b"docs", b"favicon.ico", b"openapi.json", b"problems", b"robots.txt"})
"""Own pages that anyone may read, by the first segment of their path."""


@dataclass(frozen=True, slots=True)
class Edge:
    """An ASGI application: the whole way of a request from the caller to a service and back.

    What times, counts and logs requests stands around it; whatever is not HTTP goes to `own`. The server tells by
    `LEAVING` that a caller has left; under one that does not, calls go on to their end.

    Attributes:
        table: the operations of the public API; what is not in it is 404.
        services: name to base address, `unix:/path` or `http://host:port`; reached under `/v1/<name>/`.
        own: the gateway's own routes: every other operation of the table, and the pages that are open to all.
        own_shares: how many requests at once a client may have at `own`, whose database all of them need.
        room: for bodies that are read whole before they go on, so that nobody holds a slot by sending slowly.
        body_at_most: bytes, of a body of an operation that does not say another number; larger ones are passed on
            as they come, on slots of their own.
        strict_transport_security: that header's value, where the edge is reached over TLS.
    """

    table: Table
    services: Mapping[str, str]
    own: ASGIApp
    authenticate: Authenticate
    identity: Identity
    upstream: Upstream
    deadlines: Deadlines = field(default_factory=Deadlines)
    own_shares: Shares = field(default_factory=lambda: Shares(OWN_AT_ONCE))
    room: BodyRoom = field(default_factory=BodyRoom)
    body_at_most: int = content.BODY_AT_MOST
    strict_transport_security: bytes | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.own(scope, receive, send)
            return
        trace = trace_of(scope["headers"])
        scope["zone.request_id"] = trace.id
        answer = Outlet(send, trace.id, self.strict_transport_security)
        try:
            await self._pass(scope, receive, answer, trace.headers)
        except CallerLeft:
            pass
        except asyncio.CancelledError:  # by a stop of the server, and by nobody else
            if not answer.started:
                await answer.problem(cut_short(scope["method"]), _instance(scope))
            raise
        except Exception as exc:
            error = exc if isinstance(exc, ZoneError) else _unexpected(exc)
            if not answer.started:
                await answer.problem(error, _instance(scope))
            # Else it was cut: returning without the end of the body makes the server break the connection off.

    async def _pass(self, scope: Scope, receive: Receive, answer: Outlet, trace: Headers) -> None:
        request = inbound.read(
            scope["method"],
            scope["http_version"],
            scope["raw_path"],
            scope["query_string"],
            scope["headers"],
        )
        _refuse_preflight(request)
        fields = request.headers + trace
        if _is_open(request.path):
            await self._serve(scope, fields, _inlet(receive, request, self.body_at_most), answer)
            return
        operation, caller = await self._admit(request, scope["headers"])
        scope["zone.route"] = operation.template
        if operation.is_stream:
            scope[ENDLESS] = True
        scope["state"]["caller"] = caller
        body_at_most = operation.body_limit or self.body_at_most
        content.check(request, operation, body_at_most)
        inlet = _inlet(receive, request, body_at_most)
        client = ANYBODY if caller is None else caller.client_id
        with self.room.place(client) as place:
            body = inlet if self._is_streamed(body_at_most, request) else await inlet.whole(place)
            if request.length != 0:
                _, caller = await self._admit(request, scope["headers"])  # a key may have been revoked since it began
            base = self.services.get(operation.service)
            if caller is not None:
                token = self.identity.token(caller, OWN if base is None else operation.service)
                fields.append((IDENTITY_HEADER.encode("ascii"), token))
            if base is None:
                async with self.own_shares.of(client, self.deadlines.slot):
                    await self._serve(scope, fields, inlet, answer)
            else:
                call = _call(base, operation, request, fields, body, client)
                await self._ask(call, operation, scope.get(LEAVING) or nobody_leaves(), answer)

    def _is_streamed(self, body_at_most: int, request: Inbound) -> bool:
        """Whether a body may be too large to be held until it is whole."""
        return body_at_most > min(self.body_at_most, content.BODY_AT_MOST) and request.length != 0

    async def _admit(self, request: Inbound, headers: Headers) -> tuple[Operation, Caller | None]:
        """Who calls, and whether they may; a stranger is not told which paths exist."""
        try:
            operation = self.table.match(request.method, request.path)
        except ZoneError:
            await self._authenticated(headers)
            raise
        if operation.scopes is None:
            return operation, None
        caller = await self._authenticated(headers)
        operation.permit(caller.scopes)
        return operation, caller

    async def _authenticated(self, headers: Headers) -> Caller:
        caller = await self.authenticate(headers)
        if caller is None:
            presented = values(headers, b"authorization")
            challenge = 'Bearer realm="zone"' + (', error="invalid_token"' if presented else "")
            raise Unauthenticated(
                "Send `Authorization: Bearer <key>` with a key that is in force.",
                headers={"WWW-Authenticate": challenge},
            )
        return caller

    async def _serve(self, scope: Scope, fields: Headers, inlet: Inlet, answer: Outlet) -> None:
        """Hand a request to the gateway's own routes, with the fields that a service would see."""
        hosts = [(b"host", value) for value in values(scope["headers"], b"host")]
        inside = {**scope, "headers": hosts + fields}
        try:
            await self.own(inside, inlet.receive, answer)
        finally:
            scope.setdefault("zone.route", route_of(inside))

    async def _ask(self, call: Call, operation: Operation, leaving: Leaving, answer: Outlet) -> None:
        """Pass a request on and its answer back, chunk by chunk, each side at the pace of the other."""
        deadlines = deadlines_of(operation, self.deadlines)
        try:
            with WhileThere(leaving):
                async with self.upstream.exchange(call, deadlines) as reply:
                    _refuse_unexplained(reply)
                    await answer({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
                    if reply.body is None:
                        async for chunk in reply.chunks:
                            await answer({"type": "http.response.body", "body": chunk, "more_body": True})
                await answer({"type": "http.response.body", "body": reply.body or b""})
        except (UpstreamFailed, Unavailable) as error:
            log.warning("upstream_failed", service=operation.service, code=error.code, route=operation.template)
            raise


def _instance(scope: Scope) -> str:
    return bytes(scope["raw_path"]).decode("ascii", "replace")


class CrossOrigin(ZoneError):
    """403: a browser asks whether a page of another origin may call (a CORS preflight, Fetch standard §3.2.2)."""

    status, code = 403, "cross_origin_not_allowed"


def _refuse_preflight(request: Inbound) -> None:
    """Raises CrossOrigin; it comes without credentials, so nobody is asked for theirs first."""
    if request.method == "OPTIONS" and values(request.headers, b"access-control-request-method"):
        raise CrossOrigin("Pages of other origins may not call this API from a browser; call it from your server.")


def _inlet(receive: Receive, request: Inbound, at_most: int) -> Inlet:
    return Inlet(receive, at_most, expected=request.length != 0)


def deadlines_of(operation: Operation, usual: Deadlines) -> Deadlines:
    """The usual ones; a stream has no end, and a larger body the time that it takes at `SLOWEST_UPLOAD`."""
    if operation.is_stream:
        return replace(usual, total=None)
    if operation.body_limit is None or usual.total is None:
        return usual
    return replace(usual, total=usual.total + operation.body_limit / SLOWEST_UPLOAD)


def _is_open(path: bytes) -> bool:
    return path.split(b"/", 2)[1] in OPEN


def _call(base: str, operation: Operation, request: Inbound, fields: Headers, body: bytes | Inlet, client: str) -> Call:
    """What goes up: a body in one piece, or as it comes where it is too large to be held."""
    streamed = isinstance(body, Inlet)
    lane = Lane.STREAM if operation.is_stream else Lane.UPLOAD if streamed else Lane.SHORT
    said = body if body or request.method in {"POST", "PUT", "PATCH"} else None
    host = operation.service.encode("ascii")
    return Call(base, host, request.method, request.target, fields, said, request.length, client, lane)


def _refuse_unexplained(reply: Answer) -> None:
    """Answer in the service's stead where it failed without a problem: what it says then is not for outside.

    Raises:
        ZoneError: 503 and 504 as they are, anything else a 502.
    """
    explained = any(value.startswith(PROBLEM) for value in values(reply.headers, b"content-type"))
    if reply.status < 500 or explained:
        return
    if reply.status == 503:
        raise Unavailable("The service cannot answer now.")
    if reply.status == 504:
        raise DeadlinePassed("The service took too long.")
    raise UpstreamFailed("The service failed.")


def _unexpected(exc: Exception) -> ZoneError:
    log.error("edge_failed", exc_info=exc)
    return ZoneError("Something went wrong here; it has been noted under the request id.")
