"""The time by which a load goes, and how it waits for what time alone brings."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from deploy.korla.base.hand import ABOUT, Json
from deploy.public_api import UnexpectedAnswer
from services.chassis.domain.times import utc_now

SEEN_WITHIN: Final = timedelta(seconds=60)
"""Within this a clock of the incubator has done what a moment brings; the one that is waited for runs each 15 s."""
LOOK_AGAIN: Final = 0.5


def too_late(refused: UnexpectedAnswer, code: str) -> None:
    """Raises what was refused, unless it was with this code: a machine that is busy misses a moment."""
    if code not in refused.codes:
        raise refused


class Time(NamedTuple):
    """A clock, and how seconds of it pass."""

    now: Callable[[], datetime] = utc_now
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def until(self, moment: datetime) -> None:
        """Wait for a moment."""
        while (left := (moment - self.now()).total_seconds()) > 0:
            await self.pause(left)

    async def seen(self, look: Callable[[], Awaitable[Json]], done: Callable[[Json], bool], what: str) -> Json:
        """What is seen once it is as it is waited for. Raises UnexpectedAnswer, which says what was not so in time."""
        latest = self.now() + SEEN_WITHIN
        while not done(found := await look()):
            if self.now() > latest:
                raise UnexpectedAnswer(f"{ABOUT}: {what} within {SEEN_WITHIN.seconds} s; see ./zone logs incubator.")
            await self.pause(LOOK_AGAIN)
        return found
