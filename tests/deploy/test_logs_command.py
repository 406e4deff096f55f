"""`./zone logs`: what all parts logged, as one story, and the part of it that somebody looks for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.__main__ import command_line
from deploy.complaint import Complaint


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a zone whose registry and gateway logged in turns during the last hour."""
    monkeypatch.setenv("ZONE_FOLDER", str(tmp_path))
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "registry.log").write_text(said(60, "info", "one") + said(5, "warning", "three"))
    (logs / "gateway.log").write_text(said(30, "error", "two") + said(1, "info", "four"))
    return tmp_path


def said(minutes_ago: int, level: str, words: str) -> str:
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return f"{at:%Y-%m-%dT%H:%M:%S.%fZ} [{level:<9}] {words}\n"


def shown(*options: str) -> list[str]:
    answer = CliRunner().invoke(command_line(["logs"]), ["logs", *options], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return [line.split("] ")[-1] for line in answer.output.splitlines()]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), ["one", "two", "three", "four"]),
        (("-n", "2"), ["three", "four"]),
        (("--service", "registry"), ["one", "three"]),
        (("-s", "registry", "-s", "gateway"), ["one", "two", "three", "four"]),
        (("registry",), ["one", "three"]),
        (("--level", "warning"), ["two", "three"]),
        (("--level", "error"), ["two"]),
        (("--since", "10m"), ["three", "four"]),
        (("--since", "2h", "--level", "warning", "-n", "1"), ["three"]),
    ],
)
def test_lines_stand_in_the_order_of_their_time_and_can_be_chosen(options: tuple[str, ...], words: list[str]) -> None:
    assert shown(*options) == words


def test_since_may_be_a_moment() -> None:
    moment = datetime.now(UTC) - timedelta(minutes=10)
    assert shown("--since", moment.isoformat()) == ["three", "four"]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--since", "yesterday"), "--since yesterday is neither a time ago, such as 10m, nor a moment"),
        (("--since", "999999999d"), "--since 999999999d is neither a time ago"),
        (("--since", "0001-01-01"), "--since 0001-01-01 is neither a time ago"),
        (("--service", "kitchen"), "There is no log of kitchen; there is of gateway, registry."),
    ],
)
def test_what_cannot_be_meant_is_said(options: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(Complaint, match=complaint):
        shown(*options)


def test_fewer_than_one_line_is_no_number_of_lines() -> None:
    assert CliRunner().invoke(command_line(["logs"]), ["logs", "-n", "-5"]).exit_code == 2


def test_a_zone_that_has_logged_nothing_yet_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZONE_FOLDER", str(tmp_path / "none"))
    with pytest.raises(Complaint, match=r"Nothing has been logged in .*none.logs yet: \./zone up"):
        shown()
