"""What `./zone status` says: of each part, and of a zone that does not run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.__main__ import command_line
from deploy.launch.part_state import PartState, state_of
from deploy.machine.zone_folder import RunningNote, ServerNote, StopNote, ZoneFolder

ADDRESS = "mongodb://127.0.0.1:1/?replicaSet=zone"
LONG = "unix:/a/folder/whose/name/is/much/longer/than/any/terminal/is/wide/registry.sock"


def running(*servers: ServerNote, ready: bool = True) -> RunningNote:
    return RunningNote(os.getpid(), "http://127.0.0.1:8000", "2026-11-27T12:00:00+00:00", ready, list(servers))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ZoneFolder:
    monkeypatch.setenv("ZONE_FOLDER", str(tmp_path))
    return ZoneFolder(tmp_path)


def status(*options: str) -> tuple[int, str]:
    answer = CliRunner().invoke(command_line(["status"]), ["status", *options], catch_exceptions=False)
    return answer.exit_code, answer.output


def answering(monkeypatch: pytest.MonkeyPatch, code: int, body: object) -> None:
    async def answer(address: str, path: str, *, timeout: float) -> tuple[int, str]:
        return code, json.dumps(body)

    monkeypatch.setattr("services.chassis.http.client.answer", answer)


async def test_a_database_whose_process_lives_runs() -> None:
    assert await state_of(ServerNote("mongod", os.getpid(), ADDRESS)) == PartState("running")


async def test_one_whose_process_has_ended_is_started_again_by_the_launcher() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])  # noqa: ASYNC220 - it takes no time
    ended.wait()
    assert await state_of(ServerNote("mongod", ended.pid, ADDRESS)) == PartState("is started again")


async def test_a_service_that_waits_says_for_what(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = {"state": "degraded", "reason": "waits for the log"}
    answering(monkeypatch, 200, {"state": "degraded", "dependencies": {"mongodb": {"state": "ok"}, "consumer": waits}})
    state = await state_of(ServerNote("registry", 1, LONG))
    assert state == PartState("degraded", ("consumer is degraded: waits for the log",))


@pytest.mark.parametrize("body", [[], {"state": "ok", "dependencies": []}, {"up": 1}])
async def test_an_answer_of_another_form_is_told_by_its_number(monkeypatch: pytest.MonkeyPatch, body: object) -> None:
    answering(monkeypatch, 418, body)
    assert await state_of(ServerNote("registry", 1, LONG)) == PartState("answers 418")


def test_addresses_are_shown_whole_on_a_narrow_terminal(folder: ZoneFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    answering(
        monkeypatch, 503, {"state": "down", "dependencies": {"mongodb": {"state": "down", "reason": "no primary"}}}
    )
    with folder.claimed():
        folder.tell(running(ServerNote("registry", 7, LONG)))
        code, said = status()
    assert code == 1
    assert f"registry  7        down   {LONG}\n" in said
    assert "registry: mongodb is down: no primary" in said


def test_a_zone_that_was_stopped_says_why_and_when(folder: ZoneFolder) -> None:
    with folder.claimed():
        folder.tell_stop(StopNote(os.getpid(), "2026-11-27T13:00:00+00:00", "Port 8000 is taken.", "last words"))
    code, said = status()
    assert code == 1
    assert "The last run ended at 2026-11-27T13:00:00+00:00: Port 8000 is taken." in said
    assert "| last words" in said
    assert json.loads(status("--json")[1])["stopped"]["why"] == "Port 8000 is taken."


def test_a_launcher_that_could_not_say_anything_any_more_is_told_of(folder: ZoneFolder) -> None:
    folder.run.mkdir()
    folder.tell_stop(StopNote(os.getpid(), "2026-11-26T13:00:00+00:00", "An earlier run."))
    folder.tell(running())
    said = status()[1]
    assert (
        f"Its launcher, process {os.getpid()}, which ran since 2026-11-27T12:00:00+00:00, ended without a word" in said
    )
    assert "An earlier run" not in said


@pytest.mark.parametrize("name", ["running", "stopped"])
def test_a_note_that_a_power_cut_left_empty_tells_nothing(folder: ZoneFolder, name: str) -> None:
    folder.run.mkdir()
    (folder.run / f"{name}.json").touch()
    assert status()[0] == 1


def test_a_zone_that_never_ran_has_no_reason(folder: ZoneFolder) -> None:
    assert status() == (1, "zone the zone is not running: ./zone up starts it\n")


def test_a_launcher_that_has_just_begun_is_seen(folder: ZoneFolder) -> None:
    with folder.claimed():
        assert status() == (1, "zone the zone's folder is in use: a start has just begun, or a restore is under way\n")
        folder.tell(running(ready=False))
        code, said = status()
    assert (code, "is starting since" in said) == (1, True)
