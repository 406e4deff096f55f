"""What files promise, shown on the fake and on a real MongoDB by the same tests."""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.chassis.background.orphans import orphaned_uploads
from services.chassis.domain.errors import Conflict, NotFound, TooLarge, UnsupportedMediaType
from services.chassis.domain.ids import first_id_at, new_id
from services.chassis.domain.times import utc_now
from services.chassis.store.document_store import Store
from services.chassis.store.files import PIECE, File
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.upload import Upload, take_upload
from services.chassis.testing.callers import caller
from services.chassis.testing.memory_store import MemoryStore
from tests.own_store import own_store

DAY = timedelta(hours=24)


class Shelf:
    """A store of documents and the files beside them."""

    def __init__(self, store: Store) -> None:
        self.store, self.files = store, store.files

    def tx(self, **options: Any) -> Tx:
        return Tx(self.store, now=utc_now(), **options)

    async def written(self, *chunks: bytes, at_most: int = 10 * PIECE, **known: Any) -> File:
        return await self.files.write(stream(*chunks), at_most=at_most, **{"media_type": "text/csv"} | known)

    async def uploaded(self) -> Upload:
        """A file with its row."""
        file = await self.written(b"a,b")
        tx = self.tx()
        upload = tx.save(Upload.of(file, by=caller(), at=tx.now))
        await tx.commit()
        return upload

    async def content(self, id: str) -> bytes:
        return b"".join([piece async for piece in await self.files.open(id)])

    async def all_ids(self) -> list[str]:
        return await self.files.ids(after="", before="z", limit=100)

    async def sweep(self, now: datetime) -> None:
        await orphaned_uploads(self.store, clock=lambda: now).task(now, self.tx)


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def broken(*chunks: bytes) -> AsyncIterator[bytes]:
    """A caller that leaves in the middle."""
    for chunk in chunks:
        yield chunk
    raise ConnectionError("the caller left")


@pytest.fixture(params=["memory", pytest.param("mongodb", marks=pytest.mark.server)])
def url(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("mongo_url") if request.param == "mongodb" else None


@pytest.fixture
async def shelf(url: str | None) -> AsyncIterator[Shelf]:
    if url is None:
        yield Shelf(MemoryStore(documents=[Upload]))
        return
    async with own_store(url, [Upload]) as store:
        yield Shelf(store)


@pytest.mark.parametrize(
    "chunks",
    [
        [],
        [b""],
        [b"a,b\r\n"],
        [b"x" * PIECE],
        [b"x" * (PIECE - 1), b"yz"],
        [bytes([n]) * 100_000 for n in range(9)],
        [b"x" * (3 * PIECE + 1)],
    ],
)
async def test_a_file_comes_back_as_it_was_written_with_its_length_and_hash(shelf: Shelf, chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    file = await shelf.written(*chunks, media_type="text/csv", file_name="读数.csv")
    assert file == File(file.id, hashlib.sha256(whole).hexdigest(), len(whole), "text/csv", "读数.csv")
    assert await shelf.files.find(file.id) == file
    assert await shelf.content(file.id) == whole


async def test_a_file_is_read_in_pieces_however_large_it_came(shelf: Shelf) -> None:
    file = await shelf.written(b"x" * (2 * PIECE + 1))
    assert [len(piece) async for piece in await shelf.files.open(file.id)] == [PIECE, PIECE, 1]


async def test_a_file_may_be_as_long_as_allowed_and_not_a_byte_longer(shelf: Shelf) -> None:
    assert (await shelf.written(b"x" * PIECE, b"x", at_most=PIECE + 1)).length == PIECE + 1
    with pytest.raises(TooLarge):
        await shelf.written(b"x" * PIECE, b"xx", at_most=PIECE + 1)
    assert len(await shelf.all_ids()) == 1


async def test_of_a_stream_that_breaks_off_nothing_is_left(shelf: Shelf) -> None:
    with pytest.raises(ConnectionError):
        await shelf.files.write(broken(b"x" * PIECE, b"y"), media_type="text/csv", at_most=PIECE * 9)
    assert await shelf.all_ids() == []


async def test_what_is_deleted_is_gone_and_may_be_deleted_again(shelf: Shelf) -> None:
    file = await shelf.written(b"x" * (2 * PIECE))
    for _ in range(2):
        await shelf.files.delete(file.id)
    assert await shelf.files.find(file.id) is None
    assert await shelf.all_ids() == []
    with pytest.raises(NotFound):
        await shelf.files.open(file.id)


async def test_ids_come_in_pages_in_the_order_of_birth(shelf: Shelf) -> None:
    born = [(await shelf.written(b"x" * (PIECE + 1))).id for _ in range(3)]
    assert await shelf.files.ids(after="", before="z", limit=2) == born[:2]
    assert await shelf.files.ids(after=born[1], before="z", limit=2) == born[2:]
    assert await shelf.files.ids(after="", before=born[2], limit=9) == born[:2]


def test_an_id_tells_the_millisecond_of_its_birth() -> None:
    before, id, after = utc_now(), new_id("upl"), utc_now() + timedelta(milliseconds=2)
    assert first_id_at("upl", before) < id < first_id_at("upl", after)


async def test_an_upload_that_an_act_takes_is_used_by_it_alone(shelf: Shelf) -> None:
    upload = await shelf.uploaded()
    for user, fine in (("fil_1", True), ("fil_1", True), ("fil_2", False)):
        tx = shelf.tx(caller=caller())
        if fine:
            assert (await take_upload(tx, upload.id, used_by=user, media_types=["text/csv"])).sha256 == upload.sha256
            await tx.commit()
        else:
            with pytest.raises(Conflict) as refused:
                await take_upload(tx, upload.id, used_by=user)
            assert refused.value.code == "upload_used"


async def test_of_two_acts_that_take_one_upload_at_once_one_loses(shelf: Shelf) -> None:
    upload = await shelf.uploaded()
    first, second = shelf.tx(caller=caller()), shelf.tx(caller=caller())
    for number, tx in enumerate((first, second)):
        await take_upload(tx, upload.id, used_by=f"fil_{number}")
    await first.commit()
    with pytest.raises(Exception, match=upload.id):
        await second.commit()


async def test_an_upload_of_another_partner_is_not_there(shelf: Shelf) -> None:
    upload = await shelf.uploaded()
    for other in (caller(partner="par_2"), caller("officer", partner="par_zone")):
        with pytest.raises(NotFound):
            await take_upload(shelf.tx(caller=other), upload.id, used_by="fil_1")


async def test_an_upload_of_a_kind_that_the_act_cannot_read_is_refused(shelf: Shelf) -> None:
    upload = await shelf.uploaded()
    with pytest.raises(UnsupportedMediaType):
        await take_upload(shelf.tx(caller=caller()), upload.id, used_by="fil_1", media_types=["application/pdf"])


async def test_an_upload_that_no_act_took_within_a_day_is_swept_with_its_row(shelf: Shelf) -> None:
    upload = await shelf.uploaded()
    await shelf.sweep(utc_now() + DAY - timedelta(minutes=1))
    assert await shelf.all_ids() == [upload.id]
    await shelf.sweep(utc_now() + DAY + timedelta(minutes=1))
    assert await shelf.all_ids() == []
    assert await shelf.tx().count(Upload, {}) == 0


async def test_an_upload_that_an_act_took_stays(shelf: Shelf) -> None:
    upload = await shelf.uploaded()
    tx = shelf.tx(caller=caller())
    await take_upload(tx, upload.id, used_by="fil_1")
    await tx.commit()
    await shelf.sweep(utc_now() + 30 * DAY)
    assert await shelf.content(upload.id) == b"a,b"


async def test_a_file_whose_row_was_never_committed_is_swept_too(shelf: Shelf) -> None:
    await shelf.written(b"")
    await shelf.written(b"a,b")
    await shelf.sweep(utc_now())
    assert len(await shelf.all_ids()) == 2
    await shelf.sweep(utc_now() + DAY + timedelta(minutes=1))
    assert await shelf.all_ids() == []
