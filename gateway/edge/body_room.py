"""Memory for request bodies that are read whole before they go on: bounded in all, and for each client."""

from collections.abc import Iterator
from contextlib import contextmanager

from gateway.limits import BODIES, BODIES_A_CLIENT
from gateway.upstream.call import TooManyInFlight
from services.chassis.domain.errors import Unavailable


class BodyRoom:
    """Counts the bytes of bodies that this process holds, from their first byte until their request is over.

    Args:
        at_most: bytes, of all callers together.
        a_client: bytes, of one of them.
    """

    def __init__(self, at_most: int = BODIES, a_client: int = BODIES_A_CLIENT) -> None:
        self._at_most, self._a_client = at_most, a_client
        self.held = 0
        """Bytes, of all callers together."""
        self._of: dict[str, int] = {}

    @contextmanager
    def place(self, client: str) -> Iterator["Place"]:
        """A place for one body, given back at the end."""
        place = Place(self, client)
        try:
            yield place
        finally:
            place.leave()

    def take(self, client: str, size: int) -> None:
        """Hold so many bytes more.

        Raises:
            TooManyInFlight, Unavailable: there is no room for them; they are not held.
        """
        of_client = self._of.get(client, 0) + size
        if of_client > self._a_client:
            raise TooManyInFlight("You have as much under way here as you may have.")
        if self.held + size > self._at_most:
            raise Unavailable("Too much is being sent here at the moment.")
        self.held += size
        self._of[client] = of_client

    def give(self, client: str, size: int) -> None:
        """Hold so many bytes less."""
        self.held -= size
        left = self._of.pop(client, 0) - size
        if left > 0:
            self._of[client] = left


class Place:
    """What one body takes of the room."""

    def __init__(self, room: BodyRoom, client: str) -> None:
        self._room, self._client = room, client
        self._size = 0

    def grow(self, size: int) -> None:
        """Raises TooManyInFlight, Unavailable: see `BodyRoom.take`."""
        self._room.take(self._client, size)
        self._size += size

    def leave(self) -> None:
        self._room.give(self._client, self._size)
        self._size = 0
