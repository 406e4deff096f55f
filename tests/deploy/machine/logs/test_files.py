"""The logs of all parts as one."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.machine.logs import files
from deploy.machine.logs.files import merged
from deploy.machine.logs.line import Line


def at(minute: int) -> datetime:
    return datetime(2026, 11, 27, 12, minute, tzinfo=UTC)


def said(minute: int, words: str) -> str:
    return f"{at(minute):%Y-%m-%dT%H:%M:%S.%fZ} [info     ] {words}\n"


def write(file: Path, *lines: str) -> Path:
    """A log that was last written to when its last line says."""
    file.write_text("".join(lines))
    last = datetime.fromisoformat(lines[-1].split()[0]).timestamp()
    os.utime(file, (last, last))
    return file


def words(found: Iterable[Line]) -> list[str]:
    return [line.text.split("] ")[-1] for line in found]


def test_lines_of_all_parts_stand_in_the_order_of_their_time(tmp_path: Path) -> None:
    registry = write(tmp_path / "registry.log", said(1, "one"), said(4, "four"))
    gateway = write(tmp_path / "gateway.log", said(2, "two"), said(3, "three"), said(5, "five"))
    assert words(merged([registry, gateway])) == ["one", "two", "three", "four", "five"]


def test_a_log_keeps_its_own_order_whatever_its_times_say(tmp_path: Path) -> None:
    registry = write(tmp_path / "registry.log", said(3, "first"), said(2, "second"), said(4, "third"))
    gateway = write(tmp_path / "gateway.log", said(1, "before"))
    assert words(merged([registry, gateway])) == ["before", "first", "second", "third"]


def test_what_a_log_begins_with_before_its_first_moment_stands_there(tmp_path: Path) -> None:
    registry = write(tmp_path / "registry.log", "a warning of a library\n", said(3, "ready"))
    gateway = write(tmp_path / "gateway.log", said(1, "one"), said(4, "four"))
    assert words(merged([registry, gateway])) == ["one", "a warning of a library", "ready", "four"]


def test_earlier_starts_are_read_as_far_as_they_are_asked_for(tmp_path: Path) -> None:
    write(tmp_path / "registry.log.2", said(1, "long ago"))
    write(tmp_path / "registry.log.1", said(2, "before"), said(5, "ended"))
    log = write(tmp_path / "registry.log", said(7, "again"))
    assert words(merged([log], since=at(3))) == ["ended", "again"]
    assert words(merged([log])) == ["again"]


def test_of_a_large_log_the_end_is_enough_for_its_last_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "TAIL_BYTES", 100)
    log = write(tmp_path / "registry.log", *(said(minute, f"line {minute}") for minute in range(10)))
    assert words(merged([log], whole=False)) == ["line 8", "line 9"]
    assert len(words(merged([log]))) == 10
