"""Files: bytes beside the documents, written and read as streams, and never part of a transaction.

Bytes come first, then the row that names them (`upload.py`): a file without a row is nobody's, and swept.
"""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from services.chassis.domain.errors import TooLarge

PIECE = 255 * 1024
"""Bytes of a stored chunk, as GridFS advises: what one upload or download holds in memory."""


@dataclass(frozen=True, slots=True)
class File:
    """What is known of a file's bytes; `sha256` in hex, `length` in bytes."""

    id: str
    sha256: str
    length: int
    media_type: str
    file_name: str | None


class Files(Protocol):
    """Where files live. `GridFiles` is the real one, `MemoryFiles` its fake; the same tests run against both."""

    async def write(
        self, chunks: AsyncIterable[bytes], *, media_type: str, file_name: str | None = None, at_most: int
    ) -> File:
        """Keep a stream as a new file, and nothing of it where that fails.

        Args:
            at_most: bytes.

        Raises:
            TooLarge: there are more.
            Unavailable: the store is away.
        """
        ...

    async def find(self, id: str) -> File | None:
        """What is known of a file, or None where there is none."""
        ...

    async def open(self, id: str) -> AsyncIterator[bytes]:
        """The bytes of a file, piece by piece.

        Raises:
            NotFound: there is none.
        """
        ...

    async def delete(self, id: str) -> None:
        """Let a file be gone, whether it was there or not, and whatever a write that was cut short left of it."""
        ...

    async def ids(self, *, after: str, before: str, limit: int) -> list[str]:
        """The first ids between two, in the order of birth; those too that a write which was cut short left."""
        ...


class Measured:
    """A stream that is counted and hashed as it passes, and never longer than allowed.

    Args:
        chunks: of any size.
        at_most: bytes.
    """

    def __init__(self, chunks: AsyncIterable[bytes], at_most: int) -> None:
        self._chunks, self._at_most = chunks, at_most
        self._hash = hashlib.sha256()
        self._length = 0

    async def pieces(self) -> AsyncIterator[bytes]:
        """The same bytes in pieces of `PIECE`, the last one shorter. Raises TooLarge."""
        waiting = bytearray()
        async for chunk in self._chunks:
            self._length += len(chunk)
            if self._length > self._at_most:
                raise TooLarge(f"A body is at most {self._at_most} bytes here.")
            self._hash.update(chunk)
            waiting += chunk
            while len(waiting) >= PIECE:
                yield bytes(waiting[:PIECE])
                del waiting[:PIECE]
        if waiting:
            yield bytes(waiting)

    def file(self, id: str, media_type: str, file_name: str | None) -> File:
        """What is known once all has passed."""
        return File(id, self._hash.hexdigest(), self._length, media_type, file_name)
