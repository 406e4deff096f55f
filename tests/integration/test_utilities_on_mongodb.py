"""Water and electricity on a real MongoDB: readings and runs that come at once, and a month from meter to invoice."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.chassis.background.jobs import Jobs
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.moments import FixedClock
from services.incubator.main import service
from services.incubator.utilities.billing.clocks import finalise_due_bills
from tests.incubator.registry_says import registered
from tests.incubator.utilities.conftest import V1, at, instant, meter_of, point_at, tariff
from tests.integration.incubators import incubator_store

STAFF = caller("officer", scopes="incubator:read incubator:write incubator:manage")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(at("2026-08-01 09:00"))


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with incubator_store(mongo_url, registered(1), registered(2)) as store:
        yield store


@pytest.fixture
async def staff(store: MongoStore, clock: FixedClock) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(service.routes_on(store, settings(), clock=clock), STAFF, "incubator") as api:
        yield api


async def posted(staff: httpx.AsyncClient, path: str, body: Any) -> Any:
    answer = await staff.post(f"{V1}{path}", json=body)
    assert answer.status_code in (200, 201, 202), answer.text
    return answer.json()


@pytest.fixture
async def meters(staff: httpx.AsyncClient) -> list[Any]:
    """Those of a site: a main one, and one of each of two businesses; all show 0 as July begins."""
    site = await posted(staff, "/sites", {"name": "示例电商大厦", "address": "示例路1号", "area_m2": 12500})
    published = await posted(staff, "/tariffs", tariff("1"))
    main = {"site_id": site["id"], "utility": "electricity", "role": "main", "place": "B1", "opened_on": "2026-07-01"}
    points = [await posted(staff, "/service-points", main)]
    for number in (1, 2):
        said = point_at(site, published, place=f"room {number}", number=number)
        points.append(await posted(staff, "/service-points", said))
    return [
        await posted(staff, "/meters", meter_of(point, serial=f"EX-{number}", initial="0"))
        for number, point in enumerate(points)
    ]


async def test_readings_of_one_meter_that_come_at_once_are_judged_one_by_the_other(
    staff: httpx.AsyncClient, meters: list[Any], store: MongoStore
) -> None:
    path = f"{V1}/meters/{meters[1]['id']}/readings"
    bodies = [{"at": instant(f"2026-07-{day:02} 08:00"), "value": str(500 - day * 10)} for day in range(2, 22)]
    answers = await asyncio.gather(*(staff.post(path, json=body) for body in bodies))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 422: 19}
    same = {"at": instant("2026-07-30 08:00"), "value": "600"}
    answers = await asyncio.gather(*(staff.post(path, json=same) for _ in range(20)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 19}
    assert await store.database["readings"].count_documents({"meter_id": meters[1]["id"]}) == 3


async def test_a_month_that_is_run_twice_at_once_is_billed_once_and_charged_once(
    staff: httpx.AsyncClient, meters: list[Any], store: MongoStore, clock: FixedClock
) -> None:
    for meter, value in zip(meters, ("100", "40", "50"), strict=True):
        await posted(staff, f"/meters/{meter['id']}/readings", {"at": instant("2026-07-21"), "value": value})
    runs = [await posted(staff, "/billing-runs", {"period": "2026-07"}) for _ in range(2)]
    workers = [Jobs(store, service.jobs, now=clock) for _ in runs]
    await asyncio.gather(
        *(
            worker.work_on(run["job_id"], "utilities.billing", asyncio.Event(), asyncio.Event())
            for worker, run in zip(workers, runs, strict=True)
        )
    )
    seen = [(await staff.get(f"{V1}/billing-runs/{run['id']}")).json() for run in runs]
    assert [(run["status"], run["problems"]) for run in seen] == [("done", []), ("done", [])]
    assert sum(run["bills"] for run in seen) == 2
    assert await store.database["readings"].count_documents({"source": "estimated"}) == 3
    clock.at = at("2026-08-20")
    await asyncio.gather(*(finalise_due_bills(clock.at, lambda: Tx(store, now=clock.at)) for _ in range(2)))
    await finalise_due_bills(clock.at, lambda: Tx(store, now=clock.at))
    bills = (await staff.get(f"{V1}/utility-bills", params={"period": "2026-07"})).json()["data"]
    assert {bill["status"] for bill in bills} == {"finalised"}
    said = sorted((bill["measured"]["own"]["value"], bill["measured"]["common"]["value"]) for bill in bills)
    assert said == [("62", "7.5"), ("78", "7.5")]
    for bill in bills:
        invoice = (await staff.get(f"{V1}/invoices/{bill['invoice_id']}")).json()
        assert [line["source"] for line in invoice["lines"]] == [bill["id"]]
        assert invoice["subtotal"] == bill["total"]["amount"]


async def test_a_file_of_readings_is_taken_in_by_a_worker(
    staff: httpx.AsyncClient, meters: list[Any], store: MongoStore, clock: FixedClock
) -> None:
    rows = [f"EX-{number},electricity,2026-07-{day:02}T08:00:00Z,{day}" for day in (2, 3) for number in (0, 1, 2)]
    content = "\n".join(["serial,utility,at,value", *rows]).encode()
    sent = await staff.post(f"{V1}/reading-uploads", content=content, headers={"Content-Type": "text/csv"})
    order = await posted(staff, "/reading-imports", {"upload_id": sent.json()["id"]})
    worker = Jobs(store, service.jobs, now=clock)
    await worker.work_on(order["job_id"], "utilities.readings", asyncio.Event(), asyncio.Event())
    found = (await staff.get(f"{V1}/reading-imports/{order['id']}")).json()
    assert (found["status"], found["rows"], found["recorded"]) == ("done", 6, 6)
    outcomes = (await staff.get(f"{V1}/reading-imports/{order['id']}/outcomes")).json()["data"]
    assert [each["row"] for each in outcomes] == [2, 3, 4, 5, 6, 7]
