"""S6: a calendar that subscribers can trust: one UID, a SEQUENCE that counts, and one text while nothing changes."""

import httpx
import pytest
from icalendar import Calendar

from tests.incubator.conftest import V1, Json, created
from tests.incubator.space.conftest import Add, at, wanted

RESERVATIONS = f"{V1}/reservations"
Api = httpx.AsyncClient


async def entries(api: Api, path: str) -> list[dict[str, str]]:
    answer = await api.get(f"{V1}/{path}/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    return [
        {name: str(event[name]) for name in ("UID", "SEQUENCE", "STATUS", "SUMMARY")}
        for event in Calendar.from_ical(answer.text).walk("VEVENT")
    ]


@pytest.fixture
async def booked(first: Api, room: Json) -> Json:
    return created(await first.post(RESERVATIONS, json=wanted(room)))


async def test_s6_a_booking_that_is_moved_twice_and_cancelled_keeps_its_uid(first: Api, booked: Json) -> None:
    path = f"reservations/{booked['id']}"
    seen = [*await entries(first, path)]
    for day in ("07-07", "07-08"):
        body = {"start": at(f"{day} 10:00"), "end": at(f"{day} 12:00")}
        assert (await first.post(f"{V1}/{path}/reschedule", json=body)).status_code == 200
        seen += await entries(first, path)
    await first.post(f"{V1}/{path}/cancel", json={})
    seen += await entries(first, path)
    assert {each["UID"] for each in seen} == {f"{booked['id']}-1"}
    assert [each["SEQUENCE"] for each in seen] == ["0", "1", "2", "3"]
    assert [each["STATUS"] for each in seen] == ["CONFIRMED", "CONFIRMED", "CONFIRMED", "CANCELLED"]


async def test_s6_what_has_not_changed_is_the_same_text_and_is_not_sent_again(first: Api, booked: Json) -> None:
    path = f"{RESERVATIONS}/{booked['id']}/calendar.ics"
    once, again = await first.get(path), await first.get(path)
    assert once.content == again.content
    same = await first.get(path, headers={"If-None-Match": once.headers["etag"]})
    assert same.status_code == 304


async def test_times_are_written_in_utc(first: Api, booked: Json) -> None:
    text = (await first.get(f"{RESERVATIONS}/{booked['id']}/calendar.ics")).text
    assert "DTSTART:20260706T020000Z\r\n" in text
    assert "DTEND:20260706T040000Z\r\n" in text


async def test_s6_what_others_have_booked_is_busy_and_not_called_by_its_name(
    first: Api, second: Api, staff: Api, room: Json, booked: Json
) -> None:
    path = f"resources/{room['id']}"
    assert [each["SUMMARY"] for each in await entries(first, path)] == ["评审"]
    assert [each["SUMMARY"] for each in await entries(second, path)] == ["busy"]
    assert [each["SUMMARY"] for each in await entries(staff, path)] == ["评审"]


async def test_each_occurrence_of_a_series_is_an_entry_of_its_own(first: Api, add: Add) -> None:
    room = await add()
    body = wanted(room, recurrence={"freq": "weekly", "count": 3})
    series = created(await first.post(RESERVATIONS, json=body))
    found = await entries(first, f"reservations/{series['id']}")
    assert [each["UID"] for each in found] == [f"{series['id']}-{number}" for number in (1, 2, 3)]
