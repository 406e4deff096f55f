"""A bulkhead: so many exchanges at once for each client, so that one of them cannot take every slot of a service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from gateway.upstream.call import TooManyInFlight


@dataclass(slots=True)
class _Share:
    """What one client has: its slots, and how many exchanges hold or await one."""

    slots: asyncio.Semaphore
    users: int = 0


class Shares:
    """A fair semaphore for each client, kept only while it is used.

    Args:
        a_client: exchanges at a time.
    """

    def __init__(self, a_client: int) -> None:
        self._a_client = a_client
        self._shares: dict[str, _Share] = {}

    @asynccontextmanager
    async def of(self, client: str | None, within: float) -> AsyncIterator[None]:
        """Wait for one of the client's slots and hold it; whoever asked first gets it first. None waits for nothing.

        Args:
            within: seconds to wait.

        Raises:
            TooManyInFlight: none became free.
        """
        if client is None:
            yield
            return
        share = self._shares.get(client)
        if share is None:
            share = self._shares[client] = _Share(asyncio.Semaphore(self._a_client))
        share.users += 1
        try:
            await _taken(share.slots, within)
            try:
                yield
            finally:
                share.slots.release()
        finally:
            share.users -= 1
            if not share.users:
                del self._shares[client]


async def _taken(slots: asyncio.Semaphore, within: float) -> None:
    if not slots.locked():
        await slots.acquire()
        return
    try:
        async with asyncio.timeout(within):
            await slots.acquire()
    except TimeoutError:
        raise TooManyInFlight("You have as many requests under way here as you may have.") from None
