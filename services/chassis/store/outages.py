"""Outages: what the driver says while no server answers, in the words of a refusal."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from pymongo.errors import ConfigurationError, ConnectionFailure, OperationFailure

from services.chassis.domain.errors import LostRace, Unavailable

T = TypeVar("T")

AWAY: Final = (ConnectionFailure, ConfigurationError)
"""No server answered; or one that has only begun to start, and says that it knows no sessions yet."""
SNAPSHOT_UNAVAILABLE: Final = 246
ATTEMPTS, AGAIN_AFTER = 50, 0.01
"""Of a read from a snapshot, and seconds between two of them."""


@contextmanager
def away() -> Iterator[None]:
    """Says 503 where the driver says that no server answered; everything else rises as it is."""
    try:
        yield
    except AWAY as error:
        raise store_away() from error


def store_away() -> Unavailable:
    """The refusal while no server of the database answers."""
    return Unavailable("The store cannot be reached at the moment.", code="store_away")


async def from_a_snapshot(read: Callable[[], Awaitable[T]]) -> T:
    """A read of one moment; again while its collection is so new that no snapshot shows it yet.

    Raises:
        Unavailable: no server answered.
        LostRace: the collection was still too new after `ATTEMPTS`.
    """
    with away():
        for _ in range(ATTEMPTS):
            try:
                return await read()
            except OperationFailure as error:
                if error.code != SNAPSHOT_UNAVAILABLE:
                    raise
            await asyncio.sleep(AGAIN_AFTER)
    raise LostRace("store")
