"""Who may come in, to where, with what: authentication, routes, scopes and content, over real sockets."""

import asyncio
import json
import time

import httpx
import pytest

from tests.gateway.gate import KEYS, PARTNER, Gate, problem, request
from tests.gateway.wire import Connection, answering, service

PLAIN = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


async def plain(connection: Connection) -> None:
    await answering(connection, PLAIN)


@pytest.mark.parametrize("key", [None, "nonsense", "", "Partner"])
async def test_without_good_credentials_nobody_comes_in(gate: Gate, key: str | None) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        response = await gate.ask("/v1/registry/filings", key=key)
        assert not registry.connections
    assert problem(response) == (401, "unauthenticated")
    challenge = 'Bearer realm="zone"' + ("" if key is None else ', error="invalid_token"')
    assert response.value("www-authenticate") == challenge


async def test_a_key_that_was_revoked_while_a_body_came_does_nothing(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = request("/v1/registry/filings", "POST", body=b"x" * 1000)
    async with service(plain) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        await caller.say(whole[:-1])
        await asyncio.sleep(0.05)
        monkeypatch.delitem(KEYS, b"Bearer partner")
        assert problem(await caller.ask(whole[-1:])) == (401, "unauthenticated")
        assert not registry.connections


async def test_an_identity_is_signed_when_the_body_has_come(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(gate.edge.identity, "_clock", lambda: now - 3_600)
    whole = request("/v1/registry/filings", "POST", body=b"x" * 1000)
    async with service(plain) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        await caller.say(whole[:-1])
        await asyncio.sleep(0.05)
        monkeypatch.setattr(gate.edge.identity, "_clock", lambda: now)
        assert (await caller.ask(whole[-1:])).status == 200
    token = registry.heads[0].split(b"x-zone-identity: ")[1].split(b"\r\n")[0]
    assert gate.readers["registry"].read(token.decode()) == PARTNER


@pytest.mark.parametrize("path", ["/v1/registry/nothing", "/livez", "/v1", "/v1/registry", "/docsx", "/robots"])
async def test_a_stranger_is_not_told_which_paths_exist(gate: Gate, path: str) -> None:
    assert problem(await gate.ask(path, key=None)) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/registry",
        "/v1/registry/",
        "/v1/registry/filings/",
        "/v1/registry/Filings",
        "/v1/registry/filing%73",
        "/v1/registry/filings/x/y",
        "/v1/registry/metrics",
        "/v1/registry/livez",
        "/v1/registry/openapi.json",
        "/v1/other/filings",
        "/livez",
        "/readyz",
        "/metrics",
        "/docsx",
    ],
)
async def test_what_is_not_documented_does_not_exist(gate: Gate, path: str) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        assert problem(await gate.ask(path)) == (404, "route_not_found")
        assert not registry.connections
        assert not gate.own.scopes


async def test_another_method_of_a_known_path_is_refused_with_those_it_has(gate: Gate) -> None:
    response = await gate.ask("/v1/registry/filings", "DELETE")
    assert problem(response) == (405, "method_not_allowed")
    assert response.value("allow") == "GET, HEAD, POST"


async def test_a_missing_scope_is_named(gate: Gate) -> None:
    response = await gate.ask("/v1/registry/filings/fil_1/approve", "POST", body=b"{}")
    assert problem(response) == (403, "insufficient_scope")
    assert json.loads(response.body)["scopes"] == ["registry:review"]
    assert response.value("www-authenticate") == 'Bearer error="insufficient_scope", scope="registry:review"'


async def test_the_right_scope_comes_in(gate: Gate) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        response = await gate.ask("/v1/registry/filings/fil_1/approve", "POST", key="officer", body=b"{}")
        assert response.status == 200


@pytest.mark.parametrize("own_id", ["fil_1", "nonsense", "%E4%B8%AD", "latest", "a%20b", "x" * 500])
async def test_malformed_ids_are_for_the_service_to_judge(gate: Gate, own_id: str) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        assert (await gate.ask(f"/v1/registry/filings/{own_id}")).status == 200
        assert registry.heads[0].startswith(f"GET /v1/registry/filings/{own_id} HTTP/1.1\r\n".encode())


async def test_an_operation_without_scope_needs_no_credentials_and_carries_no_identity(gate: Gate) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        assert (await gate.ask("/v1/registry/certificates/KEZ1", key=None)).status == 200
        assert b"x-zone-identity" not in registry.heads[0].lower()


async def test_credentials_are_not_looked_at_where_none_are_needed(gate: Gate) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        assert (await gate.ask("/v1/registry/certificates/KEZ1", key="nonsense")).status == 200
        assert b"nonsense" not in registry.heads[0]


async def test_a_body_declared_too_long_is_refused_before_it_is_read(gate: Gate) -> None:
    async with service(plain) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        head = request("/v1/registry/filings", "POST", body=b"x")[:-1].replace(b"Length: 1", b"Length: 100001")
        assert problem(await caller.ask(head)) == (413, "payload_too_large")
        assert not registry.connections


async def test_a_body_declared_too_long_is_refused_before_it_is_asked_for(gate: Gate) -> None:
    async with gate.caller() as caller:
        head = request("/v1/registry/filings", "POST", body=b"x", Expect="100-continue")[:-1]
        response = await caller.ask(head.replace(b"Length: 1", b"Length: 100001"))
        assert problem(response) == (413, "payload_too_large")


@pytest.mark.parametrize(
    ("path", "key", "status"),
    [
        ("/v1/registry/filings", "partner", 413),
        ("/v1/registry/filings", "nobody", 401),
        ("/v1/registry/filings/fil_1/approve", "partner", 403),
        ("/v1/registry/nothing", "partner", 404),
        ("/v1/registry/filings/latest", "partner", 405),
    ],
)
async def test_a_client_that_sends_a_large_body_reads_why_it_is_refused_and_asks_again(
    gate: Gate, path: str, key: str, status: int
) -> None:
    async with service(plain) as registry, httpx.AsyncClient(base_url=f"http://127.0.0.1:{gate.port}") as client:
        gate.services["registry"] = registry.base
        refused = await client.post(path, content=b"x" * 3_000_000, headers={"Authorization": f"Bearer {key}"})
        assert (refused.status_code, refused.headers["connection"]) == (status, "close")
        again = await client.get("/v1/registry/filings", headers={"Authorization": "Bearer partner"})
        assert again.status_code == 200


async def test_a_body_that_is_waited_for_is_asked_for(gate: Gate) -> None:
    async with service(plain) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        head = request("/v1/registry/filings", "POST", body=b"{}", Expect="100-continue")[:-2]
        await caller.say(head)
        assert await caller.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert (await caller.ask(b"{}")).status == 200
        assert b"expect" not in registry.heads[0].lower()


async def test_a_chunked_body_is_refused_when_it_turns_out_too_long(gate: Gate) -> None:
    async with service(Connection.until_left) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        head = request("/v1/registry/filings", "POST", Content_Type="application/json")
        await caller.say(head.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n"))
        for _ in range(11):
            await caller.say(b"2710\r\n" + b"x" * 10_000 + b"\r\n")
        assert problem(await caller.response()) == (413, "payload_too_large")


async def test_the_longest_body_allowed_passes(gate: Gate) -> None:
    arrived = []

    async def keep(connection: Connection) -> None:
        arrived.append((await connection.request())[1])
        await connection.say(PLAIN)

    async with service(keep) as registry:
        gate.services["registry"] = registry.base
        body = bytes(range(256)) * 390
        assert (await gate.ask("/v1/registry/filings", "POST", body=body)).status == 200
        assert arrived == [body]


@pytest.mark.parametrize(
    ("path", "media_type", "length", "status"),
    [
        ("uploads", "text/csv", 300_000, 200),
        ("uploads", "text/csv", 300_001, 413),
        ("uploads", "application/json", 3, 415),
        ("notes", "application/json", 100, 200),
        ("notes", "application/json", 101, 413),
    ],
)
async def test_an_operation_may_take_more_or_less_than_is_usual(
    gate: Gate, path: str, media_type: str, length: int, status: int
) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        answer = await gate.ask(f"/v1/registry/{path}", "POST", body=b"x" * length, Content_Type=media_type)
    assert answer.status == status


async def test_a_chunked_upload_is_cut_off_at_its_own_limit(gate: Gate) -> None:
    async with service(Connection.until_left) as registry, gate.caller() as caller:
        gate.services["registry"] = registry.base
        head = request("/v1/registry/uploads", "POST", Content_Type="text/csv")
        await caller.say(head.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n"))
        for _ in range(31):
            await caller.say(b"2710\r\n" + b"x" * 10_000 + b"\r\n")
        assert problem(await caller.response()) == (413, "payload_too_large")


async def test_own_routes_keep_the_same_measure(gate: Gate) -> None:
    response = await gate.ask("/problems/x", "POST", key=None, body=b"x" * 100_001)
    assert problem(response) == (413, "payload_too_large")


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip", "deflate"])
async def test_compressed_bodies_are_refused(gate: Gate, coding: str) -> None:
    response = await gate.ask("/v1/registry/filings", "POST", body=b"x", Content_Encoding=coding)
    assert problem(response) == (415, "content_encoding_not_supported")


@pytest.mark.parametrize("media", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "json"])
async def test_bodies_of_another_type_are_refused(gate: Gate, media: str) -> None:
    response = await gate.ask("/v1/registry/filings", "POST", body=b"x", Content_Type=media)
    assert problem(response) == (415, "unsupported_media_type")


@pytest.mark.parametrize("media", ["application/json", "Application/JSON; charset=utf-8"])
async def test_json_bodies_come_in(gate: Gate, media: str) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        response = await gate.ask("/v1/registry/filings", "POST", body=b"{}", Content_Type=media)
        assert response.status == 200


@pytest.mark.parametrize("accept", ["text/html", "application/xml, text/*", "application/json;q=0", "*/*;q=0.0"])
async def test_a_caller_that_reads_nothing_written_here_is_told(gate: Gate, accept: str) -> None:
    assert problem(await gate.ask("/v1/registry/filings", Accept=accept)) == (406, "not_acceptable")


@pytest.mark.parametrize(
    "accept", ["", "*/*", "application/*", "application/json", "text/html, */*;q=0.1", "APPLICATION/PROBLEM+JSON"]
)
async def test_a_caller_that_reads_json_comes_in(gate: Gate, accept: str) -> None:
    async with service(plain) as registry:
        gate.services["registry"] = registry.base
        assert (await gate.ask("/v1/registry/filings", Accept=accept)).status == 200


async def test_a_stream_is_acceptable_where_one_is_served(gate: Gate) -> None:
    async with service(plain) as metrics:
        gate.services["metrics"] = metrics.base
        assert (await gate.ask("/v1/metrics/stream", Accept="text/event-stream")).status == 200
        assert b"x-zone-deadline" not in metrics.heads[0].lower(), "a stream ends when it likes"
