"""A consultant, a consultation that is offered, and two businesses that ask for it."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import orjson
import pytest

from services.chassis.domain.times import ZONE_TIME, parse_instant
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.incubator.consulting.module import consulting
from tests.incubator.conftest import V1, Json, Pass, created, passing
from tests.incubator.registry_says import business
from tests.incubator.space import conftest as space
from tests.incubator.space.conftest import at
from tests.refusals import reason

clock, api_as = space.clock, space.api_as
site, add, room = space.site, space.add, space.room

APPOINTMENTS, CONSULTANTS, OFFERINGS = f"{V1}/appointments", f"{V1}/consultants", f"{V1}/offerings"
Api = httpx.AsyncClient
Act = Callable[..., Awaitable[Json]]
PRICE = {"amount": 20000, "currency": "CNY"}
WEEKDAYS = [{"weekday": day, "from": "09:00", "to": "18:00"} for day in range(1, 6)]
PERSON = {
    "name": "示例顾问",
    "topics": ["tax"],
    "languages": ["zh"],
    "weekly_availability": WEEKDAYS,
    "max_per_week": 2,
}
CONSULTATION = {"title": "税务咨询", "minutes": 60, "topics": ["tax", "law"], "price": PRICE}
"""It is Monday 6 July 2026, nine in the morning."""


@pytest.fixture
def employ(staff: Api, site: Json) -> Act:
    """Adds a consultant, who is there from Monday to Friday, nine to six."""

    async def employ(**said: Any) -> Json:
        return created(await staff.post(CONSULTANTS, json={"site_id": site["id"], **PERSON, **said}))

    return employ


@pytest.fixture
async def consultant(employ: Act) -> Json:
    return await employ()


@pytest.fixture
def offer(staff: Api) -> Act:
    async def offer(**said: Any) -> Json:
        return created(await staff.post(OFFERINGS, json=CONSULTATION | said))

    return offer


@pytest.fixture
async def offering(offer: Act) -> Json:
    return await offer()


def wanted(consultant: Json, offering: Json, start: str = "07-09 10:00", *, by: int = 1, **more: Any) -> Json:
    """The body of a request; Thursday at ten by default."""
    said = {"business_id": business(by), "consultant_id": consultant["id"], "offering_id": offering["id"]}
    return {**said, "topic": "tax", "start": at(start), "mode": "onsite", **more}


@pytest.fixture
def request_it(first: Api, consultant: Json, offering: Json) -> Act:
    """Asks for an hour, as the first business."""

    async def request_it(start: str = "07-09 10:00", **more: Any) -> Json:
        return created(await first.post(APPOINTMENTS, json=wanted(consultant, offering, start) | more))

    return request_it


@pytest.fixture
def confirm(staff: Api) -> Act:
    """Confirms an appointment."""

    async def confirm(appointment: Json, **said: Any) -> Json:
        return done(await act(staff, appointment, "confirm", **said))

    return confirm


@pytest.fixture
def pass_time(store: MemoryStore, clock: FixedClock) -> Pass:
    """Moves the clock, and lets the clock of consulting run twice: the second time changes nothing."""
    return passing(consulting.clocks, store, clock)


async def act(api: Api, appointment: Json, action: str, **said: Any) -> httpx.Response:
    return await api.post(f"{APPOINTMENTS}/{appointment['id']}/{action}", json=said)


async def change(api: Api, consultant: Json, **said: Any) -> httpx.Response:
    """Changes a consultant, as it is now."""
    path = f"{CONSULTANTS}/{consultant['id']}"
    return await api.patch(path, json=said, headers={"If-Match": (await api.get(path)).headers["ETag"]})


def done(answer: httpx.Response) -> Json:
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, reason(answer)


def faults(answer: httpx.Response) -> set[str]:
    """The codes of all faults of a body."""
    assert answer.status_code == 422, answer.text
    return {each["code"] for each in answer.json()["errors"]}


def told(store: MemoryStore, appointment: Json) -> list[tuple[str, Json]]:
    """What was told of an appointment, in order: what happened, and what the event says."""
    rows = [row for row in store.rows("outbox") if row["_id"].startswith(f"{appointment['id']}:")]
    ordered = sorted(rows, key=lambda row: str(row["_id"]))
    return [
        (row["type"].removeprefix("zone.incubator.").removesuffix(".v1"), orjson.loads(row["data"])) for row in ordered
    ]


def kinds(store: MemoryStore, appointment: Json) -> list[str]:
    return [kind for kind, _ in told(store, appointment)]


async def slots(api: Api, consultant: Json, offering: Json, start: str, end: str, **more: Any) -> list[str]:
    """The starts that are free, by the clock of the site: `07-09 10:00`."""
    params = {"from": at(start), "to": at(end), "offering": offering["id"], **more}
    found = done(await api.get(f"{CONSULTANTS}/{consultant['id']}/slots", params=params))
    return [_local(each["start"]) for each in found["data"]]


def _local(instant: str) -> str:
    return f"{parse_instant(instant).astimezone(ZONE_TIME):%m-%d %H:%M}"
