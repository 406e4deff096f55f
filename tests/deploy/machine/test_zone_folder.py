import os
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.machine.zone_folder import RunningNote, ServerNote, ZoneFolder

NOTE = RunningNote(os.getpid(), "http://127.0.0.1:8000", "2018-04-30T00:00:00+00:00", True, [ServerNote("a", 1, "b")])


def test_a_folder_has_one_launcher_at_a_time(tmp_path: Path) -> None:
    with ZoneFolder(tmp_path).claimed() as first, ZoneFolder(tmp_path).claimed() as second:
        assert (first, second) == (True, False)


@pytest.mark.parametrize("before", [None, 0o755])
def test_nobody_else_may_enter_a_folder_that_has_a_launcher(tmp_path: Path, before: int | None) -> None:
    path = tmp_path / "zone"
    if before:
        path.mkdir(mode=before)
    with ZoneFolder(path).claimed():
        assert path.stat().st_mode & 0o777 == 0o700


def test_a_folder_is_free_again_when_its_launcher_has_ended(tmp_path: Path) -> None:
    folder = ZoneFolder(tmp_path)
    with folder.claimed():
        assert folder.is_claimed()
    assert not folder.is_claimed()


def test_others_read_what_the_launcher_tells(tmp_path: Path) -> None:
    with ZoneFolder(tmp_path).claimed():
        ZoneFolder(tmp_path).tell(NOTE)
        assert ZoneFolder(tmp_path).running() == NOTE


def test_a_note_that_a_dead_launcher_left_behind_fools_nobody(tmp_path: Path) -> None:
    folder = ZoneFolder(tmp_path)
    folder.run.mkdir()
    folder.tell(NOTE)  # its process id is that of a living process: ours
    assert folder.running() is None


def test_a_launcher_that_has_not_told_yet_is_seen_all_the_same(tmp_path: Path) -> None:
    folder = ZoneFolder(tmp_path)
    with folder.claimed():
        assert (folder.is_claimed(), folder.running()) == (True, None)


def test_starting_over_removes_data_and_the_operators_key_and_keeps_secrets_and_logs(tmp_path: Path) -> None:
    folder = ZoneFolder(tmp_path)
    removed = [folder.mongo / "x", folder.kafka / "data" / "x", folder.operator_key, folder.loaded]
    kept = [folder.secrets, folder.logs / "x"]
    for file in removed + kept:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    folder.forget_data()
    assert [file.exists() for file in removed + kept] == [False] * 4 + [True] * 2


def test_who_asks_for_a_restart_is_heard_once_and_for_that_process_alone(tmp_path: Path) -> None:
    folder = ZoneFolder(tmp_path)
    folder.run.mkdir()
    server = ServerNote("registry", 7, "unix:registry.sock")
    folder.ask_for_restart(server)
    assert folder.restart_wanted(server)
    assert not folder.restart_asked(replace(server, name="gateway"))
    assert folder.restart_asked(server)
    assert not folder.restart_wanted(server)
    folder.ask_for_restart(server)
    assert [folder.restart_asked(replace(server, pid=pid)) for pid in (8, 7)] == [False, False]
