"""A process of the zone: started on a leash, in a group of its own, its output in a file of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from deploy.complaint import Complaint
from deploy.machine.watchman import Watchman

LEASH = Path(__file__).with_name("leash.py")
KEPT_LOGS = 3
TAIL_BYTES = 131_072
PAUSE_S = 0.01


class Process:
    """One child process, not yet started.

    It leads a session and a process group of its own: a Ctrl-C on the terminal reaches the launcher alone,
    which decides the order; a kill reaches its own children too. It writes straight into its log file, so no
    pipe can fill up and nobody needs to read along.

    Args:
        name: what people call it.
        command: program and arguments.
        log: the file that takes what it prints; the files of the last starts are kept as `.1`, `.2`, ….
        environment: variables in addition to those of this process.
        folder: where it runs; by default where this process does.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.log = log
        self._environment = dict(environment or {})
        self._folder = folder
        self._popen: subprocess.Popen[bytes] | None = None
        self.watchman: Watchman | None = None

    @property
    def pid(self) -> int:
        """Its process id, also its group and session. Raises RuntimeError before the start."""
        if self._popen is None:
            raise RuntimeError(f"{self.name} has not been started")
        return self._popen.pid

    @property
    def running(self) -> bool:
        return self._popen is not None and self.exit_code is None

    @property
    def exit_code(self) -> int | None:
        """As in `subprocess`: negative for a signal; None while it runs and before the start."""
        if self._popen is None:
            return None
        if self._popen.returncode is None and has_ended(self._popen):
            self._bury(self._popen)
        return self._popen.returncode

    def tell(self, environment: Mapping[str, str]) -> None:
        """Variables for its next start, in addition to those that it has."""
        self._environment |= environment

    def start(self) -> None:
        """Start it, or start it again. Raises Complaint where even that fails."""
        if self.running:
            raise RuntimeError(f"{self.name} is running already")
        try:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            rotate(self.log)
            with self.log.open("wb") as output:
                self._popen = subprocess.Popen(
                    on_leash(self.command),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, **self._environment},
                    cwd=self._folder,
                    start_new_session=True,
                )
        except OSError as error:
            raise Complaint(f"{self.name} cannot be started: {error}.") from error
        if self.watchman:
            self.watchman.watch(self._popen.pid)

    def stop(self, timeout: float = 60.0) -> None:
        """SIGTERM, `timeout` seconds to finish, then SIGKILL for whatever is left of its group."""
        if self._popen is None:
            return
        self.signal(signal.SIGTERM)
        self.wait(timeout)
        self.kill()

    def kill(self) -> None:
        """SIGKILL for it and its children; returns when it is gone."""
        if self._popen is not None and self._popen.returncode is None:
            self._bury(self._popen)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process alone, where it still runs."""
        if self.running:
            os.kill(self.pid, number)

    def wait(self, timeout: float) -> bool:
        """Wait for its end; whether it came within `timeout` seconds."""
        give_up = time.monotonic() + timeout
        while self.running:
            if time.monotonic() > give_up:
                return False
            time.sleep(PAUSE_S)
        return True

    def _bury(self, popen: subprocess.Popen[bytes]) -> None:
        """End what is left of its group, then take its exit code.

        In this order: once the code is taken, the system may give its number to somebody else's process.
        """
        with suppress(ProcessLookupError, PermissionError):  # nobody of the group is left, or only the dead one
            os.killpg(popen.pid, signal.SIGKILL)
        popen.wait()
        if self.watchman:
            self.watchman.forget(popen.pid)

    def last_lines(self, count: int = 20) -> str:
        """The last lines of its log."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - TAIL_BYTES))
                lines = log.read().decode(errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join(lines[-count:])

    def ended(self) -> str:
        """How it ended, in words."""
        code = self.exit_code
        if code is None:
            return "is still running"
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def has_ended(popen: subprocess.Popen[bytes]) -> bool:
    """Whether it has, without taking its exit code, so that its number is still its own."""
    if hasattr(os, "waitid"):
        return os.waitid(os.P_PID, popen.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    return popen.poll() is not None  # macOS before Python 3.13: what it has left behind is left alone


def on_leash(command: Sequence[str]) -> list[str]:
    """A command that dies with this process, or with the thread that starts it."""
    return [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *command]


def rotate(log: Path) -> None:
    """Keep the log of the last start as `.1`, the one before as `.2`, …."""
    for age in range(KEPT_LOGS, 0, -1):
        older = log.with_name(f"{log.name}.{age}")
        newer = log.with_name(f"{log.name}.{age - 1}") if age > 1 else log
        if newer.exists():
            newer.replace(older)
