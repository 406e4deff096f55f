"""The request-body stream: the body as it comes, or whole."""

from starlette.types import Message, Receive

from gateway.edge.body_room import Place
from gateway.edge.content import too_large
from gateway.edge.leaving import CallerLeft


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
        self._ended = not expected

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
                self._ended = True
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
        while not self._ended:
            chunk = await anext(self)
            place.grow(len(chunk))
            body += chunk
        self._read = bytes(body)
        return self._read

    def __aiter__(self) -> "Inlet":
        return self

    async def __anext__(self) -> bytes:
        if self._ended:
            raise StopAsyncIteration
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise CallerLeft
        body: bytes = message.get("body", b"")
        return body
