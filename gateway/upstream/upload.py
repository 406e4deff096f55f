"""A streamed body on its way to a service."""

from collections.abc import AsyncIterator
from typing import cast

from gateway.upstream.call import Call, HeadDeadline, Malformed
from gateway.upstream.timer import CallTimer


class Upload:
    """A streamed body on its way up. Of another length than declared, it breaks the connection.

    No generator, so that nothing is left to be finalised when httpunk stops asking.
    """

    def __init__(self, call: Call, timer: CallTimer) -> None:
        self._source = cast(AsyncIterator[bytes], call.body)
        self._length = call.length
        self._timer = timer
        self._sent = 0
        self.begun = False
        self.answered = False
        self.fault: Exception | None = None

    def __aiter__(self) -> "Upload":
        return self

    async def __anext__(self) -> bytes:
        self.begun = True
        try:
            chunk = await anext(self._source, None)
            self._sent += len(chunk or b"")
            if self._length is not None and (
                self._sent > self._length or (chunk is None and self._sent < self._length)
            ):
                raise Malformed("The body is not as long as declared.")
        except Exception as exc:
            self.fault = exc
            raise
        if chunk is None:
            if not self.answered:
                self._timer.allow(self._timer.deadlines.head, HeadDeadline)
            raise StopAsyncIteration
        return chunk
