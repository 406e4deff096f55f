"""A fair semaphore: so many at a time, and whoever asked first gets in first."""

import asyncio
from collections import deque
from contextlib import suppress


class Slots:
    """Rights to one exchange each.

    Args:
        limit: how many are out at a time.
    """

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def is_free(self) -> bool:
        """Whether one can be had without waiting; then nobody waits."""
        return self._free > 0

    async def take(self) -> None:
        """Wait for one, where none is free."""
        if self._free:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give()  # it was granted in the same moment: the next one must not miss it
            with suppress(ValueError):  # passed over already
                self._waiting.remove(turn)
            raise

    def give(self) -> None:
        """Hand one to whoever waits longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
