"""Consultants of the Demonstration Base, and their appointments around the day on which it is loaded."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from deploy.korla.base.hand import Hand, Json
from deploy.korla.base.house import DAY_AND_NIGHT, House
from deploy.korla.base.start_up import StartUp
from deploy.korla.base.times import Time
from deploy.korla.together import both, together
from services.chassis.domain.times import parse_instant, rfc3339

WEEKDAYS: Final = [{"weekday": day, "from": "10:00", "to": "18:00"} for day in range(1, 6)]
TAX, TRADE, LAW = "示例财税顾问", "示例外贸顾问", "示例法务顾问"
CONSULTANTS: Final[tuple[Json, ...]] = (
    {"name": TAX, "topics": ["tax", "accounting"], "languages": ["zh"], "weekly_availability": DAY_AND_NIGHT},
    {"name": TRADE, "topics": ["export_licences"], "languages": ["zh", "ug"], "weekly_availability": DAY_AND_NIGHT},
    {
        "name": LAW, "topics": ["contracts"], "languages": ["zh"], "weekly_availability": WEEKDAYS,
        "terms": {"cutoff_minutes": 120, "cancel_minutes": 1440},
    },
)  # fmt: skip
FIRST_TALK, REVIEW = "示例初次咨询", "示例合同审阅"
OFFERINGS: Final[tuple[Json, ...]] = (
    {
        "title": FIRST_TALK, "minutes": 30, "topics": ["tax", "accounting", "export_licences"],
        "price": {"amount": 0, "currency": "CNY"},
    },
    {"title": REVIEW, "minutes": 60, "topics": ["contracts"], "price": {"amount": 300_00, "currency": "CNY"}},
)  # fmt: skip
QUARTER: Final = timedelta(minutes=15)
A_WEEKEND: Final = timedelta(days=3)
"""Within so long everybody has an hour."""
IN_TIME: Final = timedelta(seconds=10)
"""Who walks in so long before the quarter of an hour is over waits for the next one."""


class Meeting(NamedTuple):
    """An appointment of a start-up with a consultant: one of the two at most.

    Attributes:
        ends: as what a load leaves it; what is completed was a walk-in, as nobody asks for a time that is over.
    """

    start_up: int
    consultant: str
    offering: str
    topic: str
    ends: str


MEETINGS: Final = (
    Meeting(1, TAX, FIRST_TALK, "tax", "completed"),
    Meeting(2, TRADE, FIRST_TALK, "export_licences", "completed"),
    Meeting(3, TAX, FIRST_TALK, "accounting", "requested"),
    Meeting(4, TRADE, FIRST_TALK, "export_licences", "confirmed"),
    Meeting(5, LAW, REVIEW, "contracts", "confirmed"),
    Meeting(6, LAW, REVIEW, "contracts", "declined"),
)


async def advised(start_ups: Sequence[StartUp], house: House, staff: Hand, owner: Hand, time: Time) -> int:
    """How many appointments there are; what an earlier load made stays as it is. Raises UnexpectedAnswer."""
    consultants, offerings = await both(_consultants(house, staff), _offerings(staff))
    known = await owner.all("appointments")
    there = {(each["business_id"], each["consultant_id"]): each for each in known}

    async def meet(meeting: Meeting) -> None:
        business_id, consultant_id = start_ups[meeting.start_up - 1].business_id, consultants[meeting.consultant]
        said = {
            "business_id": business_id,
            "consultant_id": consultant_id,
            "offering_id": offerings[meeting.offering],
            "topic": meeting.topic,
            "mode": "online",
            "agenda": f"示例：{meeting.topic}",
        }
        appointment = there.get((business_id, consultant_id))
        if meeting.ends == "completed":
            await _held(appointment or await _walked_in(said, staff, time), staff, owner)
        else:
            await _answered(appointment or await _asked(said, owner, time), meeting.ends, staff, time)

    async def meet_all_of(consultant: str) -> None:
        """One after the other, so that no two ask for the same time."""
        for each in MEETINGS:
            if each.consultant == consultant:
                await meet(each)

    await together(*map(meet_all_of, consultants))
    return len(MEETINGS)


async def _consultants(house: House, staff: Hand) -> dict[str, str]:
    there = await staff.all("consultants", site_id=house.site_id)
    usual = {"site_id": house.site_id, "max_per_week": 2}
    found = await together(*(staff.named("consultants", {**usual, **each}, there) for each in CONSULTANTS))
    return {said["name"]: each["id"] for said, each in zip(CONSULTANTS, found, strict=True)}


async def _offerings(staff: Hand) -> dict[str, str]:
    there = await staff.all("offerings")
    found = await together(*(staff.named("offerings", each, there, by="title") for each in OFFERINGS))
    return {each["title"]: each["id"] for each in found}


async def _walked_in(said: Json, staff: Hand, time: Time) -> Json:
    begun = _quarter(time.now())
    if begun + QUARTER - IN_TIME <= time.now():
        await time.until(begun + QUARTER)
    return await staff.post("appointments", said | {"start": rfc3339(_quarter(time.now()))})


async def _held(appointment: Json, staff: Hand, owner: Hand) -> None:
    """It took place, and its business said how good it was."""
    path = f"appointments/{appointment['id']}"
    if appointment["status"] == "confirmed":
        appointment = await staff.post(f"{path}/complete", {"notes": "示例：已说明。"})
    if appointment["status"] == "completed" and appointment["score"] is None:
        await owner.post(f"{path}/feedback", {"score": 5, "comment": "示例：讲得很清楚。"})


async def _asked(said: Json, owner: Hand, time: Time) -> Json:
    """The first time from tomorrow on that both sides have."""
    start = time.now() + timedelta(days=1)
    asked: dict[str, Any] = {"offering": said["offering_id"], "business_id": said["business_id"]}
    window = {"from": rfc3339(start), "to": rfc3339(start + A_WEEKEND)}
    free = await owner.see(f"consultants/{said['consultant_id']}/slots", **asked, **window)
    return await owner.post("appointments", said | {"start": free["data"][0]["start"]})


async def _answered(appointment: Json, ends: str, staff: Hand, time: Time) -> None:
    """What the consultant says to a request that still waits for an answer."""
    if ends == appointment["status"] or appointment["status"] != "requested":
        return
    if parse_instant(appointment["answer_until"]) > time.now():
        act = {"confirmed": "confirm", "declined": "decline"}[ends]
        await staff.post(f"appointments/{appointment['id']}/{act}")


def _quarter(at: datetime) -> datetime:
    """The beginning of the quarter of an hour that runs."""
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
