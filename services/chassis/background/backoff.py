"""Exponential back-off with jitter, and waiting that a stop cuts short."""

import asyncio
import random
from contextlib import suppress


class Backoff:
    """Doubling pauses with jitter, so that many who lost the same server do not come back at one moment.

    Args:
        first, most: seconds.
    """

    def __init__(self, first: float = 0.05, most: float = 5.0) -> None:
        self._first, self._most = first, most
        self._next = first

    def pause(self) -> float:
        """Seconds to wait now: between half and all of the present step."""
        step, self._next = self._next, min(self._next * 2, self._most)
        return step * random.uniform(0.5, 1)

    def reset(self) -> None:
        """It worked."""
        self._next = self._first


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not a moment longer than until `stop` is set."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
