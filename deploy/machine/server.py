"""A server process with a readiness probe: others can only use it once it is ready."""

import asyncio
import signal
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from deploy.complaint import Complaint
from deploy.machine.disk import fullness
from deploy.machine.processes import Process
from services.chassis.http import client as http_client

PAUSE_S = 0.05
MANY_LINES = 200


def stop_together(servers: "Sequence[Server]", *, at_most_s: float | None = None) -> None:
    """Let several finish what they do, side by side, and end what does not within its time.

    Args:
        at_most_s: seconds for each; by default as long as each may take.
    """
    for server in servers:
        server.process.signal(signal.SIGTERM)
    asked = time.monotonic()
    for server in servers:
        patience = server.stop_patience_s if at_most_s is None else min(server.stop_patience_s, at_most_s)
        server.process.wait(max(asked + patience - time.monotonic(), 0))
        server.kill()  # and whatever is left of its group
        server.has_stopped()


class Server(ABC):
    """One process that serves: a database, a broker, a service. For `async with`, or started and stopped by hand.

    It may be killed and started again: what it needs for that is kept in its folder.
    """

    patience_s = stop_patience_s = 60.0
    """How long a start and a stop may take."""

    def __init__(self, process: Process) -> None:
        self.process = process

    @property
    def name(self) -> str:
        return self.process.name

    @property
    @abstractmethod
    def address(self) -> str:
        """Where clients reach it."""

    @abstractmethod
    async def is_ready(self) -> bool:
        """Whether it can be used now; asked again and again while it starts."""

    def prepare(self) -> None:  # noqa: B027 - most need nothing
        """What has to be there before the process starts; may take its time. Raises Complaint."""

    def explain(self, lines: str) -> str | None:
        """What the last lines of one that ended mean to a person; None where only they themselves can tell."""
        return None

    def last_words(self) -> str:
        """What it logged last, as a person wants to see it."""
        return self.process.last_lines()

    def why_it_ended(self, when: str) -> str:
        """A sentence about a process that ended by itself."""
        meaning = fullness(self.process.log.parent) or self.explain(self.process.last_lines(MANY_LINES))
        return meaning or f"{self.name} {self.process.ended()} {when}."

    async def start(self) -> None:
        """Start it and wait until it is ready.

        Raises:
            Complaint: the process ended before it was ready, or took too long. Nothing of it is left.
        """
        await asyncio.to_thread(self.prepare)
        self.process.start()
        try:
            await self._wait()
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """Let it finish what it does, and end it."""
        stop_together([self])

    def has_stopped(self) -> None:  # noqa: B027 - as above
        """What is to be done after a stop."""

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def _wait(self) -> None:
        deadline = time.monotonic() + self.patience_s
        while not await self.is_ready():
            if not self.process.running:
                raise Complaint(self.why_it_ended("before it was ready"), details=self.last_words())
            if time.monotonic() > deadline:
                late = f"{self.name} was not ready after {self.patience_s:.0f} seconds."
                raise Complaint(late, details=self.last_words())
            await asyncio.sleep(PAUSE_S)


class HttpServer(Server):
    """A server of the zone's own, which says by HTTP whether it can be used."""

    async def is_ready(self) -> bool:
        """Whether `GET /readyz` answers 200."""
        answer = await http_client.answer(self.address, "/readyz")
        return answer is not None and answer[0] == 200
