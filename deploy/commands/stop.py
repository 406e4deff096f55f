"""`./zone stop`"""

import contextlib
import os
import signal
import time

from deploy.complaint import Complaint
from deploy.machine.zone_folder import IN_USE, ZoneFolder
from deploy.terminal import say

LONGEST_S = 180.0


def stop() -> None:
    """Stop the running zone, in the reverse order of its start."""
    folder = ZoneFolder.usual()
    running = folder.running()
    if running is None:
        if folder.is_claimed():
            raise Complaint(f"Nothing was stopped, as {IN_USE}. Try again in a moment.")
        say("the zone is not running")
        return
    with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
        os.kill(running.launcher_pid, signal.SIGTERM)
    deadline = time.monotonic() + LONGEST_S
    while folder.is_claimed():
        if time.monotonic() > deadline:
            raise Complaint(f"The launcher, process {running.launcher_pid}, is still stopping: see ./zone status.")
        time.sleep(0.1)
    say("everything has been stopped")
