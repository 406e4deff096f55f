"""Meters on a real MongoDB, through the routes of two processes: one serial number, one main point, one dial."""

import asyncio
from typing import Any

import pytest

from services.chassis.store.mongo import MongoStore
from services.chassis.testing.moments import FixedClock
from tests.incubator.conftest import V1, Json, created
from tests.incubator.utilities.conftest import at, instant, meter_of, point_at, tariff
from tests.integration.outcomes import outcomes
from tests.integration.races.conftest import AT_ONCE, Pair


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(at("2026-08-01 09:00"))


@pytest.fixture
async def point(staff: Pair, site: Json) -> Json:
    published = created(await staff[0].post(f"{V1}/tariffs", json=tariff("1")))
    return created(await staff[0].post(f"{V1}/service-points", json=point_at(site, published)))


@pytest.fixture
async def meter(staff: Pair, point: Json) -> Json:
    return created(await staff[0].post(f"{V1}/meters", json=meter_of(point, initial="0")))


async def test_of_two_hundred_readings_that_contradict_each_other_one_row_that_rises_is_taken(
    first: Pair, staff: Pair, meter: Json, store: MongoStore
) -> None:
    """T6: every reading saves its meter, so that each is judged by all that were taken before."""

    def body(n: int) -> dict[str, Any]:
        return {"at": instant(f"2026-07-{2 + n % 25:02} 08:00"), "value": str(n * 37 % 900)}

    answers = await asyncio.gather(
        *(
            (first, staff)[n % 2][n // 2].post(f"{V1}/meters/{meter['id']}/readings", json=body(n))
            for n in range(AT_ONCE)
        )
    )
    assert {status for status, _ in outcomes(answers)} <= {200, 201, 409, 422}
    found = await store.database["readings"].find({"status": "accepted"}).sort("at", 1).to_list(None)
    dials = [each["dial"] for each in found]
    assert dials == sorted(dials)
    assert len({each["at"] for each in found}) == len(found)
    assert len(found) == 1 + sum(each.status_code == 201 for each in answers)


async def test_of_two_hundred_meters_with_one_serial_number_one_is_installed(staff: Pair, point: Json) -> None:
    answers = await asyncio.gather(*(staff[n].post(f"{V1}/meters", json=meter_of(point)) for n in range(AT_ONCE)))
    assert outcomes(answers)[201, "installed"] == 1
    assert set(outcomes(answers)) <= {(201, "installed"), (409, "serial_taken"), (409, "meter_present")}


async def test_of_two_hundred_main_points_of_a_site_one_is_opened(staff: Pair, site: Json) -> None:
    main = {"site_id": site["id"], "utility": "water", "role": "main", "place": "B1", "opened_on": "2026-07-01"}
    answers = await asyncio.gather(*(staff[n].post(f"{V1}/service-points", json=main) for n in range(AT_ONCE)))
    assert outcomes(answers) == {(201, "active"): 1, (409, "main_point_exists"): AT_ONCE - 1}


async def test_a_reading_that_is_confirmed_and_superseded_at_once_has_one_end(
    staff: Pair, point: Json, store: MongoStore
) -> None:
    most = {"value": "1", "unit": "kWh"}
    meter = created(await staff[0].post(f"{V1}/meters", json=meter_of(point, initial="0", max_daily=most)))
    body = {"at": instant("2026-07-21 08:00"), "value": "900"}
    suspect = created(await staff[0].post(f"{V1}/meters/{meter['id']}/readings", json=body))
    assert suspect["status"] == "under_review"
    path = f"{V1}/readings/{suspect['id']}"
    answers = await asyncio.gather(
        *(staff[n].post(f"{path}/confirm", json={}) for n in range(50)),
        *(staff[n].post(f"{path}/supersede", json={"value": str(n)}) for n in range(50)),
    )
    assert outcomes(answers)[201, "accepted"] == 1
    assert outcomes(answers)[200, "accepted"] <= 1
    assert set(outcomes(answers)) <= {(200, "accepted"), (201, "accepted"), (409, "invalid_transition")}
    counting = await store.database["readings"].count_documents({"status": "accepted", "dial": {"$lt": 900}})
    assert counting == 2
