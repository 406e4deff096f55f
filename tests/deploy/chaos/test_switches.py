"""Switches of a process: on until they are taken or turned off."""

from pathlib import Path

from deploy.chaos.target.switches import Switches


def test_a_switch_is_on_with_its_text_until_it_is_turned_off(tmp_path: Path) -> None:
    ours, theirs = Switches(tmp_path, "metrics-1"), Switches(tmp_path, "metrics-1")
    ours.turn_on("clock", "600")
    assert (theirs.is_on("clock"), theirs.read("clock")) == (True, "600")
    ours.turn_off("clock")
    assert (theirs.is_on("clock"), theirs.read("clock")) == (False, None)


def test_a_switch_is_taken_once_only(tmp_path: Path) -> None:
    switches = Switches(tmp_path, "metrics-1")
    switches.turn_on("large", "once")
    assert [switches.take("large"), switches.take("large")] == ["once", None]


def test_a_switch_of_one_process_is_not_that_of_another(tmp_path: Path) -> None:
    Switches(tmp_path, "metrics-1").turn_on("clock", "600")
    assert not Switches(tmp_path, "metrics-2").is_on("clock")
