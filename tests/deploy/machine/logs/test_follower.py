from pathlib import Path

import pytest

from deploy.machine.logs.follower import LogFollower, LogView
from deploy.machine.logs.line import Level
from deploy.machine.processes import rotate


def following(*logs: Path, from_now: bool = False, level: Level = "debug", plain: bool = False) -> LogFollower:
    return LogFollower(logs, LogView([log.stem for log in logs], level=level, plain=plain), from_now=from_now)


def test_each_line_is_shown_once_after_the_name_of_its_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    registry, gateway = tmp_path / "registry.log", tmp_path / "gateway.log"
    follower = following(registry, gateway)
    registry.write_text("one\ntwo\n")
    follower.catch_up()
    gateway.write_text("three\n")
    follower.catch_up()
    assert capsys.readouterr().out == "registry │ one\nregistry │ two\ngateway  │ three\n"


def test_a_line_is_shown_when_it_is_complete(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "registry.log"
    follower = following(log)
    log.write_text("first half")
    follower.catch_up()
    with log.open("a") as more:
        more.write(", second half\n")
    follower.catch_up()
    assert capsys.readouterr().out == "registry │ first half, second half\n"


def test_a_new_start_is_followed_in_its_new_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "registry.log"
    follower = following(log)
    log.write_text("a long line of the first start\n")
    follower.catch_up()
    rotate(log)
    log.write_text("again\n")
    follower.catch_up()
    assert capsys.readouterr().out == "registry │ a long line of the first start\nregistry │ again\n"


def test_what_was_there_before_can_be_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "registry.log"
    log.write_text("old\n")
    follower = following(log, from_now=True)
    with log.open("a") as more:
        more.write("new\n")
    follower.catch_up()
    assert capsys.readouterr().out == "registry │ new\n"


def test_json_lines_are_shown_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "registry.log"
    log.write_text('{"event": "[ready]"}\n')
    following(log, plain=True).catch_up()
    assert capsys.readouterr().out == '{"event": "[ready]"}\n'


def test_brackets_of_a_line_are_no_markup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "registry.log"
    log.write_text("[info] [bold]as it was\n")
    following(log).catch_up()
    assert capsys.readouterr().out == "registry │ [info] [bold]as it was\n"


def test_lines_of_several_parts_that_came_meanwhile_stand_in_the_order_of_their_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry, gateway = tmp_path / "registry.log", tmp_path / "gateway.log"
    registry.write_text("2026-11-27T12:00:02.5Z [info     ] two\n")
    gateway.write_text("2026-11-27T12:00:01.5Z [info     ] one\n2026-11-27T12:00:03.5Z [info     ] three\n")
    following(registry, gateway).catch_up()
    assert [line.split("] ")[1] for line in capsys.readouterr().out.splitlines()] == ["one", "two", "three"]


def test_only_lines_that_are_grave_enough_are_shown_with_what_belongs_to_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "registry.log"
    log.write_text(
        "2026-11-27T12:00:01Z [info     ] request\n"
        "2026-11-27T12:00:02Z [error    ] request_failed\n"
        "Traceback (most recent call last):\n"
        "2026-11-27T12:00:03Z [info     ] request\n"
    )
    following(log, level="warning").catch_up()
    assert capsys.readouterr().out == (
        "registry │ 2026-11-27T12:00:02Z [error    ] request_failed\nregistry │ Traceback (most recent call last):\n"
    )
