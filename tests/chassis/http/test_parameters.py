"""Parameters of an address: each is written in one form, and a cursor is taken as it was given out or not at all."""

import base64
from collections.abc import AsyncIterator
from typing import Annotated, ClassVar

import pytest
from fastapi import APIRouter, Path, Query, Security

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.caller import Caller
from services.chassis.domain.ownership import PUBLIC
from services.chassis.domain.times import Day, Instant
from services.chassis.http.client import Client
from services.chassis.http.filters import Filter
from services.chassis.http.paging import CountedPage, InCountedPage
from services.chassis.http.route import InTx, TransactionalRoute
from services.chassis.http.security import CallerOf
from services.chassis.http.view import View
from services.chassis.module import Module
from services.chassis.service import Service
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from tests.refusals import reason


class Lamp(Aggregate):
    collection: ClassVar[str] = "lamps"
    shown_to: ClassVar = PUBLIC

    watts: int
    lit: bool


class LampView(View):
    watts: int


class LampFilter(Filter):
    watts: Annotated[int | None, Query(ge=1)] = None
    lit: bool | None = None


Reader = Annotated[Caller, Security(CallerOf(), scopes=["test:read"])]
router = APIRouter(prefix="/v1/test", route_class=TransactionalRoute)


@router.get("/lamps")
async def list_lamps(
    asked: Annotated[LampFilter, Query()],
    reader: Reader,
    tx: InTx,
    page: InCountedPage,
    on: Day | None = None,
    at: Instant | None = None,
) -> CountedPage[LampView]:
    return await page.counted(tx, Lamp, asked.where(), LampView.showing)


@router.get("/lamps/{watts}")
async def see_lamp(watts: Annotated[int, Path()], reader: Reader, tx: InTx) -> LampView:
    (lamp,) = await tx.select(Lamp, {"watts": watts}, limit=1)
    return LampView.showing(lamp)


@pytest.fixture
async def api() -> AsyncIterator[Client]:
    store = MemoryStore()
    for watts in (1, 10, 100):
        lamp = Lamp(id=f"lamp_{watts}", watts=watts, lit=watts > 1)
        store.collections.setdefault("lamps", {})[lamp.id] = lamp.to_document()
    service = Service("test", modules=[Module("lamps", "Lamps.", routers=[router], documents=[Lamp])])
    async with client_of(service.routes_on(store, settings()), caller(scopes="test:read")) as client:
        yield client


async def asked(api: Client, query: str) -> tuple[int, str, list[str]]:
    answer = await api.get(f"/v1/test/lamps?{query}")
    if answer.status_code == 200:
        return 200, "", []
    return answer.status_code, reason(answer), [each["parameter"] for each in answer.json().get("errors", ())]


@pytest.mark.parametrize(
    "query",
    ["watts=10", "limit=2", "lit=true", "lit=false", "include_total=true", "on=2026-11-27", "at=2026-11-27T08:00:00Z"],
)
async def test_a_value_in_the_form_of_its_type_is_read(api: Client, query: str) -> None:
    assert (await asked(api, query))[0] == 200


NO_NUMBERS = ["", "1.0", "1e1", "%2B1", "%201", "1%20", "1_0", "01", "00", "-0", "0x1", "%D9%A1", "１", "1%0A", "one"]


@pytest.mark.parametrize("value", NO_NUMBERS)
async def test_a_number_is_digits_and_nothing_else(api: Client, value: str) -> None:
    assert await asked(api, f"watts={value}") == (400, "malformed_parameter", ["watts"])
    assert await asked(api, f"limit={value}") == (400, "limit_range", ["limit"])


@pytest.mark.parametrize("value", ["", "1", "0", "yes", "on", "True", "TRUE", "t", "%20true", "null"])
async def test_a_truth_is_true_or_false(api: Client, value: str) -> None:
    assert await asked(api, f"lit={value}") == (400, "malformed_parameter", ["lit"])
    assert await asked(api, f"include_total={value}") == (400, "malformed_parameter", ["include_total"])


async def test_every_malformed_parameter_is_named_at_once(api: Client) -> None:
    assert await asked(api, "watts=1.0&lit=yes") == (400, "malformed_parameter", ["watts", "lit"])


async def test_a_number_that_can_be_read_and_is_out_of_its_bounds_is_a_422(api: Client) -> None:
    for value in ("0", "-1", "9" * 5_000):
        assert (await asked(api, f"watts={value}"))[0::2] == (422, ["watts"])


@pytest.mark.parametrize("value", ["20261127", "2026-11-27T00:00:00", "1764201600", "2026-1-1", "%202026-11-27"])
async def test_a_day_is_written_in_one_form(api: Client, value: str) -> None:
    assert await asked(api, f"on={value}") == (422, "date_invalid", ["on"])


@pytest.mark.parametrize("value", ["2026-11-27", "1764201600", "2026-11-27%2008:00:00Z", "2026-11-27T08:00Z"])
async def test_an_instant_is_written_as_rfc_3339_has_it(api: Client, value: str) -> None:
    assert await asked(api, f"at={value}") == (422, "timestamp_invalid", ["at"])


@pytest.mark.parametrize("value", [each for each in NO_NUMBERS if each])
async def test_a_number_in_a_path_in_another_form_names_nothing(api: Client, value: str) -> None:
    assert (await api.get("/v1/test/lamps/10")).status_code == 200
    answer = await api.get(f"/v1/test/lamps/{value}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def cursor_of(api: Client) -> str:
    cursor: str = (await api.get("/v1/test/lamps?limit=1")).json()["next_cursor"]
    return cursor


async def test_a_cursor_leads_on_as_it_was_given_out(api: Client) -> None:
    page = await api.get("/v1/test/lamps", params={"limit": "1", "cursor": await cursor_of(api)})
    assert [each["watts"] for each in page.json()["data"]] == [10]


async def test_a_cursor_in_any_other_writing_of_its_bytes_is_refused(api: Client) -> None:
    cursor = await cursor_of(api)
    assert len(cursor) % 4, "its last character has bits that mean nothing"
    raw = base64.urlsafe_b64decode(cursor + "==")
    last = [c for c in map(chr, range(33, 127)) if c != cursor[-1] and _reads_as(cursor[:-1] + c, raw)]
    assert last
    others = [cursor[:-1] + c for c in last] + [
        f"{cursor}=",
        f"{cursor}==",
        f"{cursor}====",
        f" {cursor}",
        f"{cursor}\n",
    ]
    others += [f"{cursor[:5]}{noise}{cursor[5:]}" for noise in ("!", " ", ".", "\r\n", "é")]
    for other in others:
        answer = await api.get("/v1/test/lamps", params={"limit": "1", "cursor": other})
        assert (other, answer.status_code, reason(answer)) == (other, 400, "cursor_invalid")


def _reads_as(text: str, raw: bytes) -> bool:
    try:
        return base64.urlsafe_b64decode(text + "==") == raw
    except ValueError:
        return False
