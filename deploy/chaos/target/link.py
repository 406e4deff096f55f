"""A TCP proxy that fails on demand: the wire between a process and a server is cut, black-holed or slow."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from deploy.machine.ports import HOST

CHUNK = 65_536


class Link:
    """A TCP port that forwards to a server.

    Args:
        target: the server's port at this moment; it may come back on another.
    """

    def __init__(self, target: Callable[[], int]) -> None:
        self.port = 0
        self._target = target
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_cut = False
        self._flows = asyncio.Event()
        self._delay = 0.0
        self._flows.set()

    async def open(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    @property
    def is_used(self) -> bool:
        """Whether anybody talks over it."""
        return bool(self._open)

    def cut(self) -> None:
        """Reset every connection, and each new one."""
        self._is_cut = True
        for writer in self._open:
            writer.transport.abort()

    def silence(self) -> None:
        """Let nothing through, without a word to either side: a black hole."""
        self._flows.clear()

    def slow_down(self, seconds: float) -> None:
        """Let every piece wait."""
        self._delay = seconds

    def heal(self) -> None:
        """As it should be; what was held back goes on its way."""
        self._is_cut, self._delay = False, 0.0
        self._flows.set()

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None, "a connection has a task of its own"
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._open.add(writer)
        try:
            await self._flows.wait()
            if not self._is_cut:
                await self._join(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # nobody is behind it, or the run is over
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward both ways until one side ends."""
        far_reader, far_writer = await asyncio.open_connection(HOST, self._target())
        self._open.add(far_writer)
        ways = [
            asyncio.create_task(self._forward(reader, far_writer)),
            asyncio.create_task(self._forward(far_reader, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._open.discard(far_writer)
            far_writer.transport.abort()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                if self._delay:
                    await asyncio.sleep(self._delay)
                await self._flows.wait()
                writer.write(data)
                await writer.drain()
