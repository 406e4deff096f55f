"""A zone whose secrets are lost or damaged: mended where nothing depends on them, said where something does."""

import json
from pathlib import Path

import pytest

from deploy.complaint import Complaint
from deploy.machine.lost_secrets import begin_anew, secrets_of
from deploy.machine.secret_files import write_secret_files
from deploy.machine.zone_folder import ZoneFolder
from deploy.machine.zone_secrets import ALL, CURSOR_SECRET, EVENT_KEYS, KEY_PEPPER, read_secrets, secrets_in
from gateway.settings import public_half

PRIVATE, PUBLIC = "ZONE_IDENTITY_PRIVATE_KEY", "ZONE_IDENTITY_PUBLIC_KEY"


@pytest.fixture
def folder(tmp_path: Path) -> ZoneFolder:
    """Of a zone that has started once and keeps something."""
    folder = ZoneFolder(tmp_path)
    secrets_in(folder.secrets)
    folder.mongo.mkdir()
    (folder.mongo / "WiredTiger").touch()
    folder.operator_key.write_text("zk_live_1\n")
    return folder


def nothing(sentence: str) -> None:
    raise AssertionError(f"said: {sentence}")


def without(folder: ZoneFolder, *names: str) -> dict[str, str]:
    """Take secrets out of the file; what it said before."""
    before = read_secrets(folder.secrets)
    folder.secrets.write_text("".join(f"{name}={value}\n" for name, value in before.items() if name not in names))
    return before


def test_a_new_zone_gets_secrets(tmp_path: Path) -> None:
    assert secrets_of(ZoneFolder(tmp_path), nothing).keys() == set(ALL)


def test_whole_secrets_are_left_as_they_are(folder: ZoneFolder) -> None:
    before = folder.secrets.read_text()
    secrets_of(folder, nothing)
    assert folder.secrets.read_text() == before


def test_a_file_that_is_gone_is_made_again_from_the_files_for_containers(folder: ZoneFolder) -> None:
    before = secrets_in(folder.secrets)
    write_secret_files(folder.secret_files, before)
    folder.secrets.unlink()
    said: list[str] = []
    assert secrets_of(folder, said.append) == before
    assert [sentence for sentence in said if "whole again" in sentence] == said != []
    assert folder.secrets.stat().st_mode & 0o777 == 0o600


def test_the_files_for_containers_are_not_made_anew_where_they_alone_are_left(tmp_path: Path) -> None:
    folder, said = ZoneFolder(tmp_path), list[str]()
    before = secrets_in(folder.secrets)
    write_secret_files(folder.secret_files, before)  # of a zone in containers, whose data is elsewhere
    folder.secrets.unlink()
    assert secrets_of(folder, said.append) == before


def test_a_key_of_before_that_consumers_still_know_comes_back_too(folder: ZoneFolder) -> None:
    keys = json.loads(secrets_in(folder.secrets)[EVENT_KEYS])
    before = secrets_in(folder.secrets) | {EVENT_KEYS: json.dumps(keys | {"registry": ["new", "old"]})}
    write_secret_files(folder.secret_files, before)
    folder.secrets.unlink()
    assert json.loads(secrets_of(folder, lambda _: None)[EVENT_KEYS])["registry"] == ["new", "old"]


def test_a_file_that_is_gone_where_events_and_keys_depend_on_it_is_a_problem_with_a_way_out(folder: ZoneFolder) -> None:
    folder.secrets.unlink()
    with pytest.raises(Complaint, match=r"put the file back, or make new ones with \./zone init --new\. Then no key"):
        secrets_of(folder, nothing)
    assert not folder.secrets.exists()


@pytest.mark.parametrize("lost", [[PRIVATE], [PUBLIC], [PRIVATE, PUBLIC]])
def test_what_outlives_no_start_is_made_anew_at_once(folder: ZoneFolder, lost: list[str]) -> None:
    before, said = without(folder, *lost), list[str]()
    found = secrets_of(folder, said.append)
    assert public_half(found[PRIVATE]) == found[PUBLIC]
    assert (found[KEY_PEPPER], found[EVENT_KEYS]) == (before[KEY_PEPPER], before[EVENT_KEYS])
    assert [name for name in lost if name not in said[0]] in ([], [PUBLIC], [PRIVATE])


@pytest.mark.parametrize(
    ("lost", "cost"),
    [
        (KEY_PEPPER, "no key that was issued is good"),
        (CURSOR_SECRET, "a candidate who is known is taken for a new one"),
        (EVENT_KEYS, "parked as forged"),
    ],
)
def test_what_something_depends_on_is_never_made_anew_unasked_and_its_cost_is_told(
    folder: ZoneFolder, lost: str, cost: str
) -> None:
    without(folder, lost)
    with pytest.raises(Complaint, match=rf"lack {lost}, .* Then {cost}|Then .*{cost}"):
        secrets_of(folder, nothing)


@pytest.mark.parametrize("text", ["garbage", "c2hvcnQ"])
def test_a_pair_that_is_none_is_made_anew(folder: ZoneFolder, text: str) -> None:
    before = read_secrets(folder.secrets)
    folder.secrets.write_text(folder.secrets.read_text().replace(before[PRIVATE], text))
    found = secrets_of(folder, lambda _: None)
    assert public_half(found[PRIVATE]) == found[PUBLIC] != before[PUBLIC]


@pytest.mark.parametrize("text", ["{", "[]", '{"registry": 1}'])
def test_event_keys_that_cannot_be_read_are_a_problem_and_no_traceback(folder: ZoneFolder, text: str) -> None:
    before = read_secrets(folder.secrets)[EVENT_KEYS]
    folder.secrets.write_text(folder.secrets.read_text().replace(before, text))
    with pytest.raises(Complaint, match="lack ZONE_EVENT_KEYS"):
        secrets_of(folder, nothing)


def test_new_secrets_take_the_place_of_the_lost_ones_alone(folder: ZoneFolder) -> None:
    before = without(folder, KEY_PEPPER)
    assert begin_anew(folder) == [KEY_PEPPER]
    after = secrets_of(folder, nothing)
    assert {name for name in ALL if after[name] != before[name]} == {KEY_PEPPER}
    assert not folder.operator_key.exists()  # sealed under the lost one: the next start makes another


def test_without_a_file_everything_is_new(folder: ZoneFolder) -> None:
    before = read_secrets(folder.secrets)
    folder.secrets.unlink()
    assert begin_anew(folder) == [*ALL]
    assert [name for name, value in secrets_of(folder, nothing).items() if value == before[name]] == []


def test_lost_event_keys_leave_the_operators_key_alone(folder: ZoneFolder) -> None:
    without(folder, EVENT_KEYS)
    assert begin_anew(folder) == [EVENT_KEYS]
    assert folder.operator_key.exists()


def test_whole_secrets_are_never_replaced(folder: ZoneFolder) -> None:
    with pytest.raises(Complaint, match="are whole: nothing was changed"):
        begin_anew(folder)


def test_secrets_of_a_running_zone_are_never_replaced(folder: ZoneFolder) -> None:
    without(folder, KEY_PEPPER)
    with folder.claimed(), pytest.raises(Complaint, match="stop it first"):
        begin_anew(folder)
