"""The deadlines of one call, kept by one timer."""

import asyncio
import math

from gateway.upstream.call import Deadlines, NoSlot, TotalDeadline
from services.chassis.domain.errors import ZoneError


class CallTimer:
    """The one timer behind all deadlines of an exchange, set anew at each stage."""

    def __init__(self, deadlines: Deadlines) -> None:
        self.deadlines = deadlines
        self._now = asyncio.get_running_loop().time
        self._ends = math.inf if deadlines.total is None else self._now() + deadlines.total
        self._error: type[ZoneError] = TotalDeadline
        self.scope = asyncio.timeout(None)

    def allow(self, seconds: float, error: type[ZoneError]) -> None:
        """From now on so many seconds, and never past the end of the whole."""
        when = self._now() + seconds
        self._set(when, error) if when < self._ends else self._set(self._ends, TotalDeadline)

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
        return self._error("The service took too long, or has too much to do.")

    def _set(self, when: float, error: type[ZoneError]) -> None:
        if not self.scope.expired():
            self._error = error
            self.scope.reschedule(None if when == math.inf else when)
