"""A backup and a restore that are killed with SIGKILL at every step, and in the middle of steps."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from deploy.backup.archive import reading
from deploy.machine.zone_folder import ROOT, ZoneFolder
from tests.deploy.backup.conftest import database, partners_in

pytestmark = [pytest.mark.long, pytest.mark.server]

OLD = "示例旧伙伴 (synthetic)"
AT_RANDOM = 8


def command(folder: ZoneFolder, *words: str) -> subprocess.Popen[str]:
    environment = os.environ | {"ZONE_FOLDER": str(folder.path)}
    return subprocess.Popen(
        [sys.executable, "-m", "deploy", *words], cwd=ROOT, env=environment, text=True, stderr=subprocess.PIPE
    )


def killed_after(process: subprocess.Popen[str], lines: int, then_s: float = 0) -> tuple[str, bool]:
    """What it said until it was killed, so many lines and seconds after its start; and whether it was."""
    assert process.stderr is not None
    said = [line for _, line in zip(range(lines), process.stderr, strict=False)]
    try:
        process.wait(then_s)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.wait()
    rest = process.stderr.read()
    return "".join(said) + rest, process.returncode == -signal.SIGKILL


def is_whole(file: Path) -> bool:
    with reading(file) as archive:
        archive.check()
    return True


def test_a_backup_that_is_killed_at_any_moment_leaves_no_file_or_a_whole_one(
    source: ZoneFolder, tmp_path: Path
) -> None:
    by_chance, kills, steps = Random(14), 0, 0
    whole = command(source, "backup", str(tmp_path / "whole"))
    _, said = whole.communicate()
    assert whole.returncode == 0, said
    for lines, pause in [
        *((n, 0.0) for n in range(1, len(said.splitlines()))),
        *((by_chance.randint(0, 3), by_chance.uniform(0, 0.3)) for _ in range(AT_RANDOM)),
    ]:
        file = tmp_path / f"zone.{lines}.{pause:.3f}"
        _, was_killed = killed_after(command(source, "backup", str(file)), lines, pause)
        kills += was_killed
        steps += 1
        assert not file.exists() or is_whole(file)
        again = command(source, "backup", str(tmp_path / f"{file.name}.again"))
        if lines == 1:  # and the next one under the same name writes over what is left
            file.unlink(missing_ok=True)
            again.kill()
            again.wait()
            again = command(source, "backup", str(file))
        assert again.wait() == 0
    assert kills > steps / 2


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
    file, by_chance, kills, steps = tmp_path / "zone.backup", Random(14), 0, 0
    assert command(source, "backup", str(file)).wait() == 0
    first = ZoneFolder(tmp_path / "first")
    shutil.copytree(old.path, first.path)
    whole = command(first, "restore", str(file), "--fresh")
    _, said = whole.communicate()
    assert whole.returncode == 0, said
    wanted = partners_in(first)
    lines_said = len(said.splitlines())
    for lines, pause in [
        *((n, 0.0) for n in range(1, lines_said)),
        *((lines_said - 2, by_chance.uniform(0, 0.05)) for _ in range(AT_RANDOM // 2)),  # as it takes its place
        *((by_chance.randint(0, 3), by_chance.uniform(0, 1.5)) for _ in range(AT_RANDOM // 2)),
    ]:
        folder = ZoneFolder(tmp_path / f"zone.{lines}.{pause:.3f}")
        shutil.copytree(old.path, folder.path)
        said, was_killed = killed_after(command(folder, "restore", str(file), "--fresh"), lines, pause)
        kills += was_killed
        steps += 1
        with folder.claimed() as ours:  # as whoever starts it does
            assert ours
        found = partners_in(folder)
        is_old = found == [OLD]
        assert is_old or found == wanted, said
        assert (folder.kafka / "data").exists() is is_old
        if is_old:
            assert command(folder, "restore", str(file), "--fresh").wait() == 0
            assert partners_in(folder) == wanted
        shutil.rmtree(folder.path)
    assert kills > steps / 2
