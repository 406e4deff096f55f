"""What the edge lets through to a service and back, and what it answers itself: raw attacks over real sockets."""

import asyncio
import json
import re

import pytest

from tests.gateway.gate import OFFICER, PARTNER, Gate, problem, request
from tests.gateway.wire import IN_TIME, Connection, answering, service

PLAIN = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


def fields(head: bytes) -> list[tuple[str, str]]:
    lines = head[:-4].decode("latin-1").split("\r\n")[1:]
    return [(name, value) for name, value in (line.split(": ", 1) for line in lines)]


async def plain(connection: Connection) -> None:
    await answering(connection, PLAIN)


async def test_a_request_reaches_its_service_with_its_own_fields_and_ours(gate: Gate) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        response = await gate.ask("/v1/registry/filings?limit=5", Accept="application/json", If_Match='"3"')
        assert (response.status, response.body) == (200, b"{}")
    assert registry.heads[0].startswith(b"GET /v1/registry/filings?limit=5 HTTP/1.1\r\n")
    sent = dict(fields(registry.heads[0]))
    assert set(sent) == {"host", "accept", "if-match", "x-zone-deadline", "x-zone-identity", "traceparent"}
    assert sent["host"] == "registry"
    assert gate.readers["registry"].read(sent["x-zone-identity"]) == PARTNER


@pytest.mark.parametrize(
    "forged",
    [
        "X-Zone-Identity",
        "X-Zone-Deadline",
        "x-zone-anything",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "Forwarded",
        "X-Real-IP",
        "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-Method-Override",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-Request-Id",
        "Baggage",
        "Proxy-Authorization",
        "Proxy-Connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Upgrade",
    ],
)
async def test_what_only_the_zone_or_one_hop_may_say_is_not_passed_on(gate: Gate, forged: str) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        async with gate.caller() as caller:
            await caller.ask(request("/v1/registry/filings")[:-2] + f"{forged}: forged\r\n\r\n".encode())
    assert b"forged" not in registry.heads[0]


async def test_what_connection_lists_is_not_passed_on(gate: Gate) -> None:
    async with service(plain) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        await caller.ask(
            b"GET /v1/registry/filings HTTP/1.1\r\nHost: zone\r\nAuthorization: Bearer partner\r\n"
            b"Connection: keep-alive, X-Hop\r\nConnection: X-Other, X-Zone-Identity\r\n"
            b"X-Hop: smuggled\r\nX-Other: smuggled\r\nX-End: kept\r\n\r\n"
        )
    assert b"smuggled" not in registry.heads[0]
    sent = dict(fields(registry.heads[0]))
    assert sent["x-end"] == "kept"
    assert gate.readers["registry"].read(sent["x-zone-identity"]) == PARTNER


async def test_credentials_end_at_the_edge(gate: Gate) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        await gate.ask("/v1/registry/filings")
    assert b"Bearer" not in registry.heads[0]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/registry/filings%2Fx",
        "/v1/registry/filings%2fx",
        "/v1/registry%5Cfilings",
        "/v1/registry/../metrics/stream",
        "/v1/registry/./filings",
        "/v1/registry/%2e%2e/metrics/stream",
        "/v1/registry/.%2E/metrics",
        "/v1/registry/filings/..",
        "//v1/registry/filings",
        "/v1//registry/filings",
        "/v1/registry/filings;x=y",
        "/v1/registry/filings/%00",
        "/v1/registry/filings/%zz",
        "/v1/registry/filings/%4",
        "/v1/registry\\filings",
        '/v1/registry/"filings"',
        "/v1/registry/filings?q=%zz",
        '/v1/registry/filings?q="x"',
    ],
)
async def test_paths_that_can_be_read_in_two_ways_are_refused(gate: Gate, path: str) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        response = await gate.ask(path)
        assert problem(response)[0] == 400
        assert not registry.connections


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        (b"", 400),
        (b"Host: a\r\nHost: b\r\n", 400),
        (b"Host: a\r\nHost: a\r\n", 400),
        (b"Host:\r\n", 400),
        (b"Host: a b\r\n", 400),
        (b"Host: a@b/c\r\n", 400),
    ],
    ids=["none", "two", "twice the same", "empty", "no name", "a login"],
)
async def test_exactly_one_host_is_needed(gate: Gate, hosts: bytes, status: int) -> None:
    async with gate.caller() as caller:
        response = await caller.ask(
            b"GET /v1/registry/filings HTTP/1.1\r\n" + hosts + b"Authorization: Bearer partner\r\n\r\n"
        )
    assert problem(response)[0] == status


async def test_two_credentials_are_refused_rather_than_chosen_from(gate: Gate) -> None:
    async with gate.caller() as caller:
        response = await caller.ask(
            b"GET /v1/registry/filings HTTP/1.1\r\nHost: zone\r\n"
            b"Authorization: Bearer partner\r\nAuthorization: Bearer officer\r\n\r\n"
        )
    assert problem(response) == (400, "malformed_request")


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "PURGE", "SOURCE"])
async def test_methods_outside_the_list_are_refused_with_the_list(gate: Gate, method: str) -> None:
    response = await gate.ask("/v1/registry/filings", method)
    assert problem(response) == (405, "method_not_allowed")
    assert response.value("allow") == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"


@pytest.mark.parametrize("version", [b"0.9", b"1.0", b"2.0"])
@pytest.mark.parametrize("wish", [b"", b"Connection: keep-alive\r\n"])
async def test_other_versions_of_http_are_refused_and_their_connection_closed(
    gate: Gate, version: bytes, wish: bytes
) -> None:
    async with gate.caller() as caller:
        head = b"GET /v1/registry/filings HTTP/" + version + b"\r\nHost: zone\r\n" + wish + b"\r\n"
        response = await caller.ask(head)
        assert problem(response) == (505, "http_version_not_supported")
        assert response.value("connection") == "close"
        assert await asyncio.wait_for(caller.closed(), IN_TIME)


@pytest.mark.parametrize("path", ["/v1/registry/filings", "/v1/nothing", "/docs"])
@pytest.mark.parametrize("key", [None, "partner"])
async def test_a_preflight_is_told_that_pages_of_other_origins_may_not_call(
    gate: Gate, path: str, key: str | None
) -> None:
    origin = "https://page.example"
    response = await gate.ask(path, "OPTIONS", key=key, Origin=origin, Access_Control_Request_Method="GET")
    assert problem(response) == (403, "cross_origin_not_allowed")
    assert not [name for name, _ in response.headers if name.startswith(b"access-control-")]


async def test_an_answer_allows_no_other_origin_to_read_it(gate: Gate) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        response = await gate.ask("/v1/registry/filings", Origin="https://page.example")
    assert response.status == 200
    assert not [name for name, _ in response.headers if name.startswith(b"access-control-")]


async def test_options_without_an_origin_are_a_method_like_any_other(gate: Gate) -> None:
    response = await gate.ask("/v1/registry/filings", "OPTIONS")
    assert problem(response) == (405, "method_not_allowed")
    assert response.value("allow") == "GET, HEAD, POST"


@pytest.mark.parametrize("coding", [b"gzip, chunked", b"chunked\r\nTransfer-Encoding: chunked"])
async def test_other_transfer_codings_are_refused(gate: Gate, coding: bytes) -> None:
    async with gate.caller() as caller:
        response = await caller.ask(
            b"POST /v1/registry/filings HTTP/1.1\r\nHost: zone\r\nAuthorization: Bearer partner\r\n"
            b"Content-Type: application/json\r\nTransfer-Encoding: " + coding + b"\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
        )
    assert problem(response)[0] == 400


async def test_a_body_smuggled_behind_a_get_stays_a_body(gate: Gate) -> None:
    inner = request("/v1/registry/filings/smuggled")
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        response = await gate.ask("/v1/registry/filings", body=inner)
        assert response.status == 200
        await asyncio.sleep(0.02)
        assert len(registry.heads) == 1


async def test_trailers_of_a_request_are_not_passed_on(gate: Gate) -> None:
    async with service(plain) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        response = await caller.ask(
            b"POST /v1/registry/filings HTTP/1.1\r\nHost: zone\r\nAuthorization: Bearer partner\r\n"
            b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"2\r\n{}\r\n0\r\nX-Zone-Identity: forged\r\nX-Late: forged\r\n\r\n"
        )
        assert response.status == 200
    assert b"forged" not in registry.heads[0]


async def test_fields_with_bytes_beyond_ascii_pass_unchanged(gate: Gate) -> None:
    async with service(plain) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        await caller.ask(request("/v1/registry/filings")[:-2] + b"X-Note: \xe4\xb8\xad\xff\r\n\r\n")
    assert b"x-note: \xe4\xb8\xad\xff\r\n" in registry.heads[0]


async def test_answers_lose_what_is_internal_and_gain_what_protects(gate: Gate) -> None:
    answer = (
        b"HTTP/1.1 200 OK\r\nServer: uvicorn\r\nX-Powered-By: us\r\nX-Zone-Debug: secret\r\nX-Request-Id: theirs\r\n"
        b'Connection: X-Hop\r\nConnection: keep-alive\r\nX-Hop: secret\r\nKeep-Alive: timeout=5\r\nETag: "3"\r\n'
        b"Date: Thu, 01 Jan 1970 00:00:00 GMT\r\ntraceparent: x\r\n"
        b"Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nTrailer: X\r\ncontent-length: 2\r\n\r\n{}"
    )
    async with service(lambda connection: answering(connection, answer)) as registry:
        gate.services["registry"] = registry.base
        response = await gate.ask("/v1/registry/filings")
    names = [name.decode() for name, _ in response.headers]
    assert sorted(names) == [
        "cache-control",
        "content-length",
        "cross-origin-resource-policy",
        "date",
        "etag",
        "referrer-policy",
        "set-cookie",
        "set-cookie",
        "x-content-type-options",
        "x-frame-options",
        "x-request-id",
    ]
    assert response.values("set-cookie") == ["a=1", "b=2"]
    assert response.value("cache-control") == "no-store"
    assert response.value("date") != "Thu, 01 Jan 1970 00:00:00 GMT"


async def test_a_service_may_say_how_long_its_answer_keeps(gate: Gate) -> None:
    answer = b"HTTP/1.1 200 OK\r\ncache-control: max-age=60\r\ncontent-length: 2\r\n\r\n{}"
    async with service(lambda connection: answering(connection, answer)) as registry:
        gate.services["registry"] = registry.base
        response = await gate.ask("/v1/registry/filings")
    assert response.value("cache-control") == "max-age=60"


async def test_an_answer_that_was_not_modified_passes_without_a_body(gate: Gate) -> None:
    answer = b'HTTP/1.1 304 Not Modified\r\netag: "3"\r\ncontent-length: 700\r\n\r\n'
    async with service(lambda connection: answering(connection, answer)) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        for _ in range(2):
            assert (await caller.ask(request("/v1/registry/filings"))).status == 304


async def test_head_is_answered_without_a_body_and_the_connection_goes_on(gate: Gate) -> None:
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 700\r\n\r\n"
    async with service(lambda connection: answering(connection, answer)) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        for _ in range(2):
            response = await caller.ask(request("/v1/registry/filings", "HEAD"), head_only=True)
            assert (response.status, response.value("content-length")) == (200, "700")
        assert registry.heads[0].startswith(b"HEAD ")


TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_a_trace_goes_on_and_its_id_is_the_request_id(gate: Gate) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        response = await gate.ask("/v1/registry/filings", traceparent=TRACEPARENT, tracestate="a=1")
    assert response.value("x-request-id") == "0af7651916cd43dd8448eb211c80319c"
    sent = dict(fields(registry.heads[0]))
    assert re.fullmatch(r"00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01", sent["traceparent"])
    assert sent["traceparent"] != TRACEPARENT
    assert sent["tracestate"] == "a=1"


@pytest.mark.parametrize(
    "malformed",
    [
        "nonsense",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        TRACEPARENT + "-more",
        TRACEPARENT + "\r\ntraceparent: " + TRACEPARENT,
    ],
)
async def test_a_malformed_trace_begins_anew(gate: Gate, malformed: str) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        response = await gate.ask("/v1/registry/filings", traceparent=malformed, tracestate="a=1")
    sent = dict(fields(registry.heads[0]))
    assert response.value("x-request-id") != "0af7651916cd43dd8448eb211c80319c"
    assert sent["traceparent"].split("-")[1] == response.value("x-request-id")
    assert "tracestate" not in sent


async def test_own_routes_are_told_the_caller_as_a_service_would_be(gate: Gate) -> None:
    response = await gate.ask("/v1/partners", key="officer", X_Zone_Identity="forged", Accept="*/*")
    assert json.loads(response.body) == {"path": "/v1/partners", "body": 0}
    scope = gate.own.scopes[0]
    told = dict(scope["headers"])
    assert gate.readers["gateway"].read(told[b"x-zone-identity"].decode()) == OFFICER
    assert scope["state"]["caller"] == OFFICER
    assert scope["zone.route"] == "/v1/partners"
    assert len(scope["zone.request_id"]) == 32
    assert set(told) == {b"host", b"accept", b"x-zone-identity", b"traceparent"}


async def test_answers_of_own_routes_pass_the_same_filter(gate: Gate) -> None:
    response = await gate.ask("/v1/partners", key="officer")
    assert response.values("server") == []
    assert response.value("x-content-type-options") == "nosniff"
    assert len(response.value("x-request-id")) == 32


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/openapi.json", "/problems/not_found", "/assets/a.css", "/favicon.ico", "/robots.txt"]
)
async def test_own_pages_are_open_to_anyone(gate: Gate, path: str) -> None:
    response = await gate.ask(path, key=None, X_Zone_Identity="forged")
    assert response.status == 200
    assert b"x-zone-identity" not in dict(gate.own.scopes[0]["headers"])


async def test_a_fault_of_our_own_is_a_problem_that_tells_nothing(gate: Gate) -> None:
    response = await gate.ask("/docs/broken", key=None)
    assert problem(response) == (500, "internal_error")
    assert b"secret" not in response.body
