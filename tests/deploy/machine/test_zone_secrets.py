import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.complaint import Complaint
from deploy.machine.zone_secrets import ALL, OF_A_SERVICE, new_secrets, secrets_in, told_to
from deploy.services import WITH_GATEWAY


def test_secrets_are_made_once_and_used_again(tmp_path: Path) -> None:
    file = tmp_path / "zone" / "secrets.env"
    assert secrets_in(file) == secrets_in(file)


def test_secrets_of_two_zones_differ(tmp_path: Path) -> None:
    first, second = secrets_in(tmp_path / "a"), secrets_in(tmp_path / "b")
    assert [name for name in ALL if first[name] == second[name]] == []


def test_only_their_owner_may_read_them_whatever_happened_meanwhile(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    secrets_in(file)
    file.chmod(0o644)
    secrets_in(file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_public_key_belongs_to_the_private_one(tmp_path: Path) -> None:
    found = secrets_in(tmp_path / "secrets.env")
    private, public = (
        base64.urlsafe_b64decode(found[name] + "=")
        for name in ("ZONE_IDENTITY_PRIVATE_KEY", "ZONE_IDENTITY_PUBLIC_KEY")
    )
    assert Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw() == public


def test_a_service_is_not_told_what_the_gateway_signs_with() -> None:
    assert OF_A_SERVICE.isdisjoint({"ZONE_IDENTITY_PRIVATE_KEY", "ZONE_KEY_PEPPER"})


def test_every_service_has_an_event_key_of_its_own() -> None:
    keys = json.loads(new_secrets()["ZONE_EVENT_KEYS"])
    assert keys.keys() == WITH_GATEWAY.keys()
    assert len(set(keys.values())) == len(keys)


def test_a_service_is_told_its_own_event_key_and_those_of_whom_it_hears() -> None:
    found = new_secrets()
    keys = json.loads(found["ZONE_EVENT_KEYS"])
    told = told_to("metrics", found, ["registry"])
    assert told["ZONE_EVENT_KEY"] == keys["metrics"]
    assert json.loads(told["ZONE_EVENT_KEYS"]) == {"registry": keys["registry"]}


def test_whoever_hears_nobody_knows_nobodys_event_key() -> None:
    assert "ZONE_EVENT_KEYS" not in told_to("registry", new_secrets(), [])


def test_while_a_key_changes_its_service_writes_under_the_new_one() -> None:
    found = new_secrets() | {"ZONE_EVENT_KEYS": json.dumps({"registry": ["new", "old"]})}
    assert told_to("registry", found, [])["ZONE_EVENT_KEY"] == "new"


def test_a_file_without_the_event_key_of_a_service_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    found = secrets_in(file)
    keys = {name: key for name, key in json.loads(found["ZONE_EVENT_KEYS"]).items() if name != "metrics"}
    file.write_text(file.read_text().replace(found["ZONE_EVENT_KEYS"], json.dumps(keys)))
    with pytest.raises(Complaint, match="lack the key of metrics in ZONE_EVENT_KEYS"):
        secrets_in(file)


def test_a_file_that_lost_a_secret_is_a_problem_and_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    secrets_in(file)
    rest = "".join(line for line in file.read_text().splitlines(keepends=True) if "PEPPER" not in line)
    file.write_text(rest)
    with pytest.raises(Complaint, match="lack ZONE_KEY_PEPPER"):
        secrets_in(file)
    assert file.read_text() == rest


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Complaint, match="cannot be used"):
        secrets_in(tmp_path)
