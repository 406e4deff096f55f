"""Readings: in any order where they fit, each moment once, reviewed where they look wrong, corrected by another one."""

import asyncio
from itertools import permutations
from typing import Any

import httpx
import pytest

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.conftest import Hear
from tests.incubator.registry_says import registered
from tests.incubator.utilities.conftest import V1, Post, instant, meter_of, point_at, tariff
from tests.refusals import reason, reason_in

pytestmark = pytest.mark.usefixtures("tenants")


@pytest.fixture
async def meter(post: Post, site: Any) -> Any:
    """Five digits, at most 20 kWh a day, 100 on 1 July."""
    point = await post("/service-points", point_at(site, await post("/tariffs", tariff())))
    return await post("/meters", meter_of(point, max_daily={"value": "20", "unit": "kWh"}))


def reading(day: int, value: str, **more: Any) -> dict[str, Any]:
    return {"at": instant(f"2026-07-{day:02} 08:00"), "value": value, **more}


async def read(api: httpx.AsyncClient, meter: Any, body: Any) -> tuple[int, Any]:
    answer = await api.post(f"{V1}/meters/{meter['id']}/readings", json=body)
    return answer.status_code, answer.json()


async def values(api: httpx.AsyncClient, meter: Any) -> list[tuple[str, str]]:
    """What counts of a meter, in the order of time, and where it comes from."""
    found = (await api.get(f"{V1}/meters/{meter['id']}/readings")).json()["data"]
    counting = sorted(
        (each["read_at"], each["value"], each["source"]) for each in found if each["status"] == "accepted"
    )
    return [(value, source) for _, value, source in counting]


@pytest.mark.parametrize("order", list(permutations([(3, "110"), (5, "120"), (9, "150")])))
async def test_readings_come_in_any_order(staff: httpx.AsyncClient, meter: Any, order: Any) -> None:
    for day, value in order:
        status, answer = await read(staff, meter, reading(day, value))
        assert (status, answer["status"]) == (201, "accepted")
    assert [value for value, _ in await values(staff, meter)] == ["100", "110", "120", "150"]


@pytest.mark.parametrize(
    ("value", "code", "neighbour"), [("109", "reading_below_previous", "110"), ("131", "reading_above_next", "130")]
)
async def test_a_late_reading_fits_between_its_neighbours_or_is_refused_with_the_one_that_it_contradicts(
    staff: httpx.AsyncClient, meter: Any, value: str, code: str, neighbour: str
) -> None:
    for day, known in ((3, "110"), (9, "130")):
        await read(staff, meter, reading(day, known))
    status, answer = await read(staff, meter, reading(5, value))
    assert (status, reason_in(answer), answer["errors"][0]["pointer"]) == (422, code, "/value")
    assert f"It showed {neighbour} " in answer["errors"][0]["detail"]
    assert (await read(staff, meter, reading(5, "130")))[0] == 201


async def test_the_same_moment_and_value_is_the_reading_that_is_there(staff: httpx.AsyncClient, meter: Any) -> None:
    first = await read(staff, meter, reading(3, "110"))
    again = await read(staff, meter, reading(3, "00110"))
    assert (first[0], again[0], again[1]) == (201, 200, first[1])


async def test_the_same_moment_and_another_value_is_refused(staff: httpx.AsyncClient, meter: Any) -> None:
    await read(staff, meter, reading(3, "110"))
    status, answer = await read(staff, meter, reading(3, "111"))
    assert (status, answer["code"]) == (409, "reading_exists")


async def test_of_two_readings_that_come_at_once_the_second_is_judged_by_the_first(
    staff: httpx.AsyncClient, meter: Any
) -> None:
    answers = await asyncio.gather(
        *(read(staff, meter, reading(day, value)) for day, value in ((3, "150"), (5, "120"))),
        *(read(staff, meter, reading(7, "160")) for _ in range(5)),
    )
    codes = sorted(status for status, _ in answers[:2])
    assert codes == [201, 422]
    assert sorted(status for status, _ in answers[2:]) == [200, 200, 200, 200, 201]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (reading(3, "100000"), 422, "exceeds_register"),
        (reading(3, "110.5"), 422, "too_many_decimals"),
        (reading(3, "99"), 422, "reading_below_previous"),
        ({"at": instant("2026-09-01 09:01"), "value": "110"}, 422, "in_the_future"),
        ({"at": instant("2026-06-30 23:59"), "value": "110"}, 409, "before_installation"),
        ({"at": "2026-07-03T08:00:00", "value": "110"}, 422, "timestamp_offset_required"),
        (reading(3, "-5"), 422, "validation_failed"),
        (reading(3, "1e3"), 422, "validation_failed"),
        (reading(3, "110", source="estimated"), 422, "validation_failed"),
    ],
)
async def test_what_no_reading_can_be_is_refused(
    staff: httpx.AsyncClient, meter: Any, body: Any, status: int, code: str
) -> None:
    answer = await read(staff, meter, body)
    assert (answer[0], reason_in(answer[1])) == (status, code)


async def test_a_meter_that_was_removed_is_read_no_longer(staff: httpx.AsyncClient, meter: Any) -> None:
    assert (await read(staff, meter, reading(10, "150", source="final")))[0] == 201
    assert (await read(staff, meter, reading(9, "140")))[0] == 201
    status, answer = await read(staff, meter, reading(11, "150"))
    assert (status, answer["code"]) == (409, "meter_removed")


async def test_a_final_reading_comes_after_all_others(staff: httpx.AsyncClient, meter: Any) -> None:
    await read(staff, meter, reading(10, "150"))
    status, answer = await read(staff, meter, reading(9, "140", source="final"))
    assert (status, answer["code"]) == (409, "later_readings_exist")


# plausibility


async def test_more_than_a_day_can_take_is_reviewed_and_counts_once_confirmed(
    staff: httpx.AsyncClient, meter: Any, store: MemoryStore
) -> None:
    _, high = await read(staff, meter, reading(3, "161"))
    assert (high["status"], high["flag"]) == ("under_review", "suspect_high")
    assert [value for value, _ in await values(staff, meter)] == ["100"]
    confirmed = await staff.post(f"{V1}/readings/{high['id']}/confirm")
    assert (confirmed.status_code, confirmed.json()["status"]) == (200, "accepted")
    assert [value for value, _ in await values(staff, meter)] == ["100", "161"]
    told = [row["type"].split(".")[3] for row in store.rows("outbox") if row["_id"].startswith(high["id"])]
    assert told == ["recorded", "flagged", "confirmed"]


async def test_a_rollover_is_believed_where_it_is_less_than_days_can_take(post: Post, site: Any) -> None:
    point = await post("/service-points", point_at(site, await post("/tariffs", tariff()), place="3-303"))
    begins: dict[str, Any] = {"initial": "98", "digits": 2, "max_daily": {"value": "1", "unit": "kWh"}}
    meter = await post("/meters", meter_of(point, serial="EX-2", **begins))
    of_it = f"/meters/{meter['id']}/readings"
    assert (await post(of_it, reading(5, "2", rollover=True)))["status"] == "accepted"
    assert (await post(of_it, reading(6, "1", rollover=True)))["status"] == "under_review"


async def test_nothing_for_a_week_is_flagged_and_counts(staff: httpx.AsyncClient, meter: Any) -> None:
    _, quiet = await read(staff, meter, reading(9, "100"))
    assert (quiet["status"], quiet["flag"]) == ("accepted", "suspect_zero")


async def test_a_reading_is_confirmed_once_and_only_where_it_still_fits(staff: httpx.AsyncClient, meter: Any) -> None:
    _, high = await read(staff, meter, reading(3, "300"))
    await read(staff, meter, reading(9, "150"))
    refused = await staff.post(f"{V1}/readings/{high['id']}/confirm")
    assert (refused.status_code, refused.json()["code"]) == (409, "reading_does_not_fit")
    _, right = await read(staff, meter, reading(4, "110"))
    again = await staff.post(f"{V1}/readings/{right['id']}/confirm")
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")


# corrections


async def test_a_correction_takes_the_place_of_a_reading(staff: httpx.AsyncClient, meter: Any) -> None:
    _, wrong = await read(staff, meter, reading(3, "130"))
    await read(staff, meter, reading(9, "150"))
    answer = await staff.post(f"{V1}/readings/{wrong['id']}/supersede", json={"value": "124"})
    right = answer.json()
    assert (answer.status_code, right["supersedes"], right["read_at"]) == (201, wrong["id"], wrong["read_at"])
    old = (await staff.get(f"{V1}/readings/{wrong['id']}")).json()
    assert (old["status"], old["superseded_by"]) == ("superseded", right["id"])
    assert [value for value, _ in await values(staff, meter)] == ["100", "124", "150"]


async def test_a_correction_fits_between_the_neighbours_of_what_it_corrects(
    staff: httpx.AsyncClient, meter: Any
) -> None:
    _, wrong = await read(staff, meter, reading(3, "130"))
    await read(staff, meter, reading(9, "150"))
    for value, code in (("99", "reading_below_previous"), ("151", "reading_above_next")):
        refused = await staff.post(f"{V1}/readings/{wrong['id']}/supersede", json={"value": value})
        assert (refused.status_code, reason(refused)) == (422, code)


async def test_a_reading_is_corrected_once(staff: httpx.AsyncClient, meter: Any) -> None:
    _, wrong = await read(staff, meter, reading(3, "130"))
    answers = [await staff.post(f"{V1}/readings/{wrong['id']}/supersede", json={"value": "124"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 409]


# who may


async def test_a_business_sends_what_it_has_read_itself(
    owner: httpx.AsyncClient, stranger: httpx.AsyncClient, meter: Any
) -> None:
    status, answer = await read(owner, meter, reading(3, "110"))
    assert (status, answer["source"]) == (201, "customer")
    status, answer = await read(owner, meter, reading(4, "111", source="final"))
    assert (status, reason_in(answer)) == (422, "source_not_allowed")
    assert (await read(stranger, meter, reading(4, "111")))[0] == 404


async def test_a_business_says_nothing_of_what_its_meter_measured_for_another(
    post: Post, hear: Hear, site: Any, stranger: httpx.AsyncClient, meter: Any
) -> None:
    await hear(registered(4, by=2))
    await post(f"/meters/{meter['id']}/readings", reading(20, "150", source="final"))
    said = point_at(site, await post("/tariffs", tariff()), number=4) | {"opened_on": "2026-07-21"}
    point = await post("/service-points", said)
    again = {"service_point_id": point["id"], "at": instant("2026-07-21"), "initial": "150"}
    await post(f"/meters/{meter['id']}/install", again, 200)
    status, answer = await read(stranger, meter, reading(10, "120"))
    assert (status, reason_in(answer)) == (409, "before_installation")
    assert (await read(stranger, meter, reading(22, "160")))[0] == 201


async def test_only_staff_confirms_and_corrects(owner: httpx.AsyncClient, meter: Any) -> None:
    _, high = await read(owner, meter, reading(3, "161"))
    for act in ("confirm", "supersede"):
        answer = await owner.post(f"{V1}/readings/{high['id']}/{act}", json={"value": "1"})
        assert answer.status_code == 403


async def test_readings_under_review_are_listed(staff: httpx.AsyncClient, meter: Any) -> None:
    _, high = await read(staff, meter, reading(3, "161"))
    await read(staff, meter, reading(4, "110"))
    listed = (await staff.get(f"{V1}/readings", params={"status": "under_review"})).json()["data"]
    assert listed == [high]
