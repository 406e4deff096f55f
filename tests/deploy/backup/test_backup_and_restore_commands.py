"""`./zone backup` and `./zone restore`: what they refuse before they change anything, and what stands afterwards."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.commands.backup import backup
from deploy.commands.restore import restore
from deploy.complaint import Complaint
from deploy.machine.zone_folder import ZoneFolder
from deploy.machine.zone_secrets import secrets_in
from tests.deploy.backup.conftest import PARTNERS, address_of, partners_in


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> "At":
    return At(monkeypatch)


class At:
    """Says in which folder the next command works."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def __call__(self, folder: ZoneFolder) -> ZoneFolder:
        self._patch.setenv("ZONE_FOLDER", str(folder.path))
        return folder


@pytest.fixture(scope="module")
def file(source: ZoneFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the running zone."""
    file = tmp_path_factory.mktemp("backups") / "zone.backup"
    with pytest.MonkeyPatch.context() as patch:
        At(patch)(source)
        backup(file)
    return file


def with_secrets_of(source: ZoneFolder, target: ZoneFolder) -> None:
    target.path.mkdir(parents=True)
    shutil.copy(source.secrets, target.secrets)


def test_a_backup_needs_a_running_zone(target: ZoneFolder, at: At, tmp_path: Path) -> None:
    at(target)
    with pytest.raises(Complaint, match="No zone is running"):
        backup(tmp_path / "zone.backup")


def test_a_zone_that_was_restored_has_what_the_other_had_and_its_operators_key(
    source: ZoneFolder, file: Path, target: ZoneFolder, at: At, capsys: pytest.CaptureFixture[str]
) -> None:
    with_secrets_of(source, at(target))
    shutil.copy(source.operator_key, target.operator_key)
    restore(file)
    said = capsys.readouterr().err
    assert "every document, index and validator is as in the file" in said
    assert f"the chains of hashes hold, through {PARTNERS + 3} events" in said
    assert target.operator_key.read_text() == source.operator_key.read_text()
    assert len(partners_in(target)) == PARTNERS + 1
    with pytest.raises(Complaint, match="There is a zone in"):
        restore(file)


@pytest.mark.long
def test_a_rehearsal_does_all_of_it_beside_a_running_zone_and_leaves_nothing(
    source: ZoneFolder, file: Path, at: At, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path.name for path in at(source).path.iterdir())
    restore(file, rehearse=True)
    assert "it can be restored; nothing was changed" in capsys.readouterr().err
    assert sorted(path.name for path in source.path.iterdir()) == before


def test_a_running_zone_is_not_replaced(source: ZoneFolder, file: Path, at: At) -> None:
    at(source)
    with pytest.raises(Complaint, match="The zone runs"):
        restore(file, fresh=True)


def test_without_the_secrets_of_the_zone_it_is_not_restored_unless_somebody_says_so(
    source: ZoneFolder, file: Path, target: ZoneFolder, at: At
) -> None:
    at(target)
    with pytest.raises(Complaint, match="put those of the backed-up zone there"):
        restore(file)
    secrets_in(target.secrets)
    with pytest.raises(Complaint, match="are not those of the backup: no key that was issued is taken any more"):
        restore(file)
    assert not target.has_data


@pytest.mark.long
def test_one_whose_chains_do_not_hold_changes_nothing_unless_somebody_says_so(
    source: ZoneFolder, target: ZoneFolder, at: At, tmp_path: Path
) -> None:
    with_secrets_of(source, target)
    (target.mongo / "old").mkdir(parents=True)
    with MongoClient[dict[str, Any]](address_of(source)) as client:
        outbox = client["zone_gateway"]["outbox"]
        before = outbox.find_one({})
        assert before is not None
        outbox.update_one({"_id": before["_id"]}, {"$set": {"data": b'{"synthetic": true}'}})
        at(source)
        backup(tmp_path / "tampered.backup")
        outbox.replace_one({"_id": before["_id"]}, before)
    at(target)
    with pytest.raises(Complaint, match="chains of hashes do not hold") as found:
        restore(tmp_path / "tampered.backup", fresh=True)
    assert f"the chain of hashes is broken at {before['_id']}" in found.value.details
    assert (target.mongo / "old").exists()
    restore(tmp_path / "tampered.backup", fresh=True, with_broken_chains=True)
    assert len(partners_in(target)) == PARTNERS + 1
