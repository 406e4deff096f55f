"""Uploads, the acts that take them, and jobs, through HTTP on a real database, as a whole service has them."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.chassis.background.job import Job
from services.chassis.background.jobs import Jobs
from services.chassis.http.client import Client
from services.chassis.module import Module
from services.chassis.service import Service
from services.chassis.store.grouping.group_commit import GroupCommit
from services.chassis.store.mongo import MongoStore
from services.chassis.store.upload import Upload
from services.chassis.testing.callers import caller, client_of, settings
from tests.chassis.archive import LARGEST, MODULE, read_lines, service
from tests.own_store import own_store

CSV = {"Content-Type": "text/csv"}
WHOLE = b"a,b\r\n" * (LARGEST // 5)


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with own_store(mongo_url, service.documents, service.name) as store:
        yield store


@pytest.fixture
async def api(store: MongoStore) -> AsyncIterator[Client]:
    app = service.routes_on(GroupCommit(store), settings())
    async with client_of(app, caller(scopes="archive:read archive:write"), "archive") as client:
        yield client


async def files_in(store: MongoStore) -> list[str]:
    return await store.files.ids(after="", before="z", limit=100)


async def test_what_was_uploaded_is_filed_and_read_back_byte_by_byte(api: Client) -> None:
    sent = await api.post("/v1/archive/uploads?file_name=a.csv", content=WHOLE, headers=CSV)
    assert sent.status_code == 201
    kept = await api.post("/v1/archive/papers", json={"title": "a", "upload_id": sent.json()["id"]})
    read = await api.get(f"/v1/archive/papers/{kept.json()['id']}/file")
    assert (read.status_code, read.content) == (200, WHOLE)


async def test_many_repeats_of_one_upload_at_once_leave_one_file(api: Client, store: MongoStore) -> None:
    key = CSV | {"Idempotency-Key": "k"}
    answers = await asyncio.gather(*(api.post("/v1/archive/uploads", content=WHOLE, headers=key) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await files_in(store) == [answers[0].json()["id"]]
    assert await store.count("uploads", {}) == 1


async def test_an_upload_that_is_too_long_leaves_no_chunk(api: Client, store: MongoStore) -> None:
    answer = await api.post("/v1/archive/uploads", content=WHOLE + b"x", headers=CSV)
    assert answer.status_code == 413
    assert await store.count("files.chunks", {}) == 0


async def test_an_import_is_ordered_and_done_by_a_worker(api: Client, store: MongoStore) -> None:
    lines = b'{"meter": "a", "value": 1}\n' * 10
    sent = await api.post("/v1/archive/uploads", content=lines, headers=CSV)
    await api.post("/v1/archive/imports", json={"title": "a", "upload_id": sent.json()["id"]})
    assert await Jobs(store, service.jobs).turn("import", asyncio.Event())
    table = await api.get("/v1/archive/entries")
    assert table.text.count("a,1,") == 10


def test_a_service_has_uploads_and_jobs_where_its_modules_do() -> None:
    assert {Upload, Job} <= set(service.documents)
    assert not {Upload, Job} & set(Service("bare", modules=[Module("bare", "Nothing.")]).documents)


def test_two_modules_do_not_do_jobs_of_one_kind() -> None:
    with pytest.raises(ValueError, match="same kind"):
        Service("archive", modules=[MODULE, Module("other", "Others.", jobs={"import": read_lines})])
