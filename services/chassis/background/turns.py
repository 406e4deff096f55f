"""Fair queues: first come, first served among the requests of one process that lost a race on the same document.

With 200 callers on one document, five tries with jitter leave most of them without an answer; with turns every one
is answered in about two runs, because from its second run on a request races only the other processes.
"""

import asyncio
import time

from services.chassis.domain.errors import Unavailable


class Turn:
    """A place at the head of the queue, kept from read to commit."""

    def __init__(self, turns: "Turns", key: str) -> None:
        self.key = key
        self._turns = turns

    def leave(self) -> None:
        """Let the next one go."""
        self._turns._pass_on(self.key)


class Turns:
    """A queue for each contended document or claim; nothing is kept for those that nobody waits for."""

    def __init__(self) -> None:
        self._queues: dict[str, tuple[asyncio.Lock, int]] = {}

    async def wait(self, key: str, *, until: float) -> Turn:
        """Wait for one's turn.

        Args:
            key: the document or claim that the race was lost on.
            until: when to give up, on `time.monotonic`.

        Raises:
            Unavailable: `busy`, the deadline passed while waiting.
        """
        lock, waiting = self._queues.get(key, (asyncio.Lock(), 0))
        self._queues[key] = lock, waiting + 1
        try:
            async with asyncio.timeout(max(until - time.monotonic(), 0)):
                await lock.acquire()
        except BaseException as error:
            self._forget(key)
            if isinstance(error, TimeoutError):
                raise Unavailable("Too many others change this at the moment.", code="busy") from None
            raise
        return Turn(self, key)

    def _pass_on(self, key: str) -> None:
        self._queues[key][0].release()
        self._forget(key)

    def _forget(self, key: str) -> None:
        lock, waiting = self._queues.pop(key)
        if waiting > 1:
            self._queues[key] = lock, waiting - 1
