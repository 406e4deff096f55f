"""A partner manages its own keys and nothing else; what is another's does not exist for it."""

import httpx
import pytest

from tests.gateway.access.conftest import Side, the_office
from tests.gateway.access.zone import Json, Zone, new_client, new_key

VARYING = ("instance", "request_id")


def alike(first: httpx.Response, second: httpx.Response) -> bool:
    """Whether two answers cannot be told apart, but for what names the request."""
    bodies = [
        {name: value for name, value in answer.json().items() if name not in VARYING} for answer in (first, second)
    ]
    return first.status_code == second.status_code and bodies[0] == bodies[1]


def managed(side: Side) -> list[tuple[str, str]]:
    """Every operation on what belongs to a partner that a key manager may call."""
    partner, client, key = side.partner["id"], side.client["id"], side.key["id"]
    return [
        ("GET", f"/v1/partners/{partner}"),
        ("GET", f"/v1/partners/{partner}/clients"),
        ("GET", f"/v1/clients/{client}"),
        ("GET", f"/v1/clients/{client}/keys"),
        ("POST", f"/v1/clients/{client}/keys"),
        ("GET", f"/v1/keys/{key}"),
        ("POST", f"/v1/keys/{key}/rotate"),
        ("DELETE", f"/v1/keys/{key}"),
    ]


@pytest.mark.parametrize("number", range(8))
async def test_what_belongs_to_another_partner_answers_like_what_does_not_exist(
    ours: Side, theirs: Side, number: int
) -> None:
    method, path = managed(theirs)[number]
    id = path.split("/")[3]
    foreign = await ours.api.request(method, path)
    missing = await ours.api.request(method, path.replace(id, id[:4] + "0" * 32))
    assert foreign.status_code == 404
    assert alike(foreign, missing)


async def test_another_partners_key_is_still_good_after_an_attempt_to_revoke_or_rotate_it(
    ours: Side, theirs: Side
) -> None:
    await ours.api.delete(f"/v1/keys/{theirs.key['id']}")
    await ours.api.post(f"/v1/keys/{theirs.key['id']}/rotate", json={"overlap_hours": 0})
    assert (await theirs.api.get(f"/v1/keys/{theirs.key['id']}")).json()["status"] == "active"


async def test_a_partner_manages_the_keys_of_its_own_clients(operator: httpx.AsyncClient, ours: Side) -> None:
    other = await new_client(operator, ours.partner["id"])
    key = await new_key(ours.api, other["id"])
    rotated = await ours.api.post(f"/v1/keys/{key['id']}/rotate", json={})
    revoked = await ours.api.delete(f"/v1/keys/{rotated.json()['id']}")
    assert (rotated.status_code, revoked.status_code) == (201, 204)


async def test_a_partner_lists_itself_alone(ours: Side, theirs: Side) -> None:
    found = (await ours.api.get("/v1/partners")).json()["data"]
    assert [partner["id"] for partner in found] == [ours.partner["id"]]


async def test_a_partner_finds_itself_by_its_own_status_only(ours: Side) -> None:
    assert (await ours.api.get("/v1/partners", params={"status": "suspended"})).json()["data"] == []


@pytest.mark.parametrize("kind", ["officer", "supervisor", "auditor", "operator"])
async def test_a_partner_does_not_reach_an_official_of_the_office(
    operator: httpx.AsyncClient, ours: Side, kind: str
) -> None:
    official = await new_client(operator, (await the_office(operator))["id"], kind)
    key = await new_key(operator, official["id"])
    answers = [
        await ours.api.get(f"/v1/clients/{official['id']}"),
        await ours.api.post(f"/v1/clients/{official['id']}/keys"),
        await ours.api.get(f"/v1/clients/{official['id']}/keys"),
        await ours.api.post(f"/v1/keys/{key['id']}/rotate"),
        await ours.api.delete(f"/v1/keys/{key['id']}"),
    ]
    assert {answer.status_code for answer in answers} == {404}


async def test_a_partner_sees_only_those_clients_whose_keys_it_manages(zone: Zone, ours: Side) -> None:
    older = zone.store.collections["clients"][ours.client["id"]] | {"_id": f"cli_{'0' * 32}", "kind": "officer"}
    zone.store.collections["clients"][older["_id"]] = older  # from before officials were the office's alone
    path = f"/v1/partners/{ours.partner['id']}/clients"
    for params in ({}, {"kind": "partner"}):
        found = (await ours.api.get(path, params=params)).json()["data"]
        assert [client["id"] for client in found] == [ours.client["id"]]
    assert (await ours.api.get(path, params={"kind": "officer"})).json()["data"] == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/partners", {"legal_name": "示例自荐有限公司"}),
        ("PATCH", "/v1/partners/{partner}", {"status": "active"}),
        ("POST", "/v1/partners/{partner}/clients", {"kind": "operator"}),
        ("PATCH", "/v1/clients/{client}", {"scopes": None}),
    ],
)
async def test_a_partner_admits_and_changes_nobody_not_even_itself(
    ours: Side, method: str, path: str, body: Json
) -> None:
    path = path.format(partner=ours.partner["id"], client=ours.client["id"])
    answer = await ours.api.request(method, path, json=body, headers={"If-Match": '"v1"'})
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
    assert answer.json()["scopes"] == ["admin"]


@pytest.mark.parametrize("kind", ["officer", "supervisor", "auditor"])
async def test_who_decides_about_businesses_manages_no_keys(
    zone: Zone, operator: httpx.AsyncClient, ours: Side, kind: str
) -> None:
    client = await new_client(operator, (await the_office(operator))["id"], kind)
    key = await new_key(operator, client["id"])
    async with zone.client(key["key"]) as official:
        answers = [await official.request(method, path) for method, path in managed(ours)]
    assert {answer.status_code for answer in answers} == {403}


async def test_a_key_without_the_scope_manages_nothing_though_its_client_might(
    zone: Zone, operator: httpx.AsyncClient, ours: Side
) -> None:
    key = await new_key(operator, ours.client["id"], scopes=["metrics:read"])
    async with zone.client(key["key"]) as api:
        answers = [await api.request(method, path) for method, path in managed(ours)]
    assert {answer.status_code for answer in answers} == {403}


async def test_nobody_manages_anything_without_a_key(zone: Zone, ours: Side) -> None:
    async with zone.client(None) as stranger:
        answers = [await stranger.request(method, path) for method, path in managed(ours)]
    assert {answer.status_code for answer in answers} == {401}
    assert answers[0].headers["www-authenticate"].startswith("Bearer")


async def test_an_identity_that_a_caller_brings_along_is_not_believed(zone: Zone, ours: Side) -> None:
    async with zone.client(None) as stranger:
        answer = await stranger.get("/v1/partners", headers={"X-Zone-Identity": "eyJhbGciOiJub25lIn0.e30."})
    assert answer.status_code == 401
