"""Sites: staff opens and changes them, everyone with access reads them, and what cannot be one is refused."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

from services.chassis.testing.callers import caller
from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.conftest import As
from tests.incubator.registry_says import partner
from tests.refusals import reason

SITES = "/v1/incubator/sites"
SITE = {"name": "示例电商大厦", "address": "示例路1号", "area_m2": 12500.25}


@pytest.fixture
async def staff(api_as: As) -> AsyncIterator[httpx.AsyncClient]:
    async with api_as(caller("officer", partner=partner(99), scopes="incubator:read incubator:manage")) as api:
        yield api


def told(store: MemoryStore) -> list[tuple[str, Any]]:
    return [(row["type"], orjson.loads(row["data"])) for _, row in sorted(store.collections["outbox"].items())]


async def test_a_site_is_opened_and_everyone_is_told(staff: httpx.AsyncClient, store: MemoryStore) -> None:
    answer = await staff.post(SITES, json=SITE)
    assert answer.status_code == 201
    site = answer.json()
    assert site == {
        "id": site["id"],
        "version": 1,
        "last_event_id": f"{site['id']}:0000000001",
        **SITE,
        "time_zone": "Asia/Shanghai",
        "common_tolerance_bps": 200,
    }
    assert answer.headers["location"] == f"{SITES}/{site['id']}"
    opened = {"site_id": site["id"], "name": SITE["name"], "time_zone": "Asia/Shanghai", "area_m2": 12500.25}
    assert told(store) == [("zone.incubator.site.opened.v1", opened)]


async def test_a_change_of_the_area_is_told_and_one_of_the_address_is_not(
    staff: httpx.AsyncClient, store: MemoryStore
) -> None:
    site = (await staff.post(SITES, json=SITE)).json()
    of_it = f"{SITES}/{site['id']}"
    moved = await staff.patch(of_it, json={"address": "示例路2号"}, headers={"If-Match": '"v1"'})
    assert (moved.json()["address"], moved.json()["name"]) == ("示例路2号", SITE["name"])
    grown = await staff.patch(of_it, json={"area_m2": 12600}, headers={"If-Match": '"v2"'})
    assert grown.json()["area_m2"] == 12600
    assert [type for type, _ in told(store)] == ["zone.incubator.site.opened.v1", "zone.incubator.site.changed.v1"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"time_zone": "Asia/Korla"}, "unknown_time_zone"),
        ({"area_m2": 0}, "invalid"),
        ({"area_m2": 1.005}, "area_invalid"),
        ({"area_m2": 10_000_000.01}, "invalid"),
        ({"area_m2": "12"}, "invalid"),
        ({"common_tolerance_bps": 10_001}, "invalid"),
        ({"name": " "}, "length"),
        ({"floors": 3}, "unknown_field"),
    ],
)
async def test_what_no_site_can_be_is_refused_at_its_place(
    staff: httpx.AsyncClient, wrong: dict[str, Any], code: str
) -> None:
    answer = await staff.post(SITES, json=SITE | wrong)
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(f"/{next(iter(wrong))}", code)]


async def test_what_a_site_cannot_be_without_is_not_taken_away(staff: httpx.AsyncClient) -> None:
    site = (await staff.post(SITES, json=SITE)).json()
    answer = await staff.patch(f"{SITES}/{site['id']}", json={"name": None}, headers={"If-Match": "*"})
    assert (answer.status_code, reason(answer)) == (422, "null_not_allowed")


@pytest.mark.parametrize("area", [0.01, 0.1, 0.29, 1.15, 8.2, 4.35, 9_999_999.99])
async def test_every_area_of_two_decimals_comes_back_as_it_was_sent(staff: httpx.AsyncClient, area: float) -> None:
    assert (await staff.post(SITES, json=SITE | {"area_m2": area})).json()["area_m2"] == area


async def test_a_partner_reads_sites_and_opens_none(staff: httpx.AsyncClient, api_as: As) -> None:
    site = (await staff.post(SITES, json=SITE)).json()
    async with api_as(caller("partner", partner=partner(1), scopes="incubator:read incubator:manage")) as api:
        assert (await api.get(SITES)).json()["data"] == [site]
        assert (await api.post(SITES, json=SITE)).json()["code"] == "wrong_kind_of_caller"
