"""One run of the zone, from its start to its end, and why it ended."""

import asyncio
import os
import signal
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from deploy.complaint import Complaint
from deploy.launch.launcher import Launcher
from deploy.launch.supervision import first
from deploy.machine.zone_folder import StopNote

STOP_SIGNALS = {
    signal.SIGINT: "It was stopped by Ctrl-C (SIGINT).",
    signal.SIGTERM: "It was told to stop (SIGTERM), as ./zone stop does.",
    signal.SIGHUP: "Its terminal was closed (SIGHUP); ./zone up --detach needs none.",
}
"""What ends a run, and what is said of it."""
AS_TOLD = "It was started with --exit-after-ready."


async def run(launcher: Launcher, welcome: Callable[[], Awaitable[None]], *, exit_after_ready: bool) -> None:
    """Start the zone, welcome its users, and keep it until a signal says stop; then everything is stopped.

    Why it ended is left in its folder for `./zone status`.

    Args:
        welcome: what to do once all is ready; its failure is the failure of the start.
        exit_after_ready: stop by itself after the welcome.

    Raises:
        Complaint: the start failed, was interrupted, or a process ended too often. Everything has been stopped.
    """
    loop = asyncio.get_running_loop()
    told_to_stop, told_by = asyncio.Event(), list[signal.Signals]()
    ready = asyncio.Event()

    async def greet() -> None:
        await welcome()
        launcher.tell_ready()
        ready.set()
        if not exit_after_ready:
            await asyncio.Event().wait()

    def stop(number: signal.Signals) -> None:
        told_by.append(number)
        told_to_stop.set()

    async def live() -> None:
        await launcher.start()
        await first(launcher.watch(), greet())

    listened_to = [number for number in STOP_SIGNALS if signal.getsignal(number) != signal.SIG_IGN]  # as under nohup
    for number in listened_to:
        loop.add_signal_handler(number, stop, number)
    try:
        await first(told_to_stop.wait(), live())
        if not ready.is_set():
            raise Complaint("The zone was told to stop before it was ready.")
        _note_end(launcher, STOP_SIGNALS[told_by[0]] if told_by else AS_TOLD)
    except Complaint as complaint:
        _note_end(launcher, complaint.sentence, complaint.details)
        raise
    except Exception as error:
        _note_end(launcher, f"The launcher failed: {type(error).__name__}: {error}", traceback.format_exc())
        raise
    finally:
        for number in listened_to:
            loop.remove_signal_handler(number)  # a second Ctrl-C does not wait any more
        launcher.stop()


def _note_end(launcher: Launcher, why: str, details: str = "") -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    launcher.folder.tell_stop(StopNote(os.getpid(), now, why, details))
