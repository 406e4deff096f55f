"""A transport whose owner may see a caller out instead of closing at once."""

import asyncio
from collections.abc import Callable

from services.chassis.http.serving import Together


class Parting(Together):
    """A coalescing transport that asks, before it is closed, whether its owner sees the caller out.

    Args:
        takes_leave: true where the owner closes the connection by itself, later.
    """

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, takes_leave: Callable[[], bool]
    ) -> None:
        super().__init__(transport, loop)
        self._takes_leave = takes_leave

    def close(self) -> None:
        if not self._takes_leave():
            super().close()
