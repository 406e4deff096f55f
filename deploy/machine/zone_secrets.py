"""The zone's own secrets: made at the first start, kept in a file that only its owner may read."""

import base64
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.complaint import Complaint
from deploy.services import WITH_GATEWAY
from services.chassis.settings import event_keys_in

OWNER_ONLY = 0o600
IDENTITY_PRIVATE_KEY = "ZONE_IDENTITY_PRIVATE_KEY"
IDENTITY_PUBLIC_KEY = "ZONE_IDENTITY_PUBLIC_KEY"
CURSOR_SECRET = "ZONE_CURSOR_SECRET"
KEY_PEPPER = "ZONE_KEY_PEPPER"
EVENT_KEY = "ZONE_EVENT_KEY"
EVENT_KEYS = "ZONE_EVENT_KEYS"
ALL = (IDENTITY_PRIVATE_KEY, IDENTITY_PUBLIC_KEY, CURSOR_SECRET, KEY_PEPPER, EVENT_KEYS)

OF_THE_GATEWAY = frozenset({IDENTITY_PRIVATE_KEY, IDENTITY_PUBLIC_KEY, CURSOR_SECRET, KEY_PEPPER})
OF_A_SERVICE = frozenset({IDENTITY_PUBLIC_KEY, CURSOR_SECRET})
"""A service can check who the gateway says is calling; it cannot say so itself."""


def secrets_in(file: Path) -> dict[str, str]:
    """The secrets of a zone by the names of their variables, made where the file is not there yet.

    Raises:
        Complaint: the file cannot be read or written, or lacks one of them.
    """
    try:
        if not file.exists():
            _write(file, new_secrets())
        file.chmod(OWNER_ONLY)
    except OSError as error:
        raise Complaint(f"The zone's secrets {file} cannot be used: {error.strerror}.") from error
    found = read_secrets(file)
    if missing := lacking(found):
        raise Complaint(
            f"The zone's secrets {file} lack {', '.join(missing)}: put the file back, or see ./zone init --new."
        )
    return {name: found[name] for name in ALL}


def read_secrets(file: Path) -> dict[str, str]:
    """What a file says, whole or not; nothing where it is not there. Raises Complaint where it cannot be read."""
    try:
        lines = file.read_text(errors="replace").splitlines() if file.exists() else []
    except OSError as error:
        raise Complaint(f"The zone's secrets {file} cannot be used: {error.strerror}.") from error
    found = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name: value for name, value in found.items() if value}


def lacking(found: Mapping[str, str]) -> list[str]:
    """The secrets that are missing or cannot be read, and the services without an event key, in words."""
    missing = [name for name in ALL if not found.get(name)]
    if EVENT_KEYS in missing:
        return missing
    try:
        keys = event_keys_in(found[EVENT_KEYS])
    except ValueError:
        return [*missing, EVENT_KEYS]
    return missing + [f"the key of {name} in {EVENT_KEYS}" for name in WITH_GATEWAY if name not in keys]


def replace_secrets(file: Path, found: Mapping[str, str]) -> None:
    """Write others; the file of before is kept as `….before`. Raises Complaint where it cannot be written."""
    try:
        if file.exists():
            file.replace(file.with_name(f"{file.name}.before"))
        _write(file, found)
    except OSError as error:
        raise Complaint(f"The zone's secrets {file} cannot be used: {error.strerror}.") from error


def told_to(service: str, found: Mapping[str, str], hears: Sequence[str]) -> dict[str, str]:
    """The secrets of one service by the names of its variables: its own event key, and those of whom it hears.

    Args:
        found: of the zone, as `secrets_in` gives them.
        hears: the services whose events it reacts to.
    """
    own = OF_THE_GATEWAY if service == "gateway" else OF_A_SERVICE
    told = {name: found[name] for name in ALL if name in own}
    keys = json.loads(found[EVENT_KEYS])
    if service in keys:
        told[EVENT_KEY] = newest(keys[service])
    if hears:
        told[EVENT_KEYS] = json.dumps({name: keys[name] for name in hears})
    return told


def newest(key: str | Sequence[str]) -> str:
    """Of the keys of a service, the one under which it writes: the first where there are several."""
    return key if isinstance(key, str) else key[0]


def new_secrets() -> dict[str, str]:
    """New secrets: an Ed25519 pair (RFC 8032) by which services know the gateway; all others are 32 random bytes."""
    pair = Ed25519PrivateKey.generate()
    return {
        IDENTITY_PRIVATE_KEY: _text(pair.private_bytes_raw()),
        IDENTITY_PUBLIC_KEY: _text(pair.public_key().public_bytes_raw()),
        CURSOR_SECRET: _text(secrets.token_bytes(32)),
        KEY_PEPPER: _text(secrets.token_bytes(32)),
        EVENT_KEYS: json.dumps({name: _text(secrets.token_bytes(32)) for name in WITH_GATEWAY}),
    }


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _write(file: Path, found: Mapping[str, str]) -> None:
    """All of it or nothing, never readable by others; of two that write at once the first one wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "w") as output:
        output.write(
            "# The zone's secrets. Keep them: issued keys and cursors, and the events in the log, depend on them.\n"
        )
        output.writelines(f"{name}={value}\n" for name, value in found.items())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
