"""`./zone figures-key`: what lets Prometheus read the zone's figures, and do nothing else."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy.__main__ import command_line
from deploy.commands import figures_key as command
from tests.deploy.fake_zone import OPERATOR_KEY, FakeZone


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> FakeZone:
    fake = FakeZone()
    monkeypatch.setattr(command, "connect", lambda url, key: fake.connect(key))
    return fake


def run(folder: Path, *options: str) -> Result:
    named = options or ("--url", "http://zone.example", "--key", OPERATOR_KEY)
    words = ["figures-key", str(folder / "figures.key"), *named]
    return CliRunner().invoke(command_line(["figures-key"]), words)


def test_it_makes_a_client_that_reads_figures_and_keeps_its_key(zone: FakeZone, tmp_path: Path) -> None:
    assert run(tmp_path).exit_code == 0
    (client,) = zone.clients.values()
    assert (client["kind"], client["scopes"], client["partner_id"]) == ("auditor", ["metrics:read"], zone.office["id"])
    (key,) = zone.keys.values()
    assert (tmp_path / "figures.key").read_text() == key["key"]
    assert (tmp_path / "figures.key").stat().st_mode & 0o777 == 0o444


def test_a_key_that_is_good_stays(zone: FakeZone, tmp_path: Path) -> None:
    run(tmp_path)
    assert run(tmp_path).exit_code == 0
    assert len(zone.keys) == 1


def test_for_a_key_that_was_revoked_the_same_client_gets_another(zone: FakeZone, tmp_path: Path) -> None:
    run(tmp_path)
    (lost,) = zone.keys.values()
    lost["revoked"] = True
    assert run(tmp_path).exit_code == 0
    assert (len(zone.clients), len(zone.keys)) == (1, 2)
    assert (tmp_path / "figures.key").read_text() != lost["key"]


def test_a_file_that_was_left_empty_gets_a_key(zone: FakeZone, tmp_path: Path) -> None:
    (tmp_path / "figures.key").touch()
    assert run(tmp_path).exit_code == 0
    assert [each["key"] for each in zone.keys.values()] == [(tmp_path / "figures.key").read_text()]


def test_a_file_that_holds_something_else_is_left_alone(zone: FakeZone, tmp_path: Path) -> None:
    (tmp_path / "figures.key").write_text("a page of notes")
    assert "holds something else than a key" in str(run(tmp_path).exception)
    assert (zone.log, (tmp_path / "figures.key").read_text()) == ([], "a page of notes")


def test_another_auditor_is_not_taken_for_it(zone: FakeZone, tmp_path: Path) -> None:
    wide = {"kind": "auditor", "status": "active", "scopes": ["audit:read", "metrics:read"]}
    zone.clients["cli_a"] = {"id": "cli_a", "partner_id": zone.office["id"], **wide}
    run(tmp_path)
    assert [each["client_id"] for each in zone.keys.values()] != ["cli_a"]


def test_whose_zone_it_is_must_be_said_with_its_key(zone: FakeZone, tmp_path: Path) -> None:
    assert "wants its operator's key" in str(run(tmp_path, "--url", "http://zone.example").exception)
