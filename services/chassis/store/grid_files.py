"""Files in MongoDB: chunks and a document for each, written directly, outside of any transaction."""

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress

from motor.motor_asyncio import AsyncIOMotorDatabase

from services.chassis.domain.errors import NotFound
from services.chassis.domain.ids import new_id
from services.chassis.domain.times import utc_now
from services.chassis.store.files import PIECE, File, Measured
from services.chassis.store.outages import away
from services.chassis.store.writes import Document


class GridFiles:
    """Files in MongoDB, as the GridFS specification lays them out: `files.files` and `files.chunks`.

    They are written here and not through the driver's bucket, which keeps up to 32 MB of an upload in memory.

    Args:
        database: of the service.
    """

    def __init__(self, database: AsyncIOMotorDatabase[Document]) -> None:
        self._files, self._chunks = database["files.files"], database["files.chunks"]

    async def prepare(self) -> None:
        """Make the indexes that the specification asks for; safe to run twice and at once."""
        await self._files.create_index([("filename", 1), ("uploadDate", 1)])
        await self._chunks.create_index([("files_id", 1), ("n", 1)], unique=True)

    async def write(
        self, chunks: AsyncIterable[bytes], *, media_type: str, file_name: str | None = None, at_most: int
    ) -> File:
        id, measured, number = new_id("upl"), Measured(chunks, at_most), 0
        try:
            with away():
                async for piece in measured.pieces():
                    await self._chunks.insert_one({"files_id": id, "n": number, "data": piece})
                    number += 1
                file = measured.file(id, media_type, file_name)
                await self._files.insert_one(_document(file))
        except BaseException:
            with suppress(Exception):  # what cannot be taken back now, the sweep finds
                await self.delete(id)
            raise
        return file

    async def find(self, id: str) -> File | None:
        with away():
            document = await self._files.find_one({"_id": id})
        if document is None:
            return None
        kept = document["metadata"]
        return File(id, kept["sha256"], int(document["length"]), kept["media_type"], document.get("filename"))

    async def open(self, id: str) -> AsyncIterator[bytes]:
        file = await self.find(id)
        if file is None:
            raise NotFound
        return self._pieces(file)

    async def _pieces(self, file: File) -> AsyncIterator[bytes]:
        for number in range(-(-file.length // PIECE)):
            with away():
                chunk = await self._chunks.find_one({"files_id": file.id, "n": number})
            if chunk is None:
                raise LookupError(f"{file.id} lacks its chunk {number}: it was deleted meanwhile, or is broken")
            yield bytes(chunk["data"])

    async def delete(self, id: str) -> None:
        with away():
            await self._files.delete_one({"_id": id})
            await self._chunks.delete_many({"files_id": id})

    async def ids(self, *, after: str, before: str, limit: int) -> list[str]:
        between = {"$gt": after, "$lt": before}
        with away():
            begun = self._chunks.find({"files_id": between, "n": 0}, {"_id": 0, "files_id": 1}).sort("files_id", 1)
            whole = self._files.find({"_id": between}, {"_id": 1}).sort("_id", 1)
            found = {each["files_id"] for each in await begun.limit(limit).to_list(limit)}
            found |= {each["_id"] for each in await whole.limit(limit).to_list(limit)}
        return sorted(found)[:limit]


def _document(file: File) -> Document:
    """A file's document in `files.files`, in the names of the specification."""
    return {
        "_id": file.id,
        "length": file.length,
        "chunkSize": PIECE,
        "uploadDate": utc_now(),
        "filename": file.file_name,
        "metadata": {"sha256": file.sha256, "media_type": file.media_type},
    }
