"""The circuit breaker of a consumer: a bug must not park the world."""

from collections import deque

WINDOW, AT_MOST, IN_A_ROW = 1_000, 50, 20


class Breaker:
    """Opens when more than 5 % of the last 1,000 events, or 20 in a row, were parked for a reason of their own.

    Events that merely wait behind another do not count, and a second delivery says nothing either. Once open it
    stays open: a person looks, mends, and starts the worker again.
    """

    def __init__(self) -> None:
        self._last: deque[bool] = deque(maxlen=WINDOW)
        self._parked = self._in_a_row = 0

    def handled(self) -> None:
        self._count(False)

    def parked(self) -> None:
        self._count(True)

    def _count(self, parked: bool) -> None:
        if len(self._last) == WINDOW:
            self._parked -= self._last[0]
        self._last.append(parked)
        self._parked += parked
        self._in_a_row = self._in_a_row + 1 if parked else 0

    @property
    def is_open(self) -> bool:
        return self._in_a_row >= IN_A_ROW or self._parked > AT_MOST

    def copy(self) -> "Breaker":
        """A breaker in the same state, for a batch that may still come to nothing."""
        other = Breaker()
        other._last = self._last.copy()
        other._parked, other._in_a_row = self._parked, self._in_a_row
        return other
