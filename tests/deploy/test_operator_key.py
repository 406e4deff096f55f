"""What a start makes of the operator's key that it finds, or does not find."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from deploy import operator_key
from deploy.__main__ import command_line
from deploy.complaint import Complaint
from deploy.machine.zone_folder import RunningNote, ServerNote, ZoneFolder
from deploy.operator_key import LOG, opens, renew_key, usable_access
from deploy.public_api import Access, UnexpectedAnswer
from services.chassis.domain.errors import Unavailable

URL, MONGO = "http://127.0.0.1:8000", "mongodb://127.0.0.1:27117/?replicaSet=zone"
GOOD = "zk_live_good"
OFFICE = {"data": [{"id": "par_office"}], "next_cursor": None}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ZoneFolder:
    monkeypatch.setenv("ZONE_FOLDER", str(tmp_path))
    return ZoneFolder(tmp_path)


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A zone that one key opens."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers["Authorization"] == f"Bearer {GOOD}":
            return httpx.Response(200, json=OFFICE)
        return httpx.Response(401, json={"code": "unauthenticated", "detail": "No."})

    monkeypatch.setattr(operator_key, "connect", connected(answer))


def connected(answer: Callable[[httpx.Request], httpx.Response]) -> Callable[[str, str], httpx.AsyncClient]:
    def connect(url: str, key: str) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.AsyncClient(base_url=url, headers=headers, transport=httpx.MockTransport(answer))

    return connect


def runs(folder: ZoneFolder) -> None:
    folder.tell(RunningNote(os.getpid(), URL, "now", True, [ServerNote("mongod", 1, MONGO)]))


async def test_a_key_that_is_there_and_good_is_used(folder: ZoneFolder) -> None:
    with folder.claimed():
        runs(folder)
        folder.operator_key.write_text(f"{GOOD}\n")
        assert await usable_access(folder, MONGO) == Access(URL, GOOD)


@pytest.mark.parametrize("left", [None, "", "\n"])
async def test_where_its_file_is_gone_or_empty_a_key_is_made(
    folder: ZoneFolder, left: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def renewed(folder: ZoneFolder, mongo_url: str, *, reason: str) -> Path:
        assert (mongo_url, reason) == (MONGO, "file_gone")
        folder.operator_key.write_text(f"{GOOD}\n")
        return folder.operator_key

    monkeypatch.setattr(operator_key, "renew_key", renewed)
    with folder.claimed():
        runs(folder)
        if left is not None:
            folder.operator_key.write_text(left)
        assert await usable_access(folder, MONGO) == Access(URL, GOOD)
    assert "there is a new one" in capsys.readouterr().err


@pytest.mark.parametrize("key", ["zk_live_of_another_zone\n", "no key at all", "键"])
async def test_one_that_does_not_open_the_zone_is_left_alone_and_what_to_do_is_said(
    folder: ZoneFolder, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with folder.claimed():
        runs(folder)
        folder.operator_key.write_text(key)
        assert await usable_access(folder, MONGO) is None
    said = capsys.readouterr().err
    assert "does not open this zone" in said
    assert "./zone operator-key --new makes one that does" in said
    assert folder.operator_key.read_text() == key


async def test_any_other_refusal_is_not_taken_for_a_bad_key(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = connected(lambda _: httpx.Response(500, json={"code": "internal_error", "detail": "Oh."}))
    monkeypatch.setattr(operator_key, "connect", broken)
    with pytest.raises(UnexpectedAnswer, match="answered 500"):
        await opens(Access(URL, GOOD))


async def test_without_its_database_no_key_is_made(folder: ZoneFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object, **__: object) -> None:
        raise Unavailable("It does not answer.")

    monkeypatch.setattr(operator_key, "renew", away)
    with pytest.raises(Complaint, match=r"MongoDB cannot be reached: It does not answer\."):
        await renew_key(folder, MONGO, reason="asked")
    assert not (folder.logs / LOG).exists()


@pytest.mark.usefixtures("folder")
def test_where_there_is_no_zone_the_command_says_how_there_is_one() -> None:
    with pytest.raises(Complaint, match=r"There is no zone in .*docker compose run --rm tools operator-key --new"):
        CliRunner().invoke(command_line(["operator-key"]), ["operator-key", "--new"], catch_exceptions=False)


def test_the_log_line_is_one_as_services_write_them(folder: ZoneFolder) -> None:
    folder.logs.mkdir()
    operator_key._log(folder, key_id="key_1", client_id="cli_1", reason="asked")
    line = json.loads((folder.logs / LOG).read_text())
    assert {"event", "service", "level", "logger", "timestamp", "key_id", "client_id", "reason"} <= line.keys()
