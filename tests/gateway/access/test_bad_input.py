"""Whatever is sent to a management route is a 4xx problem that says where and what, and changes nothing."""

import copy
import json
from typing import Any

import httpx
import pytest

from tests.gateway.access.conftest import Side
from tests.gateway.access.zone import Json, Zone
from tests.refusals import reason

PARTNERS = ("POST", "/v1/partners", {"legal_name": "示例园区服务有限公司"})
PARTNER = ("PATCH", "/v1/partners/{partner}", {"legal_name": "示例园区服务有限公司"})
CLIENTS = ("POST", "/v1/partners/{partner}/clients", {"kind": "partner"})
CLIENT = ("PATCH", "/v1/clients/{client}", {"status": "suspended"})
KEYS = ("POST", "/v1/clients/{client}/keys", {"expires_at": "2026-12-01T00:00:00Z"})
ROTATE = ("POST", "/v1/keys/{key}/rotate", {"overlap_hours": 1})
WRITES = [PARTNERS, PARTNER, CLIENTS, CLIENT, KEYS, ROTATE]
Route = tuple[str, str, Json]


def raw(headers: dict[str, str | bytes]) -> list[tuple[bytes, bytes]]:
    """Headers as they go over the wire, whatever is in them."""
    values = {name: value if isinstance(value, bytes) else value.encode() for name, value in headers.items()}
    return [(name.encode(), value) for name, value in values.items()]


async def sent(
    api: httpx.AsyncClient, side: Side, route: Route, content: bytes, **headers: str | bytes
) -> httpx.Response:
    method, path, _ = route
    path = path.format(partner=side.partner["id"], client=side.client["id"], key=side.key["id"])
    usual: dict[str, str | bytes] = {"Content-Type": "application/json", "If-Match": '"v1"'}
    return await api.request(method, path, content=content, headers=raw(usual | headers))


def places(answer: httpx.Response) -> dict[str, str]:
    return {error["pointer"]: error["code"] for error in answer.json()["errors"]}


@pytest.fixture(autouse=True)
def _changes_nothing(zone: Zone, ours: Side) -> Any:
    """Every test of this file: the store is afterwards as it was before."""
    before = copy.deepcopy(zone.store.collections)
    yield
    assert zone.store.collections == before


UNREADABLE = [
    (b"{", 400),
    (b"[]", 422),
    (b'"text"', 422),
    (b"{} trailing", 400),
    (b'{"a": NaN}', 400),
    (b'{"a": 1, "a": 2}', 400),
    (b'{"legal_name": "\xff\xfe"}', 400),
    (b'{"legal_name": "\\ud800"}', 400),
    (b'{"legal_name": "a\\u0000b"}', 422),
    (b'{"a": ' + b"9" * 5_000 + b"}", 400),
    (b"[" * 10_000 + b"]" * 10_000, 400),
    (b'{"a": ' * 100 + b"1" + b"}" * 100, 400),
    (b'{"$gt": ""}', 422),
]
NOTHING = [(b"", 422), (b"null", 422)]
"""Refused where a body is needed; a key is made and rotated without one too."""


@pytest.mark.parametrize(
    ("route", "content", "status"),
    [
        *((route, *sent) for route in WRITES for sent in UNREADABLE),
        *((route, *sent) for route in WRITES if route not in (KEYS, ROTATE) for sent in NOTHING),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_a_body_that_cannot_be_read_is_refused(
    operator: httpx.AsyncClient, ours: Side, route: Route, content: bytes, status: int
) -> None:
    answer = await sent(operator, ours, route, content)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("route", WRITES, ids=lambda route: f"{route[0]} {route[1]}")
@pytest.mark.parametrize(
    "member",
    ["id", "version", "sequence", "office", "partner_id", "client_id", "given", "hmac", "last4", "revoked_at", "role"],
)
async def test_nobody_assigns_what_the_route_does_not_take(
    operator: httpx.AsyncClient, ours: Side, route: Route, member: str
) -> None:
    answer = await sent(operator, ours, route, json.dumps(route[2] | {member: True}).encode())
    assert answer.status_code == 422
    assert places(answer) == {f"/{member}": "unknown_field"}


@pytest.mark.parametrize(
    ("route", "body", "errors"),
    [
        (PARTNERS, {}, {"/legal_name": "missing"}),
        (PARTNERS, {"legal_name": ""}, {"/legal_name": "length"}),
        (PARTNERS, {"legal_name": "a" * 201}, {"/legal_name": "length"}),
        (PARTNERS, {"legal_name": "示\n例"}, {"/legal_name": "character_not_allowed"}),
        (PARTNERS, {"legal_name": "示\u202e例"}, {"/legal_name": "character_not_allowed"}),
        (PARTNERS, {"legal_name": "  "}, {"/legal_name": "length"}),
        (PARTNERS, {"legal_name": 1, "plan": "gold"}, {"/legal_name": "invalid", "/plan": "not_one_of"}),
        (PARTNERS, {"legal_name": {"$gt": ""}}, {"/legal_name": "invalid"}),
        (PARTNERS, {"legal_name": "示例", "plan": None}, {"/plan": "not_one_of"}),
        (PARTNER, {"legal_name": None}, {"/legal_name": "null_not_allowed"}),
        (PARTNER, {"status": "gone"}, {"/status": "not_one_of"}),
        (PARTNER, {"status": True, "legal_name": []}, {"/status": "not_one_of", "/legal_name": "invalid"}),
        (PARTNER, {"status": None}, {"/status": "null_not_allowed"}),
        (CLIENTS, {}, {"/kind": "missing"}),
        (CLIENTS, {"kind": "system"}, {"/kind": "not_one_of"}),
        (CLIENTS, {"kind": ["partner"]}, {"/kind": "not_one_of"}),
        (CLIENTS, {"kind": "partner", "scopes": []}, {"/scopes": "length"}),
        (CLIENTS, {"kind": "partner", "scopes": "admin"}, {"/scopes": "invalid"}),
        (CLIENTS, {"kind": "partner", "scopes": [1, None]}, {"/scopes/0": "invalid", "/scopes/1": "invalid"}),
        (CLIENTS, {"kind": "partner", "scopes": ["x"] * 51}, {"/scopes": "length"}),
        (CLIENTS, {"kind": "partner", "scopes": ["x" * 101]}, {"/scopes/0": "length"}),
        (CLIENTS, {"kind": "partner", "scopes": ["metrics:read"] * 2}, {"/scopes/1": "scope_repeated"}),
        (CLIENT, {"scopes": ["admin"]}, {"/scopes/0": "scope_not_allowed"}),
        (CLIENT, {"status": 1, "scopes": {}}, {"/status": "not_one_of", "/scopes": "invalid"}),
        (CLIENT, {"kind": "operator"}, {"/kind": "unknown_field"}),
        (KEYS, {"expires_at": "2026-12-01T00:00:00"}, {"/expires_at": "timestamp_offset_required"}),
        (KEYS, {"expires_at": 1_800_000_000}, {"/expires_at": "timestamp_invalid"}),
        (KEYS, {"expires_at": "2026-02-30T00:00:00Z"}, {"/expires_at": "timestamp_invalid"}),
        (KEYS, {"not_before": "tomorrow", "scopes": []}, {"/not_before": "timestamp_invalid", "/scopes": "length"}),
        (KEYS, {"scopes": ["registry:review"]}, {"/scopes/0": "scope_not_allowed"}),
        (ROTATE, {"overlap_hours": -1}, {"/overlap_hours": "invalid"}),
        (ROTATE, {"overlap_hours": 169}, {"/overlap_hours": "invalid"}),
        (ROTATE, {"overlap_hours": 1.5}, {"/overlap_hours": "invalid"}),
        (ROTATE, {"overlap_hours": "1"}, {"/overlap_hours": "invalid"}),
        (ROTATE, {"overlap_hours": True}, {"/overlap_hours": "invalid"}),
        (ROTATE, {"overlap_hours": None}, {"/overlap_hours": "invalid"}),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_every_value_that_is_not_acceptable_is_named_with_its_place(
    operator: httpx.AsyncClient, ours: Side, route: Route, body: Json, errors: dict[str, str]
) -> None:
    answer = await sent(operator, ours, route, json.dumps(body).encode())
    assert (answer.status_code, places(answer)) == (422, errors)


@pytest.mark.parametrize("route", WRITES, ids=lambda route: f"{route[0]} {route[1]}")
async def test_a_body_is_json_and_says_so(operator: httpx.AsyncClient, ours: Side, route: Route) -> None:
    answer = await sent(operator, ours, route, b"legal_name=x", **{"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 415


@pytest.mark.parametrize("route", WRITES, ids=lambda route: f"{route[0]} {route[1]}")
async def test_a_body_is_not_endless(operator: httpx.AsyncClient, ours: Side, route: Route) -> None:
    answer = await sent(operator, ours, route, b'{"legal_name": "' + b"a" * 1_100_000 + b'"}')
    assert answer.status_code == 413


@pytest.mark.parametrize("route", [PARTNERS, KEYS], ids=lambda route: f"{route[0]} {route[1]}")
@pytest.mark.parametrize("key", ["", "a\tb", "ü", "x" * 256, '"open'])
async def test_an_idempotency_key_in_any_other_form_is_refused(
    operator: httpx.AsyncClient, ours: Side, route: Route, key: str
) -> None:
    content = json.dumps(route[2]).encode()
    answer = await sent(operator, ours, route, content, **{"Idempotency-Key": key.encode()})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_header")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/partners/x",
        "/v1/partners/cli_{zeros}",
        "/v1/partners/par_{zeros}0",
        "/v1/partners/PAR_{zeros}",
        "/v1/partners/%24ne/clients",
        "/v1/clients/x",
        "/v1/clients/x/keys",
        "/v1/keys/x",
        "/v1/keys/key_{zeros}",
    ],
)
async def test_what_is_no_id_of_anything_is_not_found(operator: httpx.AsyncClient, ours: Side, path: str) -> None:
    assert (await operator.get(path.format(zeros="0" * 32))).status_code == 404


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("limit=0", 400, "limit_range"),
        ("limit=201", 400, "limit_range"),
        ("limit=1.5", 400, "limit_range"),
        ("cursor=bm90IG91cnM", 400, "cursor_invalid"),
        ("nonsense=1", 400, "unknown_parameter"),
        ("limit=1&limit=2", 400, "repeated_parameter"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/partners", "/v1/partners/{partner}/clients", "/v1/clients/{client}/keys"])
async def test_a_list_refuses_what_it_cannot_read(
    operator: httpx.AsyncClient, ours: Side, path: str, query: str, status: int, code: str
) -> None:
    path = path.format(partner=ours.partner["id"], client=ours.client["id"])
    answer = await operator.get(f"{path}?{query}")
    assert (answer.status_code, reason(answer)) == (status, code)


@pytest.mark.parametrize("query", ["status=", "status=Active", "status=%7B%22%24gt%22%3A%22%22%7D"])
@pytest.mark.parametrize("path", ["/v1/partners", "/v1/partners/{partner}/clients"])
async def test_a_filter_takes_its_own_values_only(
    operator: httpx.AsyncClient, ours: Side, path: str, query: str
) -> None:
    answer = await operator.get(f"{path.format(partner=ours.partner['id'])}?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "status")
