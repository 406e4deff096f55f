"""Files of readings: each row is taken or refused by itself, as if it had been sent alone and in that order."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from services.chassis.background.job import Job
from services.chassis.domain.errors import Unprocessable
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock, memory_tx
from services.incubator.utilities.imports.table import MOST_ROWS, rows_of
from tests.incubator.utilities.conftest import V1, Post, finish_jobs, meter_of, point_at, tariff

pytestmark = pytest.mark.usefixtures("tenants")

HEADER = "serial,utility,at,value,rollover\n"
Import = Callable[..., Awaitable[Any]]


@pytest.fixture
async def meters(post: Post, site: Any) -> list[Any]:
    """EX-1 and EX-2 show 100 as July begins; at most 20 kWh a day."""
    published = await post("/tariffs", tariff())
    found = []
    for number in (1, 2):
        point = await post("/service-points", point_at(site, published, place=f"3-{number}", number=number))
        most: dict[str, Any] = {"max_daily": {"value": "20", "unit": "kWh"}}
        found.append(await post("/meters", meter_of(point, serial=f"EX-{number}", **most)))
    return found


@pytest.fixture
def import_file(store: MemoryStore, clock: FixedClock) -> Import:
    """Uploads a file and imports it to the end; gives the import and the outcomes of its rows."""

    async def import_file(api: httpx.AsyncClient, content: str | bytes) -> tuple[Any, list[Any]]:
        raw = content.encode() if isinstance(content, str) else content
        uploaded = await api.post(f"{V1}/reading-uploads", content=raw, headers={"Content-Type": "text/csv"})
        assert uploaded.status_code == 201, uploaded.text
        ordered = await api.post(f"{V1}/reading-imports", json={"upload_id": uploaded.json()["id"]})
        assert ordered.status_code == 202, ordered.text
        try:
            await finish_jobs(store, clock.at)
        except Unprocessable as refusal:
            tx = memory_tx(store, at=clock.at)
            job = tx.save(await tx.get(Job, ordered.json()["job_id"]))
            job.begin(at=clock.at)
            job.fail(refusal, at=clock.at)
            await tx.commit()
        path = f"{V1}/reading-imports/{ordered.json()['id']}"
        outcomes = (await api.get(f"{path}/outcomes")).json()["data"]
        return (await api.get(path)).json(), outcomes

    return import_file


def row(day: int, value: str, *, serial: str = "EX-1", utility: str = "electricity", rollover: str = "") -> str:
    return f"{serial},{utility},2026-07-{day:02}T08:00:00+08:00,{value},{rollover}\n"


async def test_every_row_has_an_outcome_of_its_own(
    staff: httpx.AsyncClient, meters: list[Any], import_file: Import
) -> None:
    content = HEADER + "".join(
        [
            row(3, "110"),
            row(3, "00110"),
            row(4, "105"),
            row(5, "400"),
            row(3, "110", serial="EX-2"),
            row(3, "110", serial="EX-9"),
            row(3, "110", utility="water"),
            "\n",
            "EX-1,electricity,2026-07-06T08:00:00,1e3,perhaps\n",
            row(3, "111"),
            "EX-1,gas\n",
        ]
    )
    found, outcomes = await import_file(staff, content)
    said = [(each["row"], each["status"], [reason["code"] for reason in each["reasons"]]) for each in outcomes]
    assert said == [
        (2, "recorded", []),
        (3, "repeated", []),
        (4, "refused", ["reading_below_previous"]),
        (5, "under_review", []),
        (6, "recorded", []),
        (7, "refused", ["meter_unknown"]),
        (8, "refused", ["meter_unknown"]),
        (10, "refused", ["timestamp_offset_required", "pattern", "invalid"]),
        (11, "refused", ["reading_exists"]),
        (12, "refused", ["not_one_of", "missing", "missing"]),
    ]
    assert outcomes[0]["reading_id"] == outcomes[1]["reading_id"]
    assert [reason["column"] for reason in outcomes[7]["reasons"]] == ["at", "value", "rollover"]
    counted = {name: found[name] for name in ("status", "rows", "recorded", "under_review", "repeated", "refused")}
    assert counted == {
        "status": "done",
        "rows": 10,
        "recorded": 2,
        "under_review": 1,
        "repeated": 1,
        "refused": 6,
    }


async def test_the_same_file_twice_repeats_every_reading(
    staff: httpx.AsyncClient, meters: list[Any], import_file: Import, store: MemoryStore
) -> None:
    content = HEADER + row(3, "110") + row(4, "115") + row(4, "120", serial="EX-2")
    await import_file(staff, content)
    readings = store.rows("readings")
    _, outcomes = await import_file(staff, content)
    assert [each["status"] for each in outcomes] == ["repeated"] * 3
    assert store.rows("readings") == readings


async def test_a_business_imports_what_it_has_read_of_its_own_meters(
    owner: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    staff: httpx.AsyncClient,
    meters: list[Any],
    import_file: Import,
) -> None:
    found, outcomes = await import_file(owner, HEADER + row(3, "110"))
    assert (found["source"], outcomes[0]["status"]) == ("customer", "recorded")
    other, outcomes = await import_file(stranger, HEADER + row(4, "115"))
    assert [reason["code"] for reason in outcomes[0]["reasons"]] == ["meter_unknown"]
    assert (await owner.get(f"{V1}/reading-imports/{other['id']}")).status_code == 404
    assert [each["id"] for each in (await stranger.get(f"{V1}/reading-imports")).json()["data"]] == [other["id"]]
    assert len((await staff.get(f"{V1}/reading-imports")).json()["data"]) == 2


async def test_a_file_is_imported_once_and_by_who_sent_it(
    owner: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    sent = await owner.post(f"{V1}/reading-uploads", content=HEADER, headers={"Content-Type": "text/csv"})
    named = {"upload_id": sent.json()["id"]}
    assert (await stranger.post(f"{V1}/reading-imports", json=named)).status_code == 404
    assert (await owner.post(f"{V1}/reading-imports", json=named)).status_code == 202
    again = await owner.post(f"{V1}/reading-imports", json=named)
    assert (again.status_code, again.json()["code"]) == (409, "upload_used")


async def test_what_is_no_table_fails_as_a_whole(staff: httpx.AsyncClient, import_file: Import) -> None:
    found, outcomes = await import_file(staff, "meter,value\nEX-1,110\n")
    assert (found["status"], found["failure"]["code"], outcomes) == ("failed", "table_invalid", [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table_invalid"),
        (b"serial,utility,at\n", "table_invalid"),
        (b"serial,utility,at,value,value\n", "table_invalid"),
        (b"serial,utility,at,value,colour\n", "table_invalid"),
        (b"serial,utility,at,value\na,b,c,d,e\n", "table_invalid"),
        (b'serial,utility,at,value\n"a,b,c,d\n', "table_invalid"),
        (b"serial,utility,at,value\n\xff,b,c,d\n", "table_invalid"),
        (b"serial,utility,at,value\n" + b"a,b,c,d\n" * (MOST_ROWS + 1), "too_many_rows"),
    ],
)
def test_a_file_that_is_no_table_of_readings_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        rows_of(content)
    assert refused.value.reason == code


def test_columns_stand_in_any_order_and_a_byte_order_mark_is_no_part_of_them() -> None:
    rows = rows_of("\ufeffvalue, AT ,serial,utility\r\n110,x,EX-1,water\r\n\r\n111\r\n".encode())
    assert [(each.number, dict(each.cells)) for each in rows] == [
        (2, {"value": "110", "at": "x", "serial": "EX-1", "utility": "water"}),
        (4, {"value": "111"}),
    ]
