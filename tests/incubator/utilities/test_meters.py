"""Service points and meters: opened, installed, exchanged, removed and installed again; and what is refused."""

from typing import Any

import httpx
import orjson
import pytest

from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from tests.incubator.conftest import Hear
from tests.incubator.registry_says import business, partner, suspended
from tests.incubator.utilities.conftest import V1, Post, at, instant, meter_of, point_at, tariff
from tests.refusals import reason

pytestmark = pytest.mark.usefixtures("tenants")


@pytest.fixture
async def point(post: Post, site: Any) -> Any:
    published = await post("/tariffs", tariff())
    return await post("/service-points", point_at(site, published))


@pytest.fixture
async def meter(post: Post, point: Any) -> Any:
    return await post("/meters", meter_of(point))


def told(store: MemoryStore, noun: str) -> list[tuple[str, Any]]:
    """What was told of a noun, in the order of its events."""
    rows = [row for row in store.rows("outbox") if f".{noun}." in row["type"]]
    return [(row["type"].split(".")[3], orjson.loads(row["data"])) for row in rows]


async def refused(staff: httpx.AsyncClient, path: str, body: Any) -> tuple[int, str]:
    answer = await staff.post(f"{V1}{path}", json=body)
    return answer.status_code, reason(answer)


# service points


@pytest.fixture
async def desk(post: Post, site: Any) -> Any:
    return await post("/resources", {"site_id": site["id"], "name": "工位", "kind": "hot_desk", "opening": []})


async def test_a_service_point_can_be_in_a_room_of_its_site(
    staff: httpx.AsyncClient, post: Post, site: Any, desk: Any, store: MemoryStore
) -> None:
    published = await post("/tariffs", tariff())
    opened = await post("/service-points", point_at(site, published) | {"resource_id": desk["id"]})
    assert opened["resource_id"] == desk["id"]
    assert told(store, "service_point")[0][1]["resource_id"] == desk["id"]
    found = await staff.get(f"{V1}/service-points", params={"resource_id": desk["id"]})
    assert [each["id"] for each in found.json()["data"]] == [opened["id"]]
    nowhere = point_at(site, published) | {"resource_id": "res_" + "0" * 32}
    assert await refused(staff, "/service-points", nowhere) == (422, "resource_unknown")
    other = await post("/sites", {"name": "示例二号楼", "address": "示例路2号", "area_m2": 10})
    elsewhere = point_at(other, published) | {"resource_id": desk["id"]}
    assert await refused(staff, "/service-points", elsewhere) == (422, "resources_of_two_sites")


async def test_what_is_taken_where_the_supply_is_cut_off_is_reviewed(
    staff: httpx.AsyncClient, post: Post, point: Any, meter: Any, clock: FixedClock, store: MemoryStore
) -> None:
    clock.at = at("2026-07-10 09:00")
    readings = f"/meters/{meter['id']}/readings"
    await post(readings, {"at": instant("2026-07-10 08:00"), "value": "110"})
    cut_off = await post(f"/service-points/{point['id']}/suspend", {}, 200)
    assert (cut_off["status"], cut_off["suspended_at"]) == ("suspended", "2026-07-10T01:00:00.000Z")
    assert await refused(staff, f"/service-points/{point['id']}/suspend", {}) == (409, "invalid_transition")
    clock.at = at("2026-07-30 09:00")
    first = await post(readings, {"at": instant("2026-07-11 08:00"), "value": "112"})
    quiet = await post(readings, {"at": instant("2026-07-25 08:00"), "value": "112"})
    taken = await post(readings, {"at": instant("2026-07-26 08:00"), "value": "113"})
    assert [(each["status"], each["flag"]) for each in (first, quiet, taken)] == [
        ("accepted", None),
        ("accepted", None),
        ("under_review", "suspect_high"),
    ]
    again = await post(f"/service-points/{point['id']}/resume", {}, 200)
    assert (again["status"], again["suspended_at"]) == ("active", None)
    assert (await post(readings, {"at": instant("2026-07-27 08:00"), "value": "114"}))["status"] == "accepted"
    assert [name for name, _ in told(store, "service_point")] == ["opened", "suspended", "resumed"]


async def test_a_place_that_is_cut_off_can_be_closed_and_is_not_supplied_again(
    staff: httpx.AsyncClient, post: Post, point: Any, clock: FixedClock
) -> None:
    clock.at = at("2026-07-10 09:00")
    path = f"/service-points/{point['id']}"
    assert await refused(staff, f"{path}/resume", {}) == (409, "invalid_transition")
    await post(f"{path}/suspend", {}, 200)
    assert (await post(f"{path}/close", {"closed_on": "2026-07-09"}, 200))["status"] == "closed"
    assert await refused(staff, f"{path}/resume", {}) == (409, "invalid_transition")


async def test_a_service_point_belongs_to_the_partner_of_its_business(
    point: Any, store: MemoryStore, owner: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    assert (await owner.get(f"{V1}/service-points/{point['id']}")).json() == point
    assert (await stranger.get(f"{V1}/service-points/{point['id']}")).status_code == 404
    (row,) = (row for row in store.rows("outbox") if row["type"].endswith("service_point.opened.v1"))
    assert (row["partner_id"], row["key"]) == (partner(1), business(1))


async def test_a_business_that_is_suspended_gets_no_new_supply(
    staff: httpx.AsyncClient, post: Post, site: Any, hear: Hear
) -> None:
    published = await post("/tariffs", tariff())
    await hear(suspended(1))
    assert await refused(staff, "/service-points", point_at(site, published)) == (409, "business_not_active")
    unknown = point_at(site, published) | {"business_id": business(9)}
    assert await refused(staff, "/service-points", unknown) == (409, "business_unknown_yet")


async def test_a_business_that_is_suspended_keeps_its_supply(
    point: Any, meter: Any, owner: httpx.AsyncClient, hear: Hear
) -> None:
    await hear(suspended(1))
    assert (await owner.get(f"{V1}/service-points/{point['id']}")).json()["status"] == "active"
    reading = {"at": instant("2026-08-01 08:00"), "value": "150"}
    assert (await owner.post(f"{V1}/meters/{meter['id']}/readings", json=reading)).status_code == 201


async def test_a_site_has_one_main_service_point_of_each_utility(
    staff: httpx.AsyncClient, post: Post, site: Any
) -> None:
    main = {"site_id": site["id"], "utility": "water", "role": "main", "place": "B1", "opened_on": "2026-01-01"}
    first = await post("/service-points", main)
    assert (first["business_id"], first["area_m2"], first["tariff_id"]) == (None, None, None)
    assert await refused(staff, "/service-points", main) == (409, "main_point_exists")
    await post("/service-points", main | {"utility": "electricity"})
    await post(f"/service-points/{first['id']}/close", {"closed_on": "2026-08-31"}, 200)
    await post("/service-points", main)


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"business_id": None}, "/business_id", "missing"),
        ({"role": "main"}, None, "not_of_a_main_point"),
        ({"area_m2": 1.005}, "/area_m2", "area_invalid"),
        ({"site_id": "sit_" + "0" * 32}, "/site_id", "site_unknown"),
        ({"tariff_id": "trf_" + "0" * 32}, "/tariff_id", "tariff_unknown"),
        ({"utility": "water"}, "/tariff_id", "utility_mismatch"),
        ({"utility": "gas"}, "/utility", None),
        ({"opened_on": "0001-01-01"}, "/opened_on", "date_range"),
        ({"opened_on": "9999-12-31"}, "/opened_on", "date_range"),
    ],
)
async def test_what_no_service_point_can_be_is_refused_at_its_place(
    staff: httpx.AsyncClient, post: Post, site: Any, wrong: Any, pointer: str | None, code: str | None
) -> None:
    published = await post("/tariffs", tariff())
    answer = await staff.post(f"{V1}/service-points", json=point_at(site, published) | wrong)
    assert answer.status_code == 422, answer.text
    errors = answer.json()["errors"]
    assert code is None or {each["code"] for each in errors} == {code}
    assert pointer is None or [each["pointer"] for each in errors] == [pointer]


@pytest.mark.parametrize(
    ("closed_on", "status", "code"),
    [("2026-09-02", 422, "in_the_future"), ("2026-06-30", 422, "closes_before_it_opens")],
)
async def test_a_service_point_is_closed_on_a_day_that_has_come(
    staff: httpx.AsyncClient, point: Any, closed_on: str, status: int, code: str
) -> None:
    path = f"/service-points/{point['id']}/close"
    assert await refused(staff, path, {"closed_on": closed_on}) == (status, code)


async def test_a_service_point_is_closed_once(staff: httpx.AsyncClient, post: Post, point: Any) -> None:
    path = f"/service-points/{point['id']}/close"
    assert (await post(path, {"closed_on": "2026-07-20"}, 200))["status"] == "closed"
    assert await refused(staff, path, {"closed_on": "2026-07-20"}) == (409, "invalid_transition")


# meters


async def test_a_meter_begins_at_its_own_number(meter: Any, owner: httpx.AsyncClient, store: MemoryStore) -> None:
    assert (meter["status"], meter["business_id"]) == ("installed", business(1))
    (reading,) = (await owner.get(f"{V1}/meters/{meter['id']}/readings")).json()["data"]
    assert (reading["value"], reading["source"], reading["status"]) == ("100", "initial", "accepted")
    assert [what for what, _ in told(store, "meter")] == ["installed"]


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"serial": "EX-1"}, 409, "serial_taken"),
        ({"initial": "100000"}, 422, "exceeds_register"),
        ({"initial": "1.5"}, 422, "too_many_decimals"),
        ({"initial": "-1"}, 422, "validation_failed"),
        ({"factor": "0"}, 422, "factor_invalid"),
        ({"max_daily": {"value": "5", "unit": "m3"}}, 422, "unit_mismatch"),
        ({"utility": "water"}, 409, "utility_mismatch"),
        ({"at": instant("2026-09-01 09:01")}, 422, "in_the_future"),
        ({"at": instant("2026-06-30 23:59")}, 409, "before_opening"),
        ({"service_point_id": "svp_" + "0" * 32}, 422, "service_point_unknown"),
    ],
)
async def test_what_no_meter_can_be_is_refused(
    staff: httpx.AsyncClient, post: Post, site: Any, meter: Any, wrong: Any, status: int, code: str
) -> None:
    published = await post("/tariffs", tariff())
    other = await post("/service-points", point_at(site, published, place="3-303"))
    assert await refused(staff, "/meters", meter_of(other, serial="EX-2") | wrong) == (status, code)


async def test_a_service_point_has_one_meter_at_a_time(staff: httpx.AsyncClient, meter: Any, point: Any) -> None:
    assert await refused(staff, "/meters", meter_of(point, serial="EX-2")) == (409, "meter_present")


async def test_an_exchange_reads_both_meters_at_one_moment(
    post: Post, meter: Any, staff: httpx.AsyncClient, store: MemoryStore
) -> None:
    new = {"serial": "EX-2", "digits": 6, "decimals": 1, "factor": "40", "initial": "3"}
    body = {"at": instant("2026-07-15 10:00"), "final": "160", "meter": new}
    other = await post(f"/meters/{meter['id']}/exchange", body)
    old = (await staff.get(f"{V1}/meters/{meter['id']}")).json()
    assert (old["status"], other["status"]) == ("removed", "installed")
    assert old["installations"][0]["until"] == other["installations"][0]["since"]
    readings = (await staff.get(f"{V1}/readings")).json()["data"]
    assert [(each["value"], each["source"]) for each in readings] == [
        ("100", "initial"),
        ("160", "final"),
        ("3.0", "initial"),
    ]
    assert [what for what, _ in told(store, "meter")] == ["installed", "exchanged", "installed"]
    point = (await staff.get(f"{V1}/service-points/{meter['installations'][0]['service_point_id']}")).json()
    assert point["meter_id"] == other["id"]


async def test_an_exchange_that_is_refused_leaves_both_as_they_were(
    staff: httpx.AsyncClient, meter: Any, store: MemoryStore
) -> None:
    before = {name: rows for name, rows in store.collections.items() if name != "idempotency"}
    new = {"serial": "EX-2", "digits": 6, "initial": "3"}
    body = {"at": instant("2026-07-15 10:00"), "final": "99", "meter": new}
    assert await refused(staff, f"/meters/{meter['id']}/exchange", body) == (422, "reading_below_previous")
    assert {name: rows for name, rows in store.collections.items() if name != "idempotency"} == before


async def test_a_meter_that_was_removed_measures_for_a_successor(post: Post, site: Any, meter: Any) -> None:
    published = await post("/tariffs", tariff())
    of_it = f"/meters/{meter['id']}"
    final = {"at": instant("2026-07-20 18:00"), "value": "150", "source": "final"}
    await post(f"{of_it}/readings", final)
    successor = point_at(site, published) | {"business_id": business(2), "opened_on": "2026-07-21"}
    point = await post("/service-points", successor)
    again = {"service_point_id": point["id"], "at": instant("2026-07-21"), "initial": "150"}
    installed = await post(f"{of_it}/install", again, 200)
    assert (installed["status"], installed["business_id"], len(installed["installations"])) == (
        "installed",
        business(2),
        2,
    )


async def test_a_meter_measures_at_one_place_at_a_time(
    post: Post, staff: httpx.AsyncClient, site: Any, meter: Any
) -> None:
    published = await post("/tariffs", tariff())
    other = await post("/service-points", point_at(site, published, place="3-303"))
    again = {"service_point_id": other["id"], "at": instant("2026-07-19"), "initial": "150"}
    assert await refused(staff, f"/meters/{meter['id']}/install", again) == (409, "invalid_transition")
    final = {"at": instant("2026-07-20 18:00"), "value": "150", "source": "final"}
    await post(f"/meters/{meter['id']}/readings", final)
    assert await refused(staff, f"/meters/{meter['id']}/install", again) == (409, "before_removal")


async def test_a_partner_runs_no_meters(owner: httpx.AsyncClient, meter: Any) -> None:
    for path in ("/service-points", "/meters", f"/meters/{meter['id']}/exchange"):
        assert (await owner.post(f"{V1}{path}", json={})).status_code == 403
