"""The moment a caller leaves: told by the connection, and the end of what was done for it."""

import asyncio
from collections.abc import Callable
from types import TracebackType

LEAVING = "zone.leaving"
"""In an ASGI scope: the `Leaving` of its request."""


class CallerLeft(Exception):
    """The connection to the caller is gone; there is nobody to answer."""


class Leaving:
    """Whether a caller has left; at most one listens for it.

    Args:
        watch: sees to it that the connection notices.
    """

    def __init__(self, watch: Callable[[], None]) -> None:
        self._watch = watch
        self._then: Callable[[], object] | None = None
        self._has_left = False

    def tell(self, then: Callable[[], object]) -> None:
        """Call this when it leaves, at once where it has."""
        self._then = then
        self._watch()
        if self._has_left:
            then()

    def forget(self) -> None:
        """Call nobody any more."""
        self._then = None

    def happened(self) -> None:
        """Note that the caller has left, and tell who waits for that."""
        self._has_left = True
        if self._then is not None:
            self._then()


def nobody_leaves() -> Leaving:
    """The caller of a server that does not tell when one leaves."""
    return Leaving(lambda: None)


class WhileThere:
    """A cancel scope tied to the caller: when it leaves, what runs inside is cancelled at once.

    Cancels its own task, as `asyncio.timeout` does, and turns that cancellation into `CallerLeft`.
    """

    def __init__(self, leaving: Leaving) -> None:
        self._leaving = leaving
        self._left = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        self._cancelling = task.cancelling()
        self._leaving.tell(self._leave)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.forget()
        if self._left and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise CallerLeft from error

    def _leave(self) -> None:
        if not self._left:
            self._left = True
            self._task.cancel()
