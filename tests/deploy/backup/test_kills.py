"""A backup and a restore that are killed with SIGKILL at every step, and in the middle of steps."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from deploy.backup.archive import reading
from deploy.machine.zone_folder import ZoneFolder
from tests.deploy.backup.conftest import database, partners_in
from tests.deploy.backup.killable import Command

pytestmark = [pytest.mark.long, pytest.mark.server]

OLD = "示例旧伙伴 (synthetic)"
AT_RANDOM = 8


def moments(steps: int, *, longest_s: float) -> Iterator[tuple[int, float]]:
    """After which of its sentences it is killed, and how many seconds later: at once after each, then by chance."""
    by_chance = Random(14)
    yield from ((step, 0) for step in range(1, steps + 1))
    yield from ((by_chance.randint(0, steps), by_chance.uniform(0, longest_s)) for _ in range(AT_RANDOM))


def is_whole(file: Path) -> bool:
    with reading(file) as archive:
        archive.check()
    return True


def test_a_backup_that_is_killed_at_any_moment_leaves_no_file_or_a_whole_one(
    source: ZoneFolder, tmp_path: Path
) -> None:
    said, kills = Command(source, "backup", str(tmp_path / "whole")).ended(), 0
    for number, (lines, pause) in enumerate(moments(said.count("\n"), longest_s=0.3)):
        file = tmp_path / f"backup {number}"
        kills += Command(source, "backup", str(file)).killed(after_lines=lines, then_s=pause)
        assert not file.exists() or is_whole(file)
    assert kills >= AT_RANDOM
    left = next(tmp_path.glob("*.part"))
    again = left.with_suffix("")
    Command(source, "backup", str(again)).ended()
    assert is_whole(again)
    assert not left.exists()


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory, source: ZoneFolder) -> ZoneFolder:
    """A zone with data of its own, never started again: tests take copies."""
    folder = ZoneFolder(tmp_path_factory.mktemp("old") / "zone")
    folder.mongo.mkdir(parents=True)
    with database(folder) as client:
        client["zone_gateway"]["partners"].insert_one({"_id": "par_1", "legal_name": OLD})
    (folder.kafka / "data").mkdir(parents=True)
    (folder.kafka / "data" / "log").write_text("synthetic")
    shutil.copy(source.secrets, folder.secrets)
    return folder


def test_a_restore_that_is_killed_at_any_moment_leaves_the_zone_as_it_was_or_as_the_backup_says(
    source: ZoneFolder, old: ZoneFolder, tmp_path: Path
) -> None:
    file, folder, kills = tmp_path / "zone.backup", ZoneFolder(tmp_path / "zone"), 0
    Command(source, "backup", str(file)).ended()
    shutil.copytree(old.path, folder.path)
    said = Command(folder, "restore", str(file), "--fresh").ended()
    wanted, steps = partners_in(folder), said.count("\n")
    for lines, pause in moments(steps, longest_s=0.5):
        shutil.rmtree(folder.path)
        shutil.copytree(old.path, folder.path)
        kills += Command(folder, "restore", str(file), "--fresh").killed(after_lines=lines, then_s=pause)
        with folder.claimed() as ours:  # as whoever starts it does
            assert ours
        found = partners_in(folder)
        assert found in ([OLD], wanted)
        assert (folder.kafka / "data").exists() is (found == [OLD])
    assert kills >= AT_RANDOM
    Command(folder, "restore", str(file), "--fresh").ended()
    assert partners_in(folder) == wanted
