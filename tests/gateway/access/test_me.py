"""Who calls is told who they are, what their key opens, and how much of it at once: what is enforced, and no other."""

from dataclasses import fields
from typing import Any

import httpx
import pytest

from gateway.access.scopes import KINDS, SCOPES, Kind
from gateway.edge.body_room import BodyRoom
from gateway.edge.content import BODY_AT_MOST
from gateway.edge.edge import Edge
from gateway.edge.operation import parsed
from gateway.edge.operations import FILE
from gateway.upstream.call import Lane
from gateway.upstream.httpunk_client import HttpunkUpstream
from services.chassis.http.paging import MOST_ON_A_PAGE
from services.contracts.registry.filings import MOST_DRAFTS
from tests.gateway.access.conftest import Side, the_office
from tests.gateway.access.zone import Zone, new_client, new_key


async def test_a_partner_is_told_who_it_is_and_what_its_key_opens(operator: httpx.AsyncClient, ours: Side) -> None:
    me = (await ours.api.get("/v1/me")).json()
    assert me | {"limits": None} == {
        "partner_id": ours.partner["id"],
        "legal_name": ours.partner["legal_name"],
        "plan": "standard",
        "client_id": ours.client["id"],
        "kind": "partner",
        "key_id": ours.key["id"],
        "expires_at": None,
        "scopes": sorted(SCOPES["partner"]),
        "businesses": None,
        "limits": None,
    }


@pytest.mark.parametrize("kind", KINDS)
async def test_a_caller_of_every_kind_may_ask(zone: Zone, operator: httpx.AsyncClient, ours: Side, kind: Kind) -> None:
    of = ours.partner if kind == "partner" else await the_office(operator)
    key = await new_key(operator, (await new_client(operator, of["id"], kind))["id"])
    async with zone.client(key["key"]) as api:
        answer = await api.get("/v1/me")
    me = answer.json()
    assert (answer.status_code, me["kind"], me["partner_id"]) == (200, kind, of["id"])
    assert me["scopes"] == sorted(SCOPES[kind])
    assert me["limits"]["drafts"] == (MOST_DRAFTS if kind == "partner" else None)


async def test_a_key_of_one_scope_opens_no_more_and_says_when_it_ends(
    zone: Zone, operator: httpx.AsyncClient, ours: Side
) -> None:
    wanted = {"scopes": ["metrics:read"], "expires_at": "2030-01-01T00:00:00.000Z"}
    key = await new_key(operator, ours.client["id"], **wanted)
    async with zone.client(key["key"]) as api:
        me = (await api.get("/v1/me")).json()
    assert {name: me[name] for name in wanted} == wanted


async def test_who_shows_no_key_is_nobody(zone: Zone, operator: httpx.AsyncClient) -> None:
    async with zone.client(None) as api:
        assert (await api.get("/v1/me")).status_code == 401


async def test_what_it_says_of_limits_is_what_the_gateway_keeps_to(ours: Side) -> None:
    said = (await ours.api.get("/v1/me")).json()["limits"]
    upstream, room = HttpunkUpstream(), BodyRoom()
    own: Any = next(each.default_factory for each in fields(Edge) if each.name == "own_shares")
    kept = {lane: upstream._bounds[lane].a_client for lane in Lane}
    assert said == {
        "requests_at_once": kept[Lane.SHORT],
        "own_requests_at_once": own()._a_client,
        "uploads_at_once": kept[Lane.UPLOAD],
        "body_bytes": BODY_AT_MOST,
        "bodies_bytes": room._a_client,
        "rows_a_page": MOST_ON_A_PAGE,
        "drafts": MOST_DRAFTS,
    }


async def test_its_tag_spares_who_has_it_already(ours: Side) -> None:
    answer = await ours.api.get("/v1/me")
    again = await ours.api.get("/v1/me", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_no_operation_of_the_zone_is_a_stream_so_no_bound_of_streams_is_told() -> None:
    assert not [each for each in parsed(FILE.read_text()) if each.is_stream]
