"""Partners, clients and keys are managed over HTTP, with keys, through the edge."""

import httpx
import pytest

from gateway.access.scopes import KINDS, SCOPES
from services.chassis.testing.moments import NOON
from tests.gateway.access.conftest import Side, the_office
from tests.gateway.access.zone import Zone, is_let_in, made, new_client, new_key
from tests.refusals import reason

NAME = "示例数据服务有限公司"


async def patched(api: httpx.AsyncClient, path: str, **changes: object) -> httpx.Response:
    etag = (await api.get(path)).headers["etag"]
    return await api.patch(path, json=changes, headers={"If-Match": etag})


async def test_an_admitted_partner_is_shown_and_found_where_the_answer_says(operator: httpx.AsyncClient) -> None:
    answer = await operator.post("/v1/partners", json={"legal_name": NAME})
    partner = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1/partners/{partner['id']}")
    assert partner == {
        "id": partner["id"],
        "version": 1,
        "last_event_id": f"{partner['id']}:0000000001",
        "legal_name": NAME,
        "plan": "standard",
        "status": "active",
        "office": False,
    }
    assert (await operator.get(answer.headers["location"])).json() == partner


async def test_a_head_is_answered_like_the_get_that_it_stands_for(operator: httpx.AsyncClient, ours: Side) -> None:
    path = f"/v1/partners/{ours.partner['id']}"
    head, get = await operator.head(path), await operator.get(path)
    assert (head.status_code, head.headers["etag"]) == (200, get.headers["etag"])


async def test_the_same_admission_repeated_under_its_key_admits_once(operator: httpx.AsyncClient) -> None:
    answers = [
        await operator.post("/v1/partners", json={"legal_name": NAME}, headers={"Idempotency-Key": "one"})
        for _ in range(2)
    ]
    assert answers[0].content == answers[1].content
    found = (await operator.get("/v1/partners")).json()["data"]
    assert [partner["legal_name"] for partner in found].count(NAME) == 1


async def test_partners_are_listed_by_status(operator: httpx.AsyncClient, ours: Side, theirs: Side) -> None:
    await patched(operator, f"/v1/partners/{ours.partner['id']}", status="suspended")
    found = (await operator.get("/v1/partners", params={"status": "suspended"})).json()["data"]
    assert [partner["id"] for partner in found] == [ours.partner["id"]]


async def test_a_partner_can_be_renamed(operator: httpx.AsyncClient, ours: Side) -> None:
    answer = await patched(operator, f"/v1/partners/{ours.partner['id']}", legal_name=NAME)
    assert (answer.json()["legal_name"], answer.json()["version"]) == (NAME, 2)


async def test_a_suspended_partner_is_shut_out_with_all_its_keys_until_it_is_let_in_again(
    zone: Zone, operator: httpx.AsyncClient, ours: Side, theirs: Side
) -> None:
    path = f"/v1/partners/{ours.partner['id']}"
    assert (await patched(operator, path, status="suspended")).json()["status"] == "suspended"
    assert (await ours.api.get("/v1/partners")).status_code == 401
    assert (await theirs.api.get("/v1/partners")).status_code == 200
    await patched(operator, path, status="active")
    assert (await ours.api.get("/v1/partners")).status_code == 200


async def test_a_partner_cannot_be_suspended_twice(operator: httpx.AsyncClient, ours: Side) -> None:
    path = f"/v1/partners/{ours.partner['id']}"
    await patched(operator, path, status="suspended")
    answer = await patched(operator, path, status="suspended")
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")
    assert answer.json()["current_status"] == "suspended"


async def test_the_zones_own_office_cannot_be_suspended(operator: httpx.AsyncClient) -> None:
    office = await the_office(operator)
    answer = await patched(operator, f"/v1/partners/{office['id']}", status="suspended")
    assert (answer.status_code, answer.json()["code"]) == (409, "office_stays")


@pytest.mark.parametrize("path", ["/v1/partners/{partner}", "/v1/clients/{client}"])
async def test_a_change_names_the_version_that_it_changes(operator: httpx.AsyncClient, ours: Side, path: str) -> None:
    path = path.format(partner=ours.partner["id"], client=ours.client["id"])
    without = await operator.patch(path, json={"status": "suspended"})
    stale = await operator.patch(path, json={"status": "suspended"}, headers={"If-Match": '"v7"'})
    assert (without.status_code, stale.status_code) == (428, 412)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_client_that_names_no_scopes_has_all_of_its_kind(
    operator: httpx.AsyncClient, ours: Side, kind: str
) -> None:
    owner = ours.partner if kind == "partner" else await the_office(operator)
    client = await new_client(operator, owner["id"], kind)
    assert client["scopes"] == sorted(SCOPES[kind])  # type: ignore[index]  # one of KINDS


@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        ("partner", "registry:review"),
        ("partner", "admin"),
        ("supervisor", "registry:supervise"),
        ("officer", "keys:manage"),
        ("auditor", "registry:filings:write"),
        ("operator", "registry:review"),
        ("operator", "no:such:scope"),
    ],
)
async def test_a_client_is_not_given_a_scope_of_another_kind(
    operator: httpx.AsyncClient, ours: Side, kind: str, scope: str
) -> None:
    owner = ours.partner if kind == "partner" else await the_office(operator)
    body = {"kind": kind, "scopes": ["metrics:read", scope]}
    answer = await operator.post(f"/v1/partners/{owner['id']}/clients", json=body)
    assert (answer.status_code, reason(answer)) == (422, "scope_not_allowed")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/scopes/1"]


async def test_a_client_of_an_unknown_partner_is_not_admitted(operator: httpx.AsyncClient) -> None:
    answer = await operator.post(f"/v1/partners/par_{'0' * 32}/clients", json={"kind": "partner"})
    assert answer.status_code == 404


async def test_clients_are_listed_by_kind_and_status(operator: httpx.AsyncClient) -> None:
    office = await the_office(operator)
    officer = await new_client(operator, office["id"], "officer")
    path = f"/v1/partners/{office['id']}/clients"
    (own,) = (await operator.get(path, params={"kind": "operator"})).json()["data"]
    found = [
        [client["id"] for client in (await operator.get(path, params=params)).json()["data"]]
        for params in ({}, {"kind": "officer"}, {"status": "suspended"}, {"kind": "officer", "status": "active"})
    ]
    assert found == [[own["id"], officer["id"]], [officer["id"]], [], [officer["id"]]]


async def test_a_client_that_loses_a_scope_loses_it_in_its_keys(operator: httpx.AsyncClient, ours: Side) -> None:
    answer = await patched(operator, f"/v1/clients/{ours.client['id']}", scopes=["metrics:read"])
    assert answer.json()["scopes"] == ["metrics:read"]
    refused = await ours.api.get("/v1/partners")
    assert (refused.status_code, refused.json()["scopes"]) == (403, ["keys:manage"])


async def test_a_client_is_given_all_scopes_of_its_kind_again_by_null(operator: httpx.AsyncClient, ours: Side) -> None:
    path = f"/v1/clients/{ours.client['id']}"
    await patched(operator, path, scopes=["metrics:read"])
    assert (await patched(operator, path, scopes=None)).json()["scopes"] == sorted(SCOPES["partner"])


async def test_a_change_that_does_not_speak_of_scopes_leaves_them(operator: httpx.AsyncClient, ours: Side) -> None:
    path = f"/v1/clients/{ours.client['id']}"
    await patched(operator, path, scopes=["metrics:read"])
    assert (await patched(operator, path, status="suspended")).json()["scopes"] == ["metrics:read"]


async def test_a_suspended_client_is_shut_out_alone(zone: Zone, operator: httpx.AsyncClient, ours: Side) -> None:
    other = await new_client(operator, ours.partner["id"])
    key = await new_key(operator, other["id"])
    await patched(operator, f"/v1/clients/{ours.client['id']}", status="suspended")
    assert not await is_let_in(zone, ours.key["key"])
    assert await is_let_in(zone, key["key"])


async def test_an_operator_does_not_suspend_itself(zone: Zone, operator: httpx.AsyncClient) -> None:
    office = await the_office(operator)
    (own,) = (await operator.get(f"/v1/partners/{office['id']}/clients")).json()["data"]
    answer = await patched(operator, f"/v1/clients/{own['id']}", status="suspended")
    assert (answer.status_code, answer.json()["code"]) == (409, "own_client")


async def test_a_new_key_is_shown_and_opens_the_zone(zone: Zone, operator: httpx.AsyncClient, ours: Side) -> None:
    answer = await operator.post(f"/v1/clients/{ours.client['id']}/keys", json={})
    key = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1/keys/{key['id']}")
    assert {name: key[name] for name in ("client_id", "status", "not_before", "expires_at", "revoked_at")} == {
        "client_id": ours.client["id"],
        "status": "active",
        "not_before": "2026-03-02T04:00:00.000Z",
        "expires_at": None,
        "revoked_at": None,
    }
    assert key["key"].endswith(key["last4"])
    assert await is_let_in(zone, key["key"])


async def test_a_key_is_made_without_a_body_too(operator: httpx.AsyncClient, ours: Side) -> None:
    assert (await operator.post(f"/v1/clients/{ours.client['id']}/keys")).status_code == 201


async def test_the_secret_of_a_key_is_never_shown_again(operator: httpx.AsyncClient, ours: Side) -> None:
    shown = [
        (await operator.get(f"/v1/keys/{ours.key['id']}")).json(),
        *(await operator.get(f"/v1/clients/{ours.client['id']}/keys")).json()["data"],
    ]
    assert all(view["id"] == ours.key["id"] and not {"key", "hmac"} & view.keys() for view in shown)


async def test_no_secret_is_stored_anywhere(zone: Zone, operator: httpx.AsyncClient, ours: Side) -> None:
    path, headers = f"/v1/clients/{ours.client['id']}/keys", {"Idempotency-Key": "one"}
    issued = (await operator.post(path, json={}, headers=headers)).json()
    rotated = (await operator.post(f"/v1/keys/{issued['id']}/rotate", json={}, headers={"Idempotency-Key": "2"})).json()
    stored = repr(zone.store.collections)
    assert issued["id"] in stored
    for secret in (issued["key"], rotated["key"], ours.key["key"]):
        assert secret[41:84] not in stored


async def test_a_key_ends_when_it_was_said_to(zone: Zone, operator: httpx.AsyncClient, ours: Side) -> None:
    key = await new_key(operator, ours.client["id"], expires_at="2026-03-02T13:00:00+08:00")
    assert key["expires_at"] == "2026-03-02T05:00:00.000Z"
    zone.clock.at = NOON.replace(hour=5)
    assert not await is_let_in(zone, key["key"])
    assert (await operator.get(f"/v1/keys/{key['id']}")).json()["status"] == "expired"


@pytest.mark.parametrize(
    ("times", "code"),
    [
        ({"expires_at": "2026-03-02T04:00:00Z"}, "expiry_in_the_past"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expiry_in_the_past"),
        ({"not_before": "2026-05-01T00:00:00Z", "expires_at": "2026-04-01T00:00:00Z"}, "expires_before_it_begins"),
    ],
)
async def test_a_key_that_would_never_be_good_is_not_made(
    operator: httpx.AsyncClient, ours: Side, times: dict[str, str], code: str
) -> None:
    answer = await operator.post(f"/v1/clients/{ours.client['id']}/keys", json=times)
    assert (answer.status_code, reason(answer)) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == "/expires_at"


async def test_a_key_is_not_given_more_than_its_client_has(operator: httpx.AsyncClient, ours: Side) -> None:
    client = await new_client(operator, ours.partner["id"], scopes=["metrics:read"])
    answer = await operator.post(
        f"/v1/clients/{client['id']}/keys", json={"scopes": ["metrics:read", "incubator:read"]}
    )
    assert (answer.status_code, reason(answer)) == (422, "scope_not_allowed")


async def test_keys_of_a_client_come_page_by_page(operator: httpx.AsyncClient, ours: Side) -> None:
    made_keys = [ours.key["id"]] + [(await new_key(operator, ours.client["id"]))["id"] for _ in range(2)]
    path = f"/v1/clients/{ours.client['id']}/keys"
    first = (await operator.get(path, params={"limit": 2})).json()
    second = (await operator.get(path, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [key["id"] for key in first["data"] + second["data"]] == made_keys


async def test_a_revoked_key_opens_nothing_and_stays_on_the_list(
    zone: Zone, operator: httpx.AsyncClient, ours: Side
) -> None:
    answer = await operator.delete(f"/v1/keys/{ours.key['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not await is_let_in(zone, ours.key["key"])
    (key,) = (await operator.get(f"/v1/clients/{ours.client['id']}/keys")).json()["data"]
    assert (key["status"], key["revoked_at"]) == ("revoked", "2026-03-02T04:00:00.000Z")


async def test_revoking_a_key_again_changes_nothing(operator: httpx.AsyncClient, ours: Side) -> None:
    path = f"/v1/keys/{ours.key['id']}"
    await operator.delete(path)
    before = (await operator.get(path)).json()
    assert (await operator.delete(path)).status_code == 204
    assert (await operator.get(path)).json() == before


async def test_a_key_does_not_revoke_itself(operator: httpx.AsyncClient, ours: Side) -> None:
    answer = await ours.api.delete(f"/v1/keys/{ours.key['id']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "own_key")


async def test_while_a_rotation_overlaps_both_keys_open_the_zone_then_only_the_new_one(
    zone: Zone, operator: httpx.AsyncClient, ours: Side
) -> None:
    new = await made(operator, f"/v1/keys/{ours.key['id']}/rotate", {"overlap_hours": 2})
    assert (await operator.get(f"/v1/keys/{ours.key['id']}")).json()["replaced_by"] == new["id"]
    both = (ours.key["key"], new["key"])
    zone.clock.at = NOON.replace(hour=5, minute=59)
    assert [await is_let_in(zone, key) for key in both] == [True, True]
    zone.clock.at = NOON.replace(hour=6)
    assert [await is_let_in(zone, key) for key in both] == [False, True]


async def test_without_an_overlap_a_rotated_key_is_revoked_at_once_even_by_itself(zone: Zone, ours: Side) -> None:
    new = await made(ours.api, f"/v1/keys/{ours.key['id']}/rotate", {"overlap_hours": 0})
    assert [await is_let_in(zone, key) for key in (ours.key["key"], new["key"])] == [False, True]


async def test_an_overlap_is_a_day_where_nothing_is_said(operator: httpx.AsyncClient, ours: Side) -> None:
    await operator.post(f"/v1/keys/{ours.key['id']}/rotate")
    assert (await operator.get(f"/v1/keys/{ours.key['id']}")).json()["expires_at"] == "2026-03-03T04:00:00.000Z"


async def test_an_overlap_does_not_lengthen_the_life_of_a_key(operator: httpx.AsyncClient, ours: Side) -> None:
    key = await new_key(operator, ours.client["id"], expires_at="2026-03-02T05:00:00Z")
    await made(operator, f"/v1/keys/{key['id']}/rotate", {"overlap_hours": 24})
    assert (await operator.get(f"/v1/keys/{key['id']}")).json()["expires_at"] == "2026-03-02T05:00:00.000Z"


async def test_a_rotated_key_has_the_scopes_and_the_lifetime_of_the_one_before(
    operator: httpx.AsyncClient, ours: Side
) -> None:
    old = await new_key(operator, ours.client["id"], scopes=["metrics:read"], expires_at="2026-03-12T04:00:00Z")
    new = await made(operator, f"/v1/keys/{old['id']}/rotate")
    assert (new["scopes"], new["not_before"], new["expires_at"]) == (
        ["metrics:read"],
        "2026-03-02T04:00:00.000Z",
        "2026-03-12T04:00:00.000Z",
    )


async def test_a_key_whose_life_would_outlast_the_calendar_is_rotated_to_the_end_of_it(
    operator: httpx.AsyncClient, ours: Side
) -> None:
    whole_calendar = {"not_before": "0001-01-01T00:00:00Z", "expires_at": "9999-12-31T23:59:59.999Z"}
    old = await new_key(operator, ours.client["id"], **whole_calendar)
    new = await made(operator, f"/v1/keys/{old['id']}/rotate")
    assert (old["not_before"], new["expires_at"]) == ("0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z")


async def test_a_key_is_rotated_once(operator: httpx.AsyncClient, ours: Side) -> None:
    path = f"/v1/keys/{ours.key['id']}/rotate"
    await made(operator, path)
    answer = await operator.post(path)
    assert (answer.status_code, answer.json()["code"]) == (409, "key_replaced")


async def test_a_revoked_key_is_not_rotated(operator: httpx.AsyncClient, ours: Side) -> None:
    await operator.delete(f"/v1/keys/{ours.key['id']}")
    answer = await operator.post(f"/v1/keys/{ours.key['id']}/rotate")
    assert (answer.status_code, answer.json()["code"]) == (409, "key_not_in_force")


async def test_everything_that_happens_is_told_without_a_secret(zone: Zone, operator: httpx.AsyncClient) -> None:
    partner = await made(operator, "/v1/partners", {"legal_name": NAME})
    client = await new_client(operator, partner["id"])
    key = await new_key(operator, client["id"])
    new = await made(operator, f"/v1/keys/{key['id']}/rotate")
    await operator.delete(f"/v1/keys/{key['id']}")
    await patched(operator, f"/v1/clients/{client['id']}", scopes=["metrics:read"])
    await patched(operator, f"/v1/clients/{client['id']}", status="suspended")
    await patched(operator, f"/v1/partners/{partner['id']}", status="suspended")
    ids = (partner["id"], client["id"], key["id"], new["id"])
    told = [
        row["type"].removeprefix("zone.gateway.") for row in zone.store.rows("outbox") if row["_id"].startswith(ids)
    ]
    assert sorted(told) == [
        "client.admitted.v1",
        "client.scopes_changed.v1",
        "client.status_changed.v1",
        "key.issued.v1",
        "key.issued.v1",
        "key.revoked.v1",
        "partner.admitted.v1",
        "partner.status_changed.v1",
    ]
    assert {row["topic"] for row in zone.store.rows("outbox")} == {"zone.gateway.partners"}


async def test_who_has_read_a_key_is_told_when_time_has_ended_it(
    zone: Zone, operator: httpx.AsyncClient, ours: Side
) -> None:
    key = await new_key(operator, ours.client["id"], expires_at="2026-03-02T05:00:00Z")
    path = f"/v1/keys/{key['id']}"
    seen = {"If-None-Match": (await operator.get(path)).headers["etag"]}
    assert (await operator.get(path, headers=seen)).status_code == 304
    zone.clock.at = NOON.replace(hour=5)
    again = await operator.get(path, headers=seen)
    assert (again.status_code, again.json()["status"]) == (200, "expired")


async def test_who_has_read_a_key_is_told_when_its_client_has_lost_a_scope(
    operator: httpx.AsyncClient, ours: Side
) -> None:
    path = f"/v1/keys/{ours.key['id']}"
    seen = {"If-None-Match": (await operator.get(path)).headers["etag"]}
    await patched(operator, f"/v1/clients/{ours.client['id']}", scopes=["metrics:read"])
    again = await operator.get(path, headers=seen)
    assert (again.status_code, again.json()["scopes"]) == (200, ["metrics:read"])


async def test_who_has_read_a_client_is_told_when_a_release_gives_its_kind_more_scopes(
    operator: httpx.AsyncClient, ours: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v1/clients/{ours.client['id']}"
    seen = {"If-None-Match": (await operator.get(path)).headers["etag"]}
    monkeypatch.setattr("gateway.access.client.SCOPES", {**SCOPES, "partner": SCOPES["partner"] | {"audit:read"}})
    again = await operator.get(path, headers=seen)
    assert (again.status_code, "audit:read" in again.json()["scopes"]) == (200, True)


async def test_a_new_key_is_answered_with_the_etag_under_which_it_is_read(
    operator: httpx.AsyncClient, ours: Side
) -> None:
    made_now = await operator.post(f"/v1/clients/{ours.client['id']}/keys", json={})
    read = await operator.get(made_now.headers["location"])
    assert made_now.headers["etag"] == read.headers["etag"]


async def test_a_key_is_revoked_in_the_version_that_was_read_and_in_no_other(
    operator: httpx.AsyncClient, ours: Side
) -> None:
    path = f"/v1/keys/{ours.key['id']}"
    read = {"If-Match": (await operator.get(path)).headers["etag"]}
    await operator.post(f"{path}/rotate", json={"overlap_hours": 1})
    assert (await operator.delete(path, headers=read)).status_code == 412
    read = {"If-Match": (await operator.get(path)).headers["etag"]}
    assert (await operator.delete(path, headers=read)).status_code == 204
