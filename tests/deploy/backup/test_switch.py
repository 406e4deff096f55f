"""The last step of a restore: killed at any moment, the zone is what it was, or what the backup says, never a half."""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from deploy.machine.zone_folder import ZoneFolder

OLD, NEW = "as it was", "as in the backup"


class Killed(BaseException):
    """In the middle of a step."""


@pytest.fixture
def folder(tmp_path: Path) -> ZoneFolder:
    """A zone with data, and a database beside it that a restore has verified."""
    folder = ZoneFolder(tmp_path / "zone")
    for path, text in ((folder.mongo, OLD), (folder.restored.data, NEW), (folder.kafka / "data", OLD)):
        path.mkdir(parents=True)
        (path / "file").write_text(text)
    folder.loaded.write_text("done")
    folder.operator_key.write_text("synthetic")
    return folder


def put_in_place(folder: ZoneFolder) -> None:
    folder.restored.take(opening_figures="begun", keep_operator_key=False)


def is_as_in_the_backup(folder: ZoneFolder) -> bool:
    assert not folder.restored.data.exists()
    assert not (folder.kafka / "data").exists()
    assert folder.loaded.read_text() == "begun"
    assert not folder.operator_key.exists()
    return (folder.mongo / "file").read_text() == NEW


def test_the_restored_data_take_the_place_of_the_zones_own_and_the_log_is_gone(folder: ZoneFolder) -> None:
    put_in_place(folder)
    assert is_as_in_the_backup(folder)
    assert sorted(path.name for path in folder.path.iterdir()) == ["kafka", "mongo", "opening-figures"]


def test_a_key_of_that_zone_stays(folder: ZoneFolder) -> None:
    folder.restored.take(opening_figures=None, keep_operator_key=True)
    assert folder.operator_key.read_text() == "synthetic"
    assert not folder.loaded.exists()


STEPS = [(shutil, "rmtree"), (Path, "replace"), (Path, "unlink"), (Path, "write_text")]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step[1])
def test_whoever_claims_the_folder_next_brings_a_killed_one_to_its_end(
    folder: ZoneFolder, monkeypatch: pytest.MonkeyPatch, step: tuple[Any, str], nth: int, when: str
) -> None:
    owner, name = step
    done, calls = getattr(owner, name), 0

    def dies(*given: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth and when == "before":
            raise Killed
        answer = done(*given, **options)
        if calls == nth:
            raise Killed
        return answer

    with monkeypatch.context() as patched, suppress(Killed):  # or there are not so many of these steps
        patched.setattr(owner, name, dies)
        put_in_place(folder)
    with folder.claimed() as ours:
        assert ours
        if folder.restored.data.exists():  # it had not begun yet
            assert (folder.mongo / "file").read_text() == OLD
            assert (folder.kafka / "data" / "file").read_text() == OLD
            assert folder.operator_key.read_text() == "synthetic"
            put_in_place(folder)
        assert is_as_in_the_backup(folder)


def test_a_database_that_no_restore_has_verified_is_left_alone(folder: ZoneFolder) -> None:
    with folder.claimed():
        assert (folder.mongo / "file").read_text() == OLD
    folder.forget_data()
    assert not folder.restored.data.exists()
    assert not folder.has_data


@pytest.mark.parametrize("path", ["mongo", "kafka/data"])
def test_a_folder_with_anything_of_a_zone_has_data(tmp_path: Path, path: str) -> None:
    folder = ZoneFolder(tmp_path)
    assert not folder.has_data
    (tmp_path / path).mkdir(parents=True)
    assert not folder.has_data
    (tmp_path / path / "file").touch()
    assert folder.has_data
