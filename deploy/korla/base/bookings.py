"""The bookings of the Demonstration Base around the day on which it is loaded: desks, meetings, and a demo day."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from deploy.korla.base.hand import Hand, Json
from deploy.korla.base.house import DESKS, HALL, PROJECTORS, ROOMS, House
from deploy.korla.base.start_up import StartUp
from deploy.korla.together import together
from services.chassis.domain.times import ZONE_TIME, parse_instant, rfc3339

A_MOMENT: Final = timedelta(seconds=30)
"""A booking that begins with the next quarter of an hour is still to be made by then."""
EARLY: Final = timedelta(minutes=15)
"""So long before its start one can check in."""
A_DAY: Final = timedelta(days=1)
DESK: Final = "示例 开放工位"
MEETING: Final = "示例 项目例会"
DEMO_DAY: Final = "示例 路演日"
WITH_MEETINGS: Final = 6
PRESENT: Final = 4
"""So many of the start-ups are at their desk already."""


async def booked(start_ups: Sequence[StartUp], house: House, now: datetime, owner: Hand) -> int:
    """A desk for each today, meetings from tomorrow on, a demo day; answers how many bookings there are.

    What was booked by an earlier load stays as it is, whenever that was. Raises UnexpectedAnswer.
    """
    there = await owner.all("reservations", site_id=house.site_id)
    known = {(each["business_id"], each["title"]) for each in there}

    async def book(start_up: StartUp, title: str, names: Sequence[str], start: datetime, **said: Any) -> Json | None:
        if (start_up.business_id, title) in known:
            return None
        body = {"business_id": start_up.business_id, "title": title, **said}
        return await _book(body, [house.resources[name]["id"] for name in names], start, owner)

    async def desk(start_up: StartUp) -> int:
        made = await book(start_up, DESK, [DESKS], now + A_MOMENT, minutes=240)
        if made and start_up.number <= PRESENT and parse_instant(made["occurrences"][0]["start"]) - EARLY <= now:
            await owner.post(f"reservations/{made['id']}/check-in")
        return bool(made)

    async def meetings() -> int:
        made = 0
        for each in start_ups[:WITH_MEETINGS]:
            room = ROOMS[each.number % len(ROOMS)]
            start = _on(now + A_DAY, 9 + 2 * ((each.number - 1) // len(ROOMS)))
            weekly: Json = {"recurrence": {"freq": "weekly", "count": 4}, "on_conflict": "skip"}
            said = weekly if each.number == 1 else {}
            made += bool(await book(each, MEETING, [room], start, minutes=90, attendees=4, **said))
        return made

    async def demo_day() -> int:
        start = _on(now + 3 * A_DAY, 14)
        return bool(await book(start_ups[0], DEMO_DAY, [HALL, PROJECTORS], start, minutes=180, attendees=60))

    made = await together(*(desk(each) for each in start_ups), meetings(), demo_day())
    return len(there) + sum(made)


async def _book(body: Json, resource_ids: Sequence[str], start: datetime, owner: Hand) -> Json:
    """A booking of all of these, at the first time from a moment on that is free of the first."""
    minutes = body.pop("minutes")
    window = {"from": rfc3339(start), "to": rfc3339(start + 7 * A_DAY), "minutes": str(minutes)}
    free = await owner.see(f"resources/{resource_ids[0]}/availability", **window)
    time = free["data"][0]
    return await owner.post("reservations", {**body, "resource_ids": list(resource_ids), **time})


def _on(day: datetime, hour: int) -> datetime:
    """An hour of the clock on the wall, on the day of the zone of an instant."""
    return datetime.combine(day.astimezone(ZONE_TIME).date(), time(hour), tzinfo=ZONE_TIME)
