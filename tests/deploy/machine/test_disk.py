import shutil
from pathlib import Path
from typing import Any

import pytest

from deploy.complaint import Complaint
from deploy.machine.disk import fullness, require_room


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the disk have this many megabytes left."""

    def pretend(megabytes: int) -> None:
        usage = shutil.disk_usage("/")._replace(free=megabytes * 1_000_000)
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)

    return pretend


def test_a_zone_is_not_started_on_a_disk_with_too_little_room(left: Any, tmp_path: Path) -> None:
    left(399)
    with pytest.raises(Complaint, match=r"Only 399 MB are left on the disk of .*, and the zone needs 400 MB"):
        require_room(tmp_path / "not" / "there" / "yet")


def test_a_zone_is_started_where_there_is_room(left: Any, tmp_path: Path) -> None:
    left(400)
    require_room(tmp_path)


def test_a_full_disk_explains_why_a_server_ended_without_a_word(left: Any, tmp_path: Path) -> None:
    left(3)
    assert fullness(tmp_path) == f"The disk of {tmp_path} is full, 3 MB are left: make room, then start again."


def test_a_disk_with_room_explains_nothing(left: Any, tmp_path: Path) -> None:
    left(5000)
    assert fullness(tmp_path) is None
