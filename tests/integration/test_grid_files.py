"""Files on a real database: what a process that dies leaves of them, and what the driver's own reader makes of them."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from motor.motor_asyncio import AsyncIOMotorGridFSBucket

from services.chassis.background.orphans import orphaned_uploads
from services.chassis.domain.ids import new_id
from services.chassis.domain.times import utc_now
from services.chassis.store.files import PIECE
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.upload import Upload
from tests.own_store import own_store


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with own_store(mongo_url, [Upload]) as store:
        yield store


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_any_reader_of_gridfs_can_read_them(store: MongoStore) -> None:
    whole = b"x" * PIECE + b"y" * 10
    file = await store.files.write(stream(whole), media_type="text/csv", file_name="a.csv", at_most=len(whole))
    read = await AsyncIOMotorGridFSBucket(store.database, "files").open_download_stream(file.id)
    assert (read.filename, read.length, await read.read()) == ("a.csv", len(whole), whole)


async def test_chunks_of_a_process_that_died_in_the_middle_are_swept(store: MongoStore) -> None:
    await store.database["files.chunks"].insert_one({"files_id": new_id("upl"), "n": 0, "data": b"x"})
    later = utc_now() + timedelta(hours=25)
    await orphaned_uploads(store, clock=lambda: later).task(later, lambda: Tx(store, now=later))
    assert await store.count("files.chunks", {}) == 0


async def test_a_file_that_loses_a_chunk_is_never_read_as_a_shorter_one(store: MongoStore) -> None:
    file = await store.files.write(stream(b"x" * (PIECE + 1)), media_type="text/csv", at_most=PIECE * 2)
    await store.database["files.chunks"].delete_one({"files_id": file.id, "n": 1})
    with pytest.raises(LookupError, match="chunk 1"):
        _ = [piece async for piece in await store.files.open(file.id)]
