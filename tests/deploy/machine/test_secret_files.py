import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.__main__ import command_line
from deploy.complaint import Complaint
from deploy.machine.secret_files import write_secret_files
from deploy.machine.zone_secrets import new_secrets
from services.chassis.settings import Settings

KEY = "a synthetic key of 32 characters"


def test_nobody_but_the_owner_gets_into_the_folder_and_everybody_inside_can_read(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    names = write_secret_files(folder, new_secrets())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {(folder / name).stat().st_mode & 0o777 for name in names} == {0o444}


def test_what_was_made_once_stays(tmp_path: Path) -> None:
    found = new_secrets()
    names = write_secret_files(tmp_path, found)
    before = {name: (tmp_path / name).read_text() for name in names}
    assert write_secret_files(tmp_path, found) == names
    assert {name: (tmp_path / name).read_text() for name in names} == before
    assert {path.name for path in tmp_path.iterdir()} == set(names)


def test_each_service_reaches_the_database_under_its_own_name_with_its_own_password(tmp_path: Path) -> None:
    write_secret_files(tmp_path, new_secrets())
    urls = [(tmp_path / f"{name}-mongo-url").read_text() for name in ("registry", "gateway")]
    users = [url.removeprefix("mongodb://").partition("@")[0].split(":") for url in urls]
    assert [name for name, _ in users] == ["registry", "gateway"]
    assert users[0][1] != users[1][1]


def test_a_container_gets_the_event_keys_that_its_service_needs_and_no_others(tmp_path: Path) -> None:
    found = new_secrets()
    names = write_secret_files(tmp_path, found)
    keys = json.loads(found["ZONE_EVENT_KEYS"])
    assert (tmp_path / "registry-event-key").read_text() == keys["registry"]
    for service, heard in {"metrics": ("registry", "incubator"), "registry": ("incubator", "gateway")}.items():
        told = json.loads((tmp_path / f"{service}-event-keys").read_text())
        assert told == {name: keys[name] for name in heard}
    assert {"ZONE_EVENT_KEYS", "gateway-event-keys"}.isdisjoint(names)


def test_the_keyfile_is_one_that_mongod_takes(tmp_path: Path) -> None:
    write_secret_files(tmp_path, new_secrets())
    key = (tmp_path / "mongo-keyfile").read_text()
    assert 6 <= len(key) <= 1024
    assert key.replace("+", "").replace("/", "").replace("=", "").isalnum()


def test_a_folder_that_cannot_be_made_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Complaint, match="cannot be written"):
        write_secret_files(tmp_path / "file" / "secrets", new_secrets())


def test_init_makes_them_of_the_secrets_that_the_zone_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZONE_FOLDER", str(tmp_path))
    assert CliRunner().invoke(command_line(["init"]), ["init"]).exit_code == 0
    pepper = (tmp_path / "secrets" / "ZONE_KEY_PEPPER").read_text()
    assert f"ZONE_KEY_PEPPER={pepper}\n" in (tmp_path / "secrets.env").read_text()


def test_a_process_reads_them_as_if_they_were_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = new_secrets()
    write_secret_files(tmp_path, found)
    (tmp_path / "ZONE_EVENT_KEY").write_text(KEY)
    (tmp_path / "ZONE_EVENT_KEYS").write_text(json.dumps({"registry": KEY}))
    monkeypatch.delenv("ZONE_IDENTITY_PUBLIC_KEY", raising=False)
    settings = Settings(_secrets_dir=tmp_path, env="production")
    assert settings.identity_public_key == found["ZONE_IDENTITY_PUBLIC_KEY"]
    assert settings.cursor_secret == found["ZONE_CURSOR_SECRET"]
    assert settings.event_key == KEY
    assert settings.event_keys == {"registry": (KEY,)}
