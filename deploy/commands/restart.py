"""`./zone restart`"""

import contextlib
import os
import signal
import time
from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.machine.server import Server
from deploy.machine.zone_folder import RunningNote, ServerNote, ZoneFolder
from deploy.terminal import say

READY_WITHIN_S = 120.0
"""A start that fails is tried again by the launcher, after growing pauses."""
PAUSE_S = 0.05


def restart(
    names: Annotated[list[str], typer.Argument(help="registry, incubator, metrics, gateway, mongod, kafka.")],
) -> None:
    """Restart parts of the running zone, one after the other, each once the one before is ready again.

    A service finishes what it does, and runs the code that is there now; its variables are those of ./zone up.
    """
    folder = ZoneFolder.usual()
    there = {server.name for server in _running(folder).servers}
    if unknown := [name for name in names if name not in there]:
        raise Complaint(f"The zone has no {', '.join(unknown)}; it has {', '.join(sorted(there))}.")
    for name in names:
        _restart(folder, name)


def _restart(folder: ZoneFolder, name: str) -> None:
    before = _server(_running(folder), name)
    if before.pid is None:
        raise Complaint(f"{name} is being started: see ./zone status.")
    asked = time.monotonic()
    folder.ask_for_restart(before)
    try:
        os.kill(before.pid, signal.SIGTERM)
    except ProcessLookupError:
        raise Complaint(f"{name} has ended by itself and is started again: see ./zone status.") from None
    while (now := _server(_running(folder), name)).pid == before.pid:
        waited = time.monotonic() - asked
        if waited > READY_WITHIN_S:
            raise Complaint(f"{name} is not ready again after {waited:.0f} s: see ./zone logs launcher {name}.")
        if waited > Server.stop_patience_s and folder.restart_wanted(before):
            _kill(before.pid)
        time.sleep(PAUSE_S)
    say(f"{name} is ready again after {time.monotonic() - asked:.1f} s, process {before.pid} → {now.pid}")


def _running(folder: ZoneFolder) -> RunningNote:
    running = folder.running()
    if running is not None:
        return running
    why = folder.stopped()
    raise Complaint(f"The zone is not running. {why.why}" if why else "The zone is not running: ./zone up starts it.")


def _server(running: RunningNote, name: str) -> ServerNote:
    found = running.server(name)
    assert found is not None, "a zone keeps the parts that it has begun with"
    return found


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
