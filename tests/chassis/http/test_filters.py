"""A list's filter is one model: what is asked for becomes equalities, and text is never an operator."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import httpx
import pytest
from fastapi import APIRouter, Query

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ownership import PUBLIC
from services.chassis.domain.texts.search import search_tokens
from services.chassis.http.filters import Filter, SearchText
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.chassis.http.view import View
from services.chassis.module import Module
from services.chassis.service import Service
from services.chassis.testing.callers import client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from tests.refusals import reason


class Lamp(Aggregate):
    collection: ClassVar[str] = "lamps"
    shown_to: ClassVar = PUBLIC

    name: str
    room: str
    search_tokens: list[str]


class LampView(View):
    name: str


class LampFilter(Filter):
    stored_as: ClassVar[Mapping[str, str]] = {"place": "room"}

    q: SearchText | None = None
    place: Annotated[str | None, Query(max_length=10)] = None


router = APIRouter(prefix="/v1/test", route_class=TransactionalRoute)


@router.get("/lamps")
async def list_lamps(asked: Annotated[LampFilter, Query()], tx: InTx, page: InPage) -> Page[LampView]:
    return await page.of(tx, Lamp, asked.where(), LampView.showing)


async def ask(**asked: str) -> httpx.Response:
    store = MemoryStore()
    for number, (name, room) in enumerate([("晨光台灯", "hall"), ("Evening Light", "hall"), ("Night", "attic")]):
        lamp = Lamp(id=f"lamp_{number}", name=name, room=room, search_tokens=search_tokens(name))
        store.collections.setdefault("lamps", {})[lamp.id] = lamp.to_document()
    app = Service("test", modules=[Module("lamps", "Lamps.", routers=[router], documents=[Lamp])]).routes_on(
        store, settings()
    )
    async with client_of(app) as api:
        return await api.get("/v1/test/lamps", params=asked)


async def names(**asked: str) -> list[str]:
    return [each["name"] for each in (await ask(**asked)).json()["data"]]


async def test_a_filter_without_a_wish_is_empty() -> None:
    assert LampFilter().where() == {}
    assert len(await names()) == 3


async def test_a_member_equals_the_field_that_it_is_stored_as() -> None:
    assert await names(place="attic") == ["Night"]


async def test_a_text_search_finds_what_has_all_its_words() -> None:
    assert await names(q="light EVENING") == ["Evening Light"]
    assert await names(q="台灯") == ["晨光台灯"]
    assert await names(q="light", place="attic") == []


async def test_a_filters_parameters_stand_beside_those_of_the_page() -> None:
    first = (await ask(place="hall", limit="1")).json()
    assert await names(place="hall", limit="1", cursor=first["next_cursor"]) == ["Evening Light"]


async def test_an_unknown_parameter_is_refused_as_everywhere() -> None:
    answer = await ask(plaice="hall")
    assert (answer.status_code, reason(answer)) == (400, "unknown_parameter")


@pytest.mark.parametrize(
    ("text", "code"), [("x" * 201, "query_too_long"), ("$?", "query_invalid"), ("a\u202eb", "query_invalid")]
)
async def test_a_search_that_cannot_be_read_is_a_bad_request(text: str, code: str) -> None:
    answer = await ask(q=text)
    assert (answer.status_code, reason(answer)) == (400, code)


@pytest.mark.parametrize("text", ['{"$gt": ""}', "$where", "Evening.*|Night"])
async def test_what_looks_like_an_operator_is_text(text: str) -> None:
    assert await names(q=text) == []


async def test_what_is_wrong_with_a_filter_is_said_with_its_parameter() -> None:
    answer = await ask(place="x" * 11)
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "place")
