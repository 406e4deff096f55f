"""The programme of the Demonstration Base: a cohort that runs, in which start-ups incubate, have graduated or wait.

Applications are taken until a moment, and judged after it. A load lets a cohort take them for some seconds, and goes on
once it runs. One for which not all had applied by then stays as it is, and another is planned.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from deploy.korla.base.hand import ABOUT, Hand, Json
from deploy.korla.base.start_up import StartUp
from deploy.korla.base.times import Time, too_late
from deploy.korla.together import together
from deploy.public_api import UnexpectedAnswer
from services.chassis.domain.times import parse_instant, rfc3339, zone_date

PROGRAM: Final[Json] = {
    "name": "示例青年创业计划 (synthetic)",
    "offerings": ["工位", "水电", "顾问", "招聘", "投资", "财务管理"],
    "questions": [{"key": "idea", "text": "示例：项目是什么？"}],
    "criteria": [
        {"key": "idea", "name": "示例：项目", "weight_bps": 6000},
        {"key": "team", "name": "示例：团队", "weight_bps": 4000},
    ],
    "eligibility": [
        {"rule": "graduated_within", "months": 60},
        {"rule": "founder_is_legal_representative"},
        {"rule": "business_registered_in_zone"},
    ],
    "milestones": [
        {"title": "示例：首位付费客户", "due_after_months": 6},
        {"title": "示例：第二家合作伙伴", "due_after_months": 9, "mandatory": False},
    ],
}
COHORT: Final = "示例第一期"
APPLICANTS: Final = 6
SEATS: Final = 4
"""Who applied after these waits for a seat."""
GRADUATES: Final = 2
SEEN_SINCE: Final = 1
"""Of so many graduates it was seen what became of them."""
APPLY_WITHIN: Final = timedelta(seconds=15)
A_CALL: Final = timedelta(seconds=2)
"""An application that is sent so long before the end is taken."""
ATTEMPTS: Final = 3
NEXT: Final = {"submitted": "screen", "screening": "interview", "interview": "accept"}


class Admission(NamedTuple):
    """How many of a cohort incubate, have graduated, and wait for a seat."""

    incubating: int
    graduated: int
    waiting: int


async def admitted(start_ups: Sequence[StartUp], staff: Hand, owner: Hand, time: Time) -> Admission:
    """Start-ups in a cohort that runs, as far as its programme has brought each of them. Raises UnexpectedAnswer."""
    program = await staff.named("programs", PROGRAM, await staff.all("programs"))
    if program["status"] == "draft":
        program = await staff.post(f"programs/{program['id']}/open")
    applicants = start_ups[:APPLICANTS]
    cohort_id = await _applied(program["id"], applicants, staff, owner, time)
    see = partial(staff.see, f"cohorts/{cohort_id}")
    await time.seen(see, lambda cohort: cohort["status"] in ("running", "finished"), "no cohort runs")
    applications = await _by_business("applications", cohort_id, owner)
    decided = await together(*(_decided(each, applications[each.business_id], staff) for each in applicants))
    incubations = await _by_business("incubations", cohort_id, owner)
    today = zone_date(time.now())
    graduates = [each for each in applicants[:GRADUATES] if each.business_id in incubations]
    for each in await together(*(_graduated(each, incubations[each.business_id], today, staff) for each in graduates)):
        incubations[each["business_id"]] = each
    statuses = [each["status"] for each in incubations.values()]
    return Admission(statuses.count("active"), statuses.count("graduated"), decided.count("waitlisted"))


async def _by_business(path: str, cohort_id: str, owner: Hand) -> dict[str, Json]:
    return {each["business_id"]: each for each in await owner.all(path, cohort_id=cohort_id)}


async def _applied(program_id: str, applicants: Sequence[StartUp], staff: Hand, owner: Hand, time: Time) -> str:
    """The cohort for which all of them have applied."""
    there = await staff.all(f"programs/{program_id}/cohorts")
    cohorts = [each for each in there if each["name"] == COHORT and each["status"] != "cancelled"]
    cohort = cohorts[-1] if cohorts else None
    for _ in range(ATTEMPTS):
        if cohort is None:
            cohort = await _planned(program_id, staff, time)
        known = await _by_business("applications", cohort["id"], owner)
        closes_at = parse_instant(cohort["closes_at"])
        if all(await together(*(_apply(each, cohort["id"], closes_at, known, owner, time) for each in applicants))):
            return str(cohort["id"])
        cohort = None
    raise UnexpectedAnswer(f"{ABOUT}: {len(applicants)} applications take longer than {APPLY_WITHIN.seconds} s.")


async def _planned(program_id: str, staff: Hand, time: Time) -> Json:
    """A cohort that takes applications now, and runs from today on."""
    now = time.now()
    closes_at = now + APPLY_WITHIN
    first = zone_date(closes_at)
    said = {
        "name": COHORT,
        "opens_at": rfc3339(now - timedelta(hours=1)),
        "closes_at": rfc3339(closes_at),
        "starts_on": first.isoformat(),
        "ends_on": (first + timedelta(days=365)).isoformat(),
        "seats": SEATS,
    }
    return await staff.post(f"programs/{program_id}/cohorts", said)


async def _apply(
    start_up: StartUp, cohort_id: str, closes_at: datetime, known: dict[str, Json], owner: Hand, time: Time
) -> bool:
    """Whether a start-up has applied."""
    application = known.get(start_up.business_id)
    if application is not None and application["status"] != "draft":
        return True
    if time.now() + A_CALL >= closes_at:
        return False
    written = _written(start_up, cohort_id, zone_date(closes_at))
    try:
        application = application or await owner.post("applications", written)
        await owner.post(f"applications/{application['id']}/submit")
    except UnexpectedAnswer as refused:
        too_late(refused, "cohort_closed")
        return False
    return True


def _written(start_up: StartUp, cohort_id: str, today: date) -> Json:
    founder = {
        "name": f"示例创始人{start_up.number}",
        "graduated_on": today.replace(year=today.year - 1, day=1).isoformat(),
        "share_bps": 6000,
        "legal_representative": True,
    }
    answers = {"idea": f"示例项目 {start_up.number}"}
    return {"cohort_id": cohort_id, "business_id": start_up.business_id, "founders": [founder], "answers": answers}


async def _decided(start_up: StartUp, application: Json, staff: Hand) -> str:
    """The status of an application: enrolled, or on the waiting list."""
    path = f"applications/{application['id']}"
    if start_up.number > SEATS:
        if application["status"] == "submitted":
            application = await staff.post(f"{path}/waitlist")
        return str(application["status"])
    while act := NEXT.get(application["status"]):
        application = await staff.post(f"{path}/{act}")
    if application["status"] == "accepted":
        await staff.post(f"{path}/enrol", {"baseline": {"staff": 2 + start_up.number}})
    return "enrolled"


async def _graduated(start_up: StartUp, incubation: Json, today: date, staff: Hand) -> Json:
    """An incubation whose mandatory milestones are met, and that has graduated; of some it is known what followed."""
    path = f"incubations/{incubation['id']}"
    if incubation["status"] == "active":
        for each in incubation["milestones"]:
            if each["mandatory"] and each["status"] != "met":
                await staff.post(f"{path}/milestones/{each['id']}/met")
        incubation = await staff.post(f"{path}/graduate")
    if start_up.number <= SEEN_SINCE and incubation["outcome"] is None:
        incubation = await staff.post(f"{path}/outcome", {"outcome": "operating", "observed_on": today.isoformat()})
    return incubation
