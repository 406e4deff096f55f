"""The request-body stream: the body as it comes, and the moment the caller leaves."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType

from starlette.types import Message, Receive

from gateway.edge.body_room import Place
from gateway.edge.content import too_large


class CallerLeft(Exception):
    """The connection to the caller is gone; there is nobody to answer."""


class Inlet:
    """The body of a request, chunk by chunk or whole, and never more of it than allowed.

    Args:
        receive: of ASGI.
        at_most: bytes.
        expected: whether there is a body at all.
    """

    def __init__(self, receive: Receive, at_most: int, expected: bool) -> None:
        self._receive = receive
        self._at_most = at_most
        self._taken = 0
        self._read: bytes | None = None
        self._ended = asyncio.Event()
        if not expected:
            self._ended.set()

    async def receive(self) -> Message:
        """ASGI's `receive`, counted; a body that was read whole comes in one piece.

        Raises:
            TooLarge: the body goes on beyond what is allowed.
        """
        if self._read is not None:
            body, self._read = self._read, None
            return {"type": "http.request", "body": body, "more_body": False}
        message = await self._receive()
        if message["type"] == "http.request":
            self._taken += len(message.get("body", b""))
            if self._taken > self._at_most:
                raise too_large(self._at_most)
            if not message.get("more_body", False):
                self._ended.set()
        return message

    async def whole(self, place: Place) -> bytes:
        """The body, when it has come to its end; empty where there is none.

        Args:
            place: where it is held.

        Raises:
            CallerLeft, TooLarge: as iterating does.
            TooManyInFlight, Unavailable: there is no place for it.
        """
        body = bytearray()  # a list of chunks would weigh thirty times as much as what drips in
        async for chunk in self:
            place.grow(len(chunk))
            body += chunk
        self._read = bytes(body)
        return self._read

    def __aiter__(self) -> "Inlet":
        return self

    async def __anext__(self) -> bytes:
        if self._ended.is_set():
            raise StopAsyncIteration
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise CallerLeft
        body: bytes = message.get("body", b"")
        return body

    async def caller_leaves(self) -> None:
        """Return when the caller is gone. While its body is being read, the reader is the one who notices."""
        await self._ended.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass


class WhileThere:
    """A cancel scope tied to the caller: when it leaves, what runs inside is cancelled at once.

    Cancels its own task, as `asyncio.timeout` does, and turns that cancellation into `CallerLeft`.
    """

    def __init__(self, leaving: Callable[[], Awaitable[None]]) -> None:
        self._leaving = leaving
        self._left = False

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        self._cancelling = task.cancelling()
        self._watch = asyncio.get_running_loop().create_task(self._watching())

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watch.cancel()
        if self._left and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise CallerLeft from error

    async def _watching(self) -> None:
        await self._leaving()
        self._left = True
        self._task.cancel()
