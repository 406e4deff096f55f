"""The client of a measurement: kept HTTP connections that cost next to nothing themselves."""

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

from deploy.bench.contest import Clock, Took
from deploy.bench.write import repeated
from deploy.launch.service_process import UNIX


class Wire:
    """One kept connection that asks and waits for the answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, address: str) -> "Wire":
        """To `unix:/path.sock` or `http://host:port`."""
        if address.startswith(UNIX):
            return cls(*await asyncio.open_unix_connection(address.removeprefix(UNIX)))
        url = urlsplit(address)
        return cls(*await asyncio.open_connection(url.hostname, url.port))

    async def ask(self, request: bytes) -> int:
        """The status of the answer to a whole request, once all of it has come; it must say its length."""
        self._writer.write(request)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = answer.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
        await self._reader.readexactly(int(length))
        return int(answer.split(b" ", 2)[1])

    def close(self) -> None:
        self._writer.close()


async def asked(
    address: str, request: Callable[[], bytes], connections: int, seconds: float, clock: Clock, *, status: int = 200
) -> Took:
    """Answers on so many connections, each of which always waits for one.

    Args:
        request: makes the next one, head and body.
        clock: of the processes that are measured.
        status: that every answer must have.

    Raises:
        RuntimeError: one had another.
    """
    wires = [await Wire.to(address) for _ in range(connections)]
    free = list(wires)

    async def ask(_: int) -> None:
        wire = free.pop()
        answered = await wire.ask(request())
        if answered != status:
            raise RuntimeError(f"a request was answered {answered}")
        free.append(wire)

    try:
        return await repeated(ask, connections, clock, seconds)
    finally:
        for wire in wires:
            wire.close()


def head(first_line: str, **fields: str) -> bytes:
    """The head of a request, open for more fields; `fields` are header fields with `_` for `-`."""
    lines = [f"{first_line} HTTP/1.1", "Host: bench"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "".join(f"{line}\r\n" for line in lines).encode()
