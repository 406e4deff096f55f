"""A process of the zone: started on a leash, in a group of its own, its output in a file of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from deploy.problem import Problem
from deploy.watchman import Watchman

LEASH = Path(__file__).with_name("leash.py")
KEPT_LOGS = 3
TAIL_BYTES = 131_072


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
        self._group_is_gone = False
        self.watchman: Watchman | None = None

    @property
    def pid(self) -> int:
        """Its process id, also its group and session. Raises RuntimeError before the start."""
        if self._popen is None:
            raise RuntimeError(f"{self.name} has not been started")
        return self._popen.pid

    @property
    def running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    @property
    def exit_code(self) -> int | None:
        """As in `subprocess`: negative for a signal; None while it runs and before the start."""
        return None if self._popen is None else self._popen.poll()

    def start(self) -> None:
        """Start it, or start it again. Raises Problem where even that fails."""
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
            raise Problem(f"{self.name} cannot be started: {error}.") from error
        self._group_is_gone = False
        if self.watchman:
            self.watchman.watch(self._popen.pid)

    def stop(self, timeout: float = 25.0) -> None:
        """SIGTERM, `timeout` seconds to finish, then SIGKILL for whatever is left of its group."""
        if self._popen is None:
            return
        self.signal(signal.SIGTERM)
        self.wait(timeout)
        self.kill()

    def kill(self) -> None:
        """SIGKILL for it and its children; returns when it is gone."""
        if self._popen is None or self._group_is_gone:
            return
        with suppress(ProcessLookupError):  # nobody of the group is left
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()
        self._group_is_gone = True
        if self.watchman:
            self.watchman.forget(self._popen.pid)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process alone, where it still runs."""
        if self._popen is not None:
            self._popen.send_signal(number)

    def wait(self, timeout: float) -> bool:
        """Wait for its end; whether it came within `timeout` seconds."""
        if self._popen is not None:
            try:
                self._popen.wait(timeout)
            except subprocess.TimeoutExpired:
                return False
        return True

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
