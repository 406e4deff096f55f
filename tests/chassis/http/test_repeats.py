"""A write repeated under its Idempotency-Key: nobody looks first, and it is answered as it was all the same."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, ClassVar

import pytest
from fastapi import APIRouter, Security
from pydantic import BaseModel, ConfigDict

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict
from services.chassis.domain.ownership import PUBLIC
from services.chassis.http.client import Client
from services.chassis.http.route import InTx, TransactionalRoute
from services.chassis.http.security import CallerOf
from services.chassis.http.view import View
from services.chassis.module import Module
from services.chassis.service import Service
from services.chassis.store.document_store import Store
from services.chassis.store.grouping.group_commit import GroupCommit
from services.chassis.store.mongo import MongoStore
from services.chassis.store.writes import Document, Put
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from tests.own_store import own_store
from tests.refusals import reason

KEY = {"Idempotency-Key": "k"}


class Lamp(Aggregate):
    """Can be lit once, unless it is broken."""

    collection: ClassVar[str] = "lamps"
    shown_to: ClassVar = PUBLIC

    is_lit: bool = False


class LampView(View):
    at: ClassVar[str] = "/v1/test/lamps"

    is_lit: bool


class Light(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    oil: int = 1


router = APIRouter(prefix="/v1/test", route_class=TransactionalRoute)
Writer = Annotated[Caller, Security(CallerOf(), scopes=["test:write"])]


@router.post("/lamps/{lamp_id}/light")
async def light(lamp_id: str, body: Light, writer: Writer, tx: InTx) -> LampView:
    lamp = await tx.get(Lamp, lamp_id)
    if lamp.is_lit:
        raise Conflict("lit already")
    lamp.is_lit = True
    return LampView.showing(tx.save(lamp))


@router.post("/lamps/{lamp_id}/keep-lit")
async def keep_lit(lamp_id: str, writer: Writer, tx: InTx) -> LampView:
    lamp = await tx.get(Lamp, lamp_id)
    if lamp.is_lit:
        return LampView.showing(lamp)
    lamp.is_lit = True
    return LampView.showing(tx.save(lamp))


@router.post("/lamps/{lamp_id}/break")
async def break_it(lamp_id: str, writer: Writer, tx: InTx) -> LampView:
    lamp = await tx.get(Lamp, lamp_id)
    if lamp.is_lit:
        raise ZeroDivisionError("a bug that only a lit lamp has")
    lamp.is_lit = True
    return LampView.showing(tx.save(lamp))


service = Service("test", modules=[Module("lamps", "Lamps.", routers=[router], documents=[Lamp])])
WRITER = caller(scopes="test:write")
LIGHT = "/v1/test/lamps/lamp_1/light"


ON_A_SERVER = [pytest.param(kind, marks=pytest.mark.server) for kind in ("mongodb", "mongodb, in groups")]


@pytest.fixture(params=["memory", "memory, in groups", *ON_A_SERVER])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("mongo_url") if kind.startswith("mongodb") else None


@pytest.fixture
async def inner(url: str | None) -> AsyncIterator[MemoryStore | MongoStore]:
    """A store with two lamps that are not lit."""
    lamps = [Put("lamps", Lamp(id=f"lamp_{n}", version=1).to_document()) for n in (1, 2)]
    if url is None:
        memory = MemoryStore()
        await memory.commit([*lamps])
        yield memory
        return
    async with own_store(url, [Lamp]) as store:
        await store.commit([*lamps])
        yield store


@pytest.fixture
def store(inner: MemoryStore | MongoStore, kind: str) -> Store:
    return GroupCommit(inner) if kind.endswith("in groups") else inner


async def version_of(store: Store, lamp_id: str) -> int:
    (lamp,) = await store.read("lamps", [lamp_id])
    return int(lamp["version"])


@pytest.fixture
async def api(store: Store) -> AsyncIterator[Client]:
    async with client_of(service.routes_on(store, settings()), WRITER) as client:
        yield client


async def test_a_new_key_is_not_looked_for(
    api: Client, inner: MemoryStore | MongoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, asked = inner.read, []

    async def seen(collection: str, ids: Sequence[str]) -> list[Document]:
        asked.append(collection)
        return await read(collection, ids)

    monkeypatch.setattr(inner, "read", seen)
    assert (await api.post(LIGHT, json={}, headers=KEY)).status_code == 200
    assert asked == ["lamps"]


@pytest.mark.parametrize("act", ["light", "keep-lit", "break"])
async def test_a_repeat_that_would_end_otherwise_by_now_is_answered_as_the_first(
    api: Client, inner: MemoryStore | MongoStore, act: str
) -> None:
    path = f"/v1/test/lamps/lamp_1/{act}"
    first = await api.post(path, json={}, headers=KEY)
    again = await api.post(path, json={}, headers=KEY)
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert await version_of(inner, "lamp_1") == 2


@pytest.mark.parametrize("other", [{"oil": 2}, {"oil": "none"}, {"water": 1}])
async def test_a_key_that_was_used_is_refused_to_another_request_whatever_that_is(
    api: Client, other: dict[str, object]
) -> None:
    await api.post(LIGHT, json={}, headers=KEY)
    refused = await api.post(LIGHT, json=other, headers=KEY)
    assert (refused.status_code, reason(refused)) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("is_read", [False, True])
async def test_a_repeat_whose_first_commits_while_it_runs_answers_what_the_first_did(
    api: Client, inner: MemoryStore | MongoStore, monkeypatch: pytest.MonkeyPatch, is_read: bool
) -> None:
    read = inner.read

    async def read_beside_the_first(collection: str, ids: Sequence[str]) -> list[Document]:
        monkeypatch.setattr(inner, "read", read)
        found = await read(collection, ids)
        await api.post(LIGHT, json={}, headers=KEY)
        return found if is_read else await read(collection, ids)

    monkeypatch.setattr(inner, "read", read_beside_the_first)
    repeat = await api.post(LIGHT, json={}, headers=KEY)
    assert (repeat.status_code, repeat.headers.get("idempotent-replayed")) == (200, "true")
    assert await version_of(inner, "lamp_1") == 2


async def test_of_many_at_once_under_one_key_one_takes_effect_and_all_are_answered_the_same(
    api: Client, inner: MemoryStore | MongoStore
) -> None:
    others = (api.post("/v1/test/lamps/lamp_2/light", json={}, headers={"Idempotency-Key": f"k{n}"}) for n in range(5))
    answers = await asyncio.gather(*(api.post(LIGHT, json={}, headers=KEY) for _ in range(20)), *others)
    assert {answer.status_code for answer in answers[:20]} == {200}
    assert sum("idempotent-replayed" not in answer.headers for answer in answers[:20]) == 1
    assert sorted(answer.status_code for answer in answers[20:]) == [200, 409, 409, 409, 409]
    assert [await version_of(inner, f"lamp_{n}") for n in (1, 2)] == [2, 2]
