"""`./zone mongo`: what runbooks ask of the database, where no shell of MongoDB is."""

import json
import re
from pathlib import Path

import pytest
from bson import json_util
from pymongo import MongoClient

from deploy.commands.mongo import mongo
from deploy.complaint import Complaint
from deploy.machine.zone_folder import ROOT

TOLD = re.compile(r"`\./zone mongo (?:-s <name> )?'([^']+)'`")


@pytest.fixture
def told(mongo_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("ZONE_MONGO_URL", mongo_url)
    monkeypatch.setenv("ZONE_DATABASE_PREFIX", "mongo_command")
    return mongo_url


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.usefixtures("told")
def test_it_says_which_member_is_what(capsys: pytest.CaptureFixture[str]) -> None:
    mongo('{"replSetGetStatus": 1}')
    assert "PRIMARY" in str(answer(capsys)["members"])


def test_it_changes_what_a_runbook_says_in_the_database_of_a_service(
    told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with MongoClient[dict[str, object]](told) as client:
        relay = client["mongo_command_metrics"]["relay"]
        relay.replace_one({"_id": "outbox"}, {"_id": "outbox", "pruned": True}, upsert=True)
        mongo('{"update": "relay", "updates": [{"q": {"_id": "outbox"}, "u": {"$set": {"pruned": false}}}]}', "metrics")
        assert answer(capsys)["nModified"] == 1
        assert relay.find_one() == {"_id": "outbox", "pruned": False}
        client.drop_database("mongo_command_metrics")


@pytest.mark.usefixtures("told")
def test_what_the_database_refuses_is_said_in_its_words() -> None:
    with pytest.raises(Complaint, match="MongoDB refuses: no such command: 'synthetic'"):
        mongo('{"synthetic": 1}')


@pytest.mark.parametrize(
    ("command", "service", "sentence"),
    [
        ("rs.status()", None, "The command is no JSON"),
        ('{"find": "relay", "filter": {"_id": {"$oid": "x"}}}', None, "The command is no JSON"),
        ("[]", None, "A command is a JSON object"),
        ("{}", None, "A command is a JSON object"),
        ('{"find": "relay"}', "console", "There is no service console"),
    ],
)
def test_what_is_no_command_is_told(command: str, service: str | None, sentence: str) -> None:
    with pytest.raises(Complaint, match=sentence):
        mongo(command, service)


def test_every_page_tells_commands_that_can_be_read() -> None:
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md")]
    commands = [command for page in pages for command in TOLD.findall(page)]
    assert len(commands) >= 3
    for command in commands:
        assert json_util.loads(command)


def shells(path: Path) -> list[str]:
    """The lines that ask for MongoDB's shell outside of its container."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if "mongosh" in line and "docker compose" not in line]


def test_no_runbook_asks_for_a_shell_that_is_not_there() -> None:
    pages = [*(ROOT / "docs" / "runbooks").glob("*.md"), ROOT / "docs" / "figures-anew.md"]
    assert [line for page in pages for line in shells(page)] == []
