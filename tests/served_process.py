"""A server as a process of its own, on a Unix socket, and the signal that stops it."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.gateway.wire import RawCaller

PATIENCE = 90.0
"""Seconds for a process to start, or to end."""


class Served:
    """One running server."""

    def __init__(self, process: Process, socket: Path) -> None:
        self._process, self._socket = process, socket

    async def caller(self) -> RawCaller:
        """A connection to it."""
        return RawCaller(*await asyncio.open_unix_connection(str(self._socket)))

    async def says(self, line: str) -> None:
        """Wait until it says this line on standard output."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while (said := await self._process.stdout.readline()).strip() != line.encode():
                assert said, "it ended without a word"

    def stop(self) -> None:
        """SIGTERM."""
        self._process.terminate()

    async def end(self) -> int:
        """Its exit code, when it has ended."""
        return await asyncio.wait_for(self._process.wait(), PATIENCE)


@asynccontextmanager
async def served_process(module: str, socket: Path, *arguments: str) -> AsyncIterator[Served]:
    """`python -m module SOCKET arguments…`, once it takes connections; killed at the end where it still runs."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, str(socket), *arguments, stdout=PIPE)
    served = Served(process, socket)
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                assert process.returncode is None, "it did not start"
                with contextlib.suppress(OSError):
                    (await served.caller()).leave()
                    break
                await asyncio.sleep(0.02)
        yield served
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
