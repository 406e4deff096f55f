"""A key whose answer was lost on the way: a repeat of the request has it drawn anew."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.chassis.testing.moments import NOON
from tests.gateway.access.conftest import Side
from tests.gateway.access.zone import Json, Zone, is_let_in, new_key
from tests.refusals import reason


async def asked_for_a_key(api: httpx.AsyncClient, path: str, **body: Any) -> httpx.Response:
    return await api.post(path, json=body, headers={"Idempotency-Key": "one"})


async def good_keys(operator: httpx.AsyncClient, client_id: str) -> list[str]:
    keys = (await operator.get(f"/v1/clients/{client_id}/keys")).json()["data"]
    return [key["id"] for key in keys if key["status"] == "active"]


@pytest.mark.parametrize("act", ["issue", "rotate"])
async def test_a_repeat_within_ten_minutes_makes_another_key_in_place_of_the_one_that_was_lost(
    zone: Zone, operator: httpx.AsyncClient, ours: Side, act: str
) -> None:
    old = await new_key(operator, ours.client["id"], scopes=["metrics:read"], expires_at="2026-03-12T04:00:00Z")
    path = f"/v1/clients/{ours.client['id']}/keys" if act == "issue" else f"/v1/keys/{old['id']}/rotate"
    body: Json = {"scopes": ["metrics:read"], "expires_at": "2026-03-12T04:00:00Z"} if act == "issue" else {}
    lost = (await asked_for_a_key(operator, path, **body)).json()
    zone.clock.at = NOON + timedelta(minutes=9, seconds=59)
    answer = await asked_for_a_key(operator, path, **body)
    new = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1/keys/{new['id']}")
    assert "idempotent-replayed" not in answer.headers
    assert [await is_let_in(zone, key) for key in (old["key"], lost["key"], new["key"])] == [True, False, True]
    kept = ("scopes", "not_before", "expires_at", "client_id")
    assert [new[member] for member in kept] == [lost[member] for member in kept]
    before = (await operator.get(f"/v1/keys/{lost['id']}")).json()
    assert (before["status"], before["replaced_by"]) == ("revoked", new["id"])
    told = [row["_id"][:36] + row["type"] for row in zone.store.rows("outbox")]
    issued, revoked = "zone.gateway.key.issued.v1", "zone.gateway.key.revoked.v1"
    ours_alone = [each for each in told if each.startswith((lost["id"], new["id"]))]
    assert sorted(ours_alone) == sorted([lost["id"] + issued, lost["id"] + revoked, new["id"] + issued])


async def test_after_ten_minutes_a_repeat_makes_nothing_and_shows_no_secret(
    zone: Zone, operator: httpx.AsyncClient, ours: Side
) -> None:
    path = f"/v1/clients/{ours.client['id']}/keys"
    await asked_for_a_key(operator, path)
    zone.clock.at = NOON + timedelta(minutes=5)
    last = (await asked_for_a_key(operator, path)).json()
    zone.clock.at = NOON + timedelta(minutes=10)
    again = await asked_for_a_key(operator, path)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert again.json() == last | {"key": None}
    assert await is_let_in(zone, last["key"])


async def test_a_key_that_was_revoked_meanwhile_is_not_made_anew(
    zone: Zone, operator: httpx.AsyncClient, ours: Side
) -> None:
    path = f"/v1/clients/{ours.client['id']}/keys"
    issued = (await asked_for_a_key(operator, path)).json()
    await operator.delete(f"/v1/keys/{issued['id']}")
    again = await asked_for_a_key(operator, path)
    assert (again.status_code, again.json()) == (201, issued | {"key": None})
    assert await good_keys(operator, ours.client["id"]) == [ours.key["id"]]


async def test_another_request_under_the_key_of_a_lost_one_is_refused(operator: httpx.AsyncClient, ours: Side) -> None:
    path = f"/v1/clients/{ours.client['id']}/keys"
    issued = (await asked_for_a_key(operator, path)).json()
    other = await asked_for_a_key(operator, path, scopes=["metrics:read"])
    assert (other.status_code, reason(other)) == (422, "idempotency_key_reused")
    assert await good_keys(operator, ours.client["id"]) == [ours.key["id"], issued["id"]]


@pytest.mark.parametrize("act", ["issue", "rotate"])
async def test_repeats_at_once_leave_one_good_key_which_one_of_them_shows(
    operator: httpx.AsyncClient, ours: Side, act: str
) -> None:
    path = f"/v1/clients/{ours.client['id']}/keys" if act == "issue" else f"/v1/keys/{ours.key['id']}/rotate"
    answers = await asyncio.gather(*(asked_for_a_key(operator, path) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    (good,) = set(await good_keys(operator, ours.client["id"])) - {ours.key["id"]}
    shown = {answer.json()["id"]: answer.json()["key"] for answer in answers}
    assert shown[good]
    assert None not in shown.values()


async def test_a_rotation_in_a_named_version_is_made_anew_though_that_is_past(
    zone: Zone, operator: httpx.AsyncClient, ours: Side
) -> None:
    path = f"/v1/keys/{ours.key['id']}"
    headers = {"Idempotency-Key": "one", "If-Match": (await operator.get(path)).headers["etag"]}
    lost, new = [await operator.post(f"{path}/rotate", json={}, headers=headers) for _ in range(2)]
    assert [await is_let_in(zone, answer.json()["key"]) for answer in (lost, new)] == [False, True]
