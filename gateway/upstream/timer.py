"""The deadlines of one call, kept by one timer."""

import asyncio
import math

from gateway.upstream.call import Deadlines, HeadDeadline, NoSlot, TotalDeadline
from services.chassis.domain.errors import ZoneError

TOO_LONG = "The service took too long, or has too much to do."


class CallTimer:
    """The one timer behind all deadlines of an exchange, set anew at each stage.

    Args:
        started: by the event loop's clock; by default now.
    """

    def __init__(self, deadlines: Deadlines, started: float | None = None) -> None:
        self.deadlines = deadlines
        self._now = asyncio.get_running_loop().time
        self._ends = math.inf
        if deadlines.total is not None:
            self._ends = (self._now() if started is None else started) + deadlines.total
        self._error: type[ZoneError] = TotalDeadline
        self.scope = asyncio.timeout(None)

    def allow(self, seconds: float, error: type[ZoneError]) -> None:
        """From now on so many seconds, and never past the end of the whole."""
        when = self._now() + seconds
        self._set(when, error) if when < self._ends else self._set(self._ends, TotalDeadline)

    def allow_head(self, since: float | None) -> None:
        """From now on, or since some time before, the time that the head of an answer may take."""
        waited = 0.0 if since is None else self._now() - since
        self.allow(self.deadlines.head - waited, HeadDeadline)

    def allow_the_rest(self) -> None:
        """From now on until the end of the whole."""
        self._set(self._ends, TotalDeadline)

    def stop(self) -> None:
        """End the exchange now, wherever it stands."""
        self._set(self._now(), NoSlot)

    @property
    def left(self) -> int | None:
        """Milliseconds until the end of the whole."""
        return None if self._ends == math.inf else max(0, int((self._ends - self._now()) * 1000))

    def verdict(self) -> ZoneError:
        """Which deadline it was."""
        return self._error(TOO_LONG)

    def _set(self, when: float, error: type[ZoneError]) -> None:
        if not self.scope.expired():
            self._error = error
            self.scope.reschedule(None if when == math.inf else when)
