"""Commands of the API, told which zone they are for."""

from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from deploy.__main__ import command_line
from deploy.commands import kpi_picture as kpi_picture_command
from deploy.complaint import Complaint
from deploy.machine.ports import free_port
from deploy.machine.zone_folder import RunningNote, ZoneFolder
from deploy.named_zone import access
from deploy.public_api import Access, connect

COMMANDS = ("kpis", "load", "kpi-picture", "trace-picture", "rebuild", "figures-key")
ELSEWHERE = "http://zone.example:8000"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ZoneFolder:
    """Of a zone that does not run."""
    monkeypatch.setenv("ZONE_FOLDER", str(tmp_path))
    return ZoneFolder(tmp_path)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_takes_the_address_and_the_key_of_a_zone(name: str) -> None:
    said = CliRunner().invoke(command_line([name]), [name, "--help"], env={"COLUMNS": "200"}).output
    assert [option for option in ("--url", "--key", "ZONE_URL", "ZONE_KEY") if option not in said] == []


@pytest.mark.usefixtures("folder")
def test_a_zone_elsewhere_needs_none_here() -> None:
    assert access(f"{ELSEWHERE}/", " zk_live_1\n") == Access(ELSEWHERE, "zk_live_1")


@pytest.mark.usefixtures("folder")
def test_without_either_it_is_the_one_that_runs_here() -> None:
    with pytest.raises(Complaint, match="No zone is running here"):
        access(None, None)


def test_a_key_alone_is_for_the_one_that_runs_here(folder: ZoneFolder) -> None:
    with pytest.raises(Complaint, match="A key alone names no zone"):
        access(None, "zk_live_1")
    with folder.claimed():
        folder.tell(RunningNote(1, "http://127.0.0.1:8000", "now", True, []))
        assert access(None, "zk_live_1") == ("http://127.0.0.1:8000", "zk_live_1")


@pytest.mark.parametrize("key", [None, "", " \n"])
def test_an_address_alone_opens_nothing(key: str | None) -> None:
    with pytest.raises(Complaint, match="wants its operator's key: --key"):
        access(ELSEWHERE, key)


@pytest.mark.parametrize(
    "url",
    ["zone.example:8000", "ftp://zone.example", f"{ELSEWHERE}/v1", "", "http://", f"{ELSEWHERE}0", "http://[zone"],
)
def test_what_is_no_address_is_said_to_be_none(url: str) -> None:
    with pytest.raises(Complaint, match="is no zone's address"):
        access(url, "zk_live_1")


def test_a_picture_goes_into_the_zones_folder_unless_it_is_told(
    folder: ZoneFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(url: str, key: str) -> httpx.AsyncClient:
        assert (url, key) == (ELSEWHERE, "zk_live_1")
        return httpx.AsyncClient(
            base_url=url, transport=httpx.MockTransport(lambda _: httpx.Response(200, text="<svg/>"))
        )

    monkeypatch.setattr(kpi_picture_command, "connect", connect)
    told = ["kpi-picture", "--url", ELSEWHERE, "--key", "zk_live_1"]
    for options, file in (([], folder.path / "valuation_total.svg"), (["--file"], tmp_path / "own.svg")):
        more = [*options, str(file)] if options else []
        assert CliRunner().invoke(command_line(["kpi-picture"]), [*told, *more]).exit_code == 0
        assert file.read_text() == "<svg/>"


@pytest.mark.usefixtures("folder")
def test_a_picture_of_a_zone_that_does_not_answer_says_where_nobody_does() -> None:
    told = ["kpi-picture", "--url", f"http://127.0.0.1:{free_port()}", "--key", "zk_live_1"]
    with pytest.raises(Complaint, match=r"The zone does not answer at http://127\.0\.0\.1:\d+: ConnectError\."):
        CliRunner().invoke(command_line(["kpi-picture"]), told, catch_exceptions=False)


@pytest.mark.parametrize("key", ["two words", "键", "zk_live_1\nzk_live_2"])
def test_what_cannot_be_a_key_is_not_sent_as_one(key: str) -> None:
    with pytest.raises(Complaint, match=r"What was given as a key of the zone at http://zone\.example:8000 is none"):
        connect(ELSEWHERE, key)
