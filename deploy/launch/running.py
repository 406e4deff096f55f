"""One run of the zone, from its start to its end."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

from deploy.complaint import Complaint
from deploy.launch.launcher import Launcher
from deploy.launch.supervision import first

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def run(launcher: Launcher, welcome: Callable[[], Awaitable[None]], *, exit_after_ready: bool) -> None:
    """Start the zone, welcome its users, and keep it until a signal says stop; then everything is stopped.

    Args:
        welcome: what to do once all is ready; its failure is the failure of the start.
        exit_after_ready: stop by itself after the welcome.

    Raises:
        Complaint: the start failed, was interrupted, or a process ended too often. Everything has been stopped.
    """
    loop = asyncio.get_running_loop()
    told_to_stop = asyncio.Event()
    ready = asyncio.Event()

    async def greet() -> None:
        await welcome()
        launcher.tell_ready()
        ready.set()
        if not exit_after_ready:
            await asyncio.Event().wait()

    async def live() -> None:
        await launcher.start()
        await first(launcher.watch(), greet())

    listened_to = [number for number in STOP_SIGNALS if signal.getsignal(number) != signal.SIG_IGN]  # as under nohup
    for number in listened_to:
        loop.add_signal_handler(number, told_to_stop.set)
    try:
        await first(told_to_stop.wait(), live())
        if not ready.is_set():
            raise Complaint("The zone was told to stop before it was ready.")
    finally:
        for number in listened_to:
            loop.remove_signal_handler(number)  # a second Ctrl-C does not wait any more
        launcher.stop()
