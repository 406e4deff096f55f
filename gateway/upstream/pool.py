"""A bounded connection pool to one upstream: the warmest first out, the longest waiting first served."""

import asyncio
from typing import Generic, Protocol, TypeVar

from gateway.upstream.slots import Slots


class Line(Protocol):
    """A connection as the pool sees it."""

    @property
    def is_reusable(self) -> bool:
        """Open, quiet, and between two exchanges."""

    def drop(self) -> None:
        """Break the connection off, at once."""


L = TypeVar("L", bound=Line)


class Pool(Generic[L]):
    """Slots for exchanges, and the idle connections beside them; both together never exceed the bound.

    LIFO: the connection used last is the least likely to have been closed meanwhile, and what lies at the
    bottom grows old and goes.

    Args:
        limit: exchanges at a time.
        idle_for: seconds after which an idle connection is not used again; shorter than the upstream's own
            keep-alive, so that it is we who close.
    """

    def __init__(self, limit: int, idle_for: float) -> None:
        self.slots = Slots(limit)
        self._idle_for = idle_for
        self._idle: list[tuple[L, float]] = []
        self._loop = asyncio.get_running_loop()

    def pop(self) -> L | None:
        """The connection used last, if one is still good."""
        self._forget_stale()
        while self._idle:
            line, _ = self._idle.pop()
            if line.is_reusable:
                return line
            line.drop()
        return None

    def push(self, line: L) -> None:
        """Keep a connection for the next exchange, or break it off where it cannot serve one."""
        if line.is_reusable:
            self._idle.append((line, self._loop.time()))
            self._forget_stale()
        else:
            line.drop()

    def empty(self) -> list[L]:
        """Take out every idle connection."""
        lines = [line for line, _ in self._idle]
        self._idle.clear()
        return lines

    def _forget_stale(self) -> None:
        oldest = self._loop.time() - self._idle_for
        kept = 0
        for line, since in self._idle:
            if since >= oldest and line.is_reusable:
                break
            line.drop()
            kept += 1
        del self._idle[:kept]
