"""The data folder of a zone: `.zone/` in the repository, or the folder that ZONE_FOLDER names."""

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Self, TypeVar

from deploy.complaint import Complaint
from deploy.machine.kafka_jars import KafkaJars
from deploy.machine.restored_data import RestoredData

N = TypeVar("N")

ROOT = Path(__file__).resolve().parents[2]
IN_USE = "the zone's folder is in use: a start has just begun, or a restore is under way"
"""What is to be said where somebody holds the folder and has told of nothing that runs."""
OWNER_ALONE = 0o700
"""Sockets, keys, logs and the database's files: whoever may enter the folder would reach past the gateway."""


@dataclass(frozen=True)
class ServerNote:
    """One process of the running zone."""

    name: str
    pid: int | None
    address: str

    @property
    def answers_http(self) -> bool:
        """Whether it has pages of its own, as services and gateway have and database and broker have not."""
        return self.address.startswith(("http:", "unix:"))


@dataclass(frozen=True)
class RunningNote:
    """The run file (a PID file and more): what the launcher tells other commands about the zone that it runs."""

    launcher_pid: int
    url: str
    started_at: str
    ready: bool
    servers: list[ServerNote]

    @classmethod
    def read(cls, text: str) -> Self:
        """A note as the launcher wrote it."""
        fields: dict[str, Any] = json.loads(text)
        return cls(**{**fields, "servers": [ServerNote(**server) for server in fields["servers"]]})

    def server(self, name: str) -> ServerNote | None:
        """The process of this name; None where there is none, or not yet."""
        return next((server for server in self.servers if server.name == name), None)

    def address_of(self, name: str) -> str | None:
        """Where that process is; None as above."""
        found = self.server(name)
        return found.address if found else None


@dataclass(frozen=True)
class StopNote:
    """Why a zone does not run any more, in a sentence; `details` are the last lines of the part that it was for."""

    launcher_pid: int
    stopped_at: str
    why: str
    details: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """A note as the launcher wrote it."""
        return cls(**json.loads(text))


class ZoneFolder:
    """The folder of one zone, and who runs it.

    The launcher holds a lock on it for as long as it lives. The system takes the lock back however it dies, so a
    note that an earlier launcher left behind, or its process id in other hands, fools nobody.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mongo = path / "mongo"
        self.kafka = path / "kafka"
        self.logs = path / "logs"
        self.run = path / "run"
        self.secrets = path / "secrets.env"
        self.secret_files = path / "secrets"
        self.openapi = path / "openapi.json"
        self.operator_key = path / "operator.key"
        self.loaded = path / "opening-figures"
        self.jars = KafkaJars(ROOT / ".zone" / "kafka" / "lib")
        self.restored = RestoredData(
            path, mongo=self.mongo, log=self.kafka / "data", loaded=self.loaded, operator_key=self.operator_key
        )
        self._lock = path / "running.lock"
        self._note = path / "run" / "running.json"
        self._stop_note = path / "run" / "stopped.json"

    @classmethod
    def usual(cls) -> Self:
        """The zone of this repository, or the one that ZONE_FOLDER names."""
        return cls(Path(os.environ.get("ZONE_FOLDER") or ROOT / ".zone").absolute())

    @property
    def has_data(self) -> bool:
        """Whether a zone has written anything down here."""
        return any(path.is_dir() and any(path.iterdir()) for path in (self.mongo, self.kafka / "data"))

    def make(self) -> None:
        """Make what is not there of it. Raises Complaint."""
        try:
            self.path.mkdir(mode=OWNER_ALONE, parents=True, exist_ok=True)
            self.path.chmod(OWNER_ALONE)  # it may have been made by others, such as whoever fetched the environment
            self.run.mkdir(exist_ok=True)
            self.logs.mkdir(exist_ok=True)
            self._lock.touch()
        except OSError as error:
            raise Complaint(f"The zone's folder {self.path} cannot be used: {error.strerror}.") from error

    @contextlib.contextmanager
    def claimed(self) -> Iterator[bool]:
        """Hold the folder as its only launcher; False where another one does. Raises Complaint: see `make`."""
        self.make()
        with self._lock.open("a") as lock:
            if not _take(lock):
                yield False
                return
            self._note.unlink(missing_ok=True)
            self.restored.go_on()
            try:
                yield True
            finally:
                self._note.unlink(missing_ok=True)

    def is_claimed(self) -> bool:
        """Whether a launcher lives."""
        try:
            with self._lock.open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def running(self) -> RunningNote | None:
        """What runs; None where nothing does, or a launcher is about to say."""
        if not self.is_claimed():
            return None
        return _note_in(self._note, RunningNote.read)

    def tell(self, note: RunningNote) -> None:
        """Let other commands know what runs."""
        _write(self._note, note)

    def tell_stop(self, note: StopNote) -> None:
        """Let whoever looks later know why nothing runs."""
        _write(self._stop_note, note)

    def stopped(self) -> StopNote | None:
        """Why nothing runs any more, also where a launcher could not say so; None where none ever ran, or one does."""
        if self.is_claimed():
            return None
        told, last = _note_in(self._stop_note, StopNote.read), _note_in(self._note, RunningNote.read)
        if last is None:  # its launcher came to its end
            return told
        if told is not None and told.launcher_pid == last.launcher_pid and told.stopped_at >= last.started_at:
            return told
        return StopNote(last.launcher_pid, "", f"Its launcher, process {last.launcher_pid}, which ran since "
            f"{last.started_at}, ended without a word: it was killed, or the machine went down.")  # fmt: skip

    def ask_for_restart(self, server: ServerNote) -> None:
        """Let the launcher know that this process ends because it is to be started again."""
        (self.run / f"{server.name}.restart").write_text(str(server.pid))

    def restart_wanted(self, server: ServerNote) -> bool:
        """Whether the launcher has not seen yet that it ended."""
        return (self.run / f"{server.name}.restart").exists()

    def restart_asked(self, server: ServerNote) -> bool:
        """Whether a process ended for that; asked once."""
        mark = self.run / f"{server.name}.restart"
        asked = mark.exists() and mark.read_text() == str(server.pid)
        mark.unlink(missing_ok=True)
        return asked

    def keep_picture(self, picture: str, name: str, file: Path | None) -> Path:
        """Write a picture where it is wanted, by default into this folder; where it is. Raises Complaint."""
        place = file or self.path / f"{name}.svg"
        try:
            if file is None:
                self.path.mkdir(mode=OWNER_ALONE, parents=True, exist_ok=True)
            place.write_text(picture)
        except OSError as error:
            raise Complaint(f"The picture {place} cannot be written: {error.strerror}.") from error
        return place

    def forget_data(self) -> None:
        """Remove what the zone has written down; jars, secrets and logs stay."""
        for path in (self.mongo, self.kafka / "data"):
            shutil.rmtree(path, ignore_errors=True)
        self.restored.forget()
        for path in (self.operator_key, self.loaded):
            path.unlink(missing_ok=True)


def _note_in(file: Path, read: Callable[[str], N]) -> N | None:
    """A note; None where there is none, or where the machine went down while it was written."""
    try:
        return read(file.read_text())
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def _write(file: Path, note: RunningNote | StopNote) -> None:
    """All of it or nothing, for whoever reads it meanwhile."""
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(note), indent=2))
    draft.replace(file)


def _take(lock: IO[str]) -> bool:
    """Take the lock for good; whoever only asks whether it is taken holds it for a moment, so one no is not enough."""
    for _ in range(10):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return True
    return False
