"""A buffered log handler: lines in the order in which they were said; those that may wait are written together."""

import asyncio
import logging
from typing import TextIO

TOGETHER = 0.02
"""Seconds that a line may wait, as long as the event loop is not held up; what a kill -9 can lose."""


class Lines(logging.StreamHandler[TextIO]):
    """Writes each record at once, behind whatever waits; what is held waits `TOGETHER` at most, or until the exit.

    The exit of a process flushes every handler (`logging.shutdown`).
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._held: list[bytes] = []

    def hold(self, line: bytes) -> None:
        """Write a line, with its end, a little later. Only inside an event loop."""
        self.acquire()
        self._held.append(line)
        is_first = len(self._held) == 1
        self.release()
        if is_first:
            asyncio.get_running_loop().call_later(TOGETHER, self.flush)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._write_held()
        except Exception:
            self.handleError(record)
        super().emit(record)

    def flush(self) -> None:
        self._write_held()
        super().flush()

    def _write_held(self) -> None:
        self.acquire()
        try:
            held, self._held = self._held, []
            if held:
                self.stream.write(b"".join(held).decode())
        finally:
            self.release()
