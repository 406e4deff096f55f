"""A bulkhead: so many exchanges at once for each client, so that one of them cannot take every slot of a service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from gateway.upstream.call import TooManyInFlight
from gateway.upstream.slots import Slots


@dataclass(slots=True)
class _Share:
    """What one client has: its slots, and how many exchanges hold or await one."""

    slots: Slots
    users: int = 0


class Shares:
    """A fair semaphore for each client, kept only while it is used.

    Args:
        a_client: exchanges at a time.
    """

    def __init__(self, a_client: int) -> None:
        self._a_client = a_client
        self._shares: dict[str, _Share] = {}

    def is_free(self, client: str | None) -> bool:
        """Whether the client can have a slot without waiting."""
        share = self._shares.get(client) if client is not None else None
        return share is None or share.slots.is_free

    @asynccontextmanager
    async def of(self, client: str | None, within: float) -> AsyncIterator[None]:
        """Hold one of the client's slots. Raises TooManyInFlight: see `take`."""
        await self.take(client, within)
        try:
            yield
        finally:
            self.give(client)

    async def take(self, client: str | None, within: float) -> None:
        """Wait for one of the client's slots; whoever asked first gets it first. None waits for nothing.

        Args:
            within: seconds to wait.

        Raises:
            TooManyInFlight: none became free.
        """
        if client is None:
            return
        share = self._shares.get(client)
        if share is None:
            share = self._shares[client] = _Share(Slots(self._a_client))
        share.users += 1
        try:
            await _taken(share.slots, within)
        except BaseException:
            self._leave(client, share)
            raise

    def give(self, client: str | None) -> None:
        """Give a slot back that was taken."""
        if client is not None:
            share = self._shares[client]
            share.slots.give()
            self._leave(client, share)

    def _leave(self, client: str, share: _Share) -> None:
        share.users -= 1
        if not share.users:
            del self._shares[client]


async def _taken(slots: Slots, within: float) -> None:
    if slots.is_free:
        await slots.take()
        return
    try:
        async with asyncio.timeout(within):
            await slots.take()
    except TimeoutError:
        raise TooManyInFlight("You have as many requests under way here as you may have.") from None
