"""A service for tests of the launcher: answers every GET with 200, has a child of its own, ends at SIGTERM.

Run as `python -m tests.deploy.tiny_service --role all`; told to by `TINY_SERVICE_FAILS=<name of its socket>`, it
complains and ends instead, and with `TINY_SERVICE_LINGERS` it does not end when it is asked to.
"""

import asyncio
import os
import signal
import subprocess
import sys


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    body = b'{"state": "ok"}'
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body))
    await writer.drain()
    writer.close()


async def main() -> None:
    listen = os.environ["ZONE_LISTEN"]
    if os.environ.get("TINY_SERVICE_FAILS", "none") in listen:
        print("the cellar is flooded", flush=True)
        sys.exit(7)
    child = subprocess.Popen(["sleep", "600"])  # noqa: ASYNC220 - it takes no time
    stop = asyncio.Event()
    if "TINY_SERVICE_LINGERS" in os.environ:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    if listen.startswith("unix:"):
        server = await asyncio.start_unix_server(answer, listen.removeprefix("unix:"))
    else:
        host, port = listen.split(":")
        server = await asyncio.start_server(answer, host, int(port))
    async with server:
        print(f"ready, my child is {child.pid}, the broker at {os.environ['ZONE_KAFKA_BOOTSTRAP']}", flush=True)
        await stop.wait()
    print("goodbye", flush=True)
    child.kill()


if __name__ == "__main__":
    asyncio.run(main())
