"""Supervision of a running zone: a process that ends is started again with back-off, until it ends too often."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final

from deploy.complaint import Complaint
from deploy.machine.server import Server
from services.chassis.background.backoff import Backoff

WATCH_EVERY_S: Final = 0.2
RESTARTS: Final = 5
WITHIN_S: Final = 60.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0


class Restarts:
    """How soon one process may be started again: five times in any minute, after longer and longer pauses.

    Args:
        clock: seconds that only ever grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: deque[float] = deque(maxlen=RESTARTS)
        self._backoff = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S)

    def pause(self) -> float | None:
        """Seconds to wait before it is started once more; None where that was often enough."""
        now = self._clock()
        recent = [at for at in self._times if now - at < WITHIN_S]
        if len(recent) == RESTARTS:
            return None
        if not recent:
            self._backoff.reset()
        self._times.append(now)
        return self._backoff.pause()


async def keep(
    server: Server,
    *,
    say: Callable[[str], None],
    warn: Callable[[str], None],
    began_again: Callable[[Server], None],
    restart_asked: Callable[[Server], bool] = lambda server: False,
) -> None:
    """Start a process again whenever it has ended.

    Args:
        say: told each new beginning.
        warn: told each end.
        began_again: what else is to be done once it is ready.
        restart_asked: whether it ended because a person wants it started again; that is at once, and no failure.

    Raises:
        Complaint: it ended by itself more than `RESTARTS` times within `WITHIN_S` seconds.
    """
    restarts = Restarts()
    while True:
        while server.process.running:
            await asyncio.sleep(WATCH_EVERY_S)
        if restart_asked(server):
            say(f"{server.name} was told to restart")
            why = await _failure_of_start(server)
        else:
            why = server.why_it_ended("while the zone was running")
        while why is not None:
            pause = restarts.pause()
            if pause is None:
                sentence = f"The zone was stopped, as {server.name} ended {RESTARTS + 1} times within a minute: {why}"
                raise Complaint(sentence, details=server.last_words())
            warn(f"{why} It is started again.")
            await asyncio.sleep(pause)
            why = await _failure_of_start(server)
        say(f"{server.name} is ready again")
        began_again(server)


async def _failure_of_start(server: Server) -> str | None:
    """Start it. What kept it from becoming ready, in a sentence; None where it is."""
    try:
        await server.start()
    except Complaint as failed:
        return failed.sentence
    return None


async def first(*things: Coroutine[Any, Any, object]) -> None:
    """Do things side by side until the first is done or has failed; the others are cancelled, a failure is raised."""
    tasks = [asyncio.ensure_future(thing) for thing in things]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
