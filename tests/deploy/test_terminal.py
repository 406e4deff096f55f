from pathlib import Path

import pytest

from deploy.machine.processes import rotate
from deploy.terminal import LogFollower


def test_each_line_is_shown_once_after_the_name_of_its_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    registry, gateway = tmp_path / "registry.log", tmp_path / "gateway.log"
    follower = LogFollower([registry, gateway])
    registry.write_text("one\ntwo\n")
    follower.catch_up()
    gateway.write_text("three\n")
    follower.catch_up()
    assert capsys.readouterr().out == "registry │ one\nregistry │ two\ngateway  │ three\n"


def test_a_line_is_shown_when_it_is_complete(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "registry.log"
    follower = LogFollower([log])
    log.write_text("first half")
    follower.catch_up()
    with log.open("a") as more:
        more.write(", second half\n")
    follower.catch_up()
    assert capsys.readouterr().out == "registry │ first half, second half\n"


def test_a_new_start_is_followed_in_its_new_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "registry.log"
    follower = LogFollower([log])
    log.write_text("a long line of the first start\n")
    follower.catch_up()
    rotate(log)
    log.write_text("again\n")
    follower.catch_up()
    assert capsys.readouterr().out == "registry │ a long line of the first start\nregistry │ again\n"


def test_what_was_there_before_can_be_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "registry.log"
    log.write_text("old\n")
    follower = LogFollower([log], from_now=True)
    with log.open("a") as more:
        more.write("new\n")
    follower.catch_up()
    assert capsys.readouterr().out == "registry │ new\n"


def test_json_lines_are_shown_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "registry.log"
    log.write_text('{"event": "[ready]"}\n')
    LogFollower([log], plain=True).catch_up()
    assert capsys.readouterr().out == '{"event": "[ready]"}\n'


def test_brackets_of_a_line_are_no_markup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "registry.log"
    log.write_text("[info] [bold]as it was\n")
    LogFollower([log]).catch_up()
    assert capsys.readouterr().out == "registry │ [info] [bold]as it was\n"
