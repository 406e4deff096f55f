"""Files in memory for tests, as strict as the real ones."""

from collections.abc import AsyncIterable, AsyncIterator

from services.chassis.domain.errors import NotFound
from services.chassis.domain.ids import new_id
from services.chassis.store.files import PIECE, File, Measured


class MemoryFiles:
    """`Files` in memory; what is in them is a test's to look at."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[File, bytes]] = {}

    async def write(
        self, chunks: AsyncIterable[bytes], *, media_type: str, file_name: str | None = None, at_most: int
    ) -> File:
        measured = Measured(chunks, at_most)
        whole = b"".join([piece async for piece in measured.pieces()])
        file = measured.file(new_id("upl"), media_type, file_name)
        self.kept[file.id] = file, whole
        return file

    async def find(self, id: str) -> File | None:
        return self.kept[id][0] if id in self.kept else None

    async def open(self, id: str) -> AsyncIterator[bytes]:
        if id not in self.kept:
            raise NotFound
        return self._pieces(self.kept[id][1])

    async def _pieces(self, whole: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(whole), PIECE):
            yield whole[start : start + PIECE]

    async def delete(self, id: str) -> None:
        self.kept.pop(id, None)

    async def ids(self, *, after: str, before: str, limit: int) -> list[str]:
        return sorted(id for id in self.kept if after < id < before)[:limit]
