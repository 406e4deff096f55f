"""The zone's secrets as files, one each: how `docker-compose.yml` hands them to containers.

The folder lets nobody in but its owner. The files themselves may be read by anyone who gets that far: a container
sees no more than what is mounted into it, and reads it as a user whom this machine does not know.
"""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from deploy.complaint import Complaint
from deploy.machine.zone_secrets import EVENT_KEY, EVENT_KEYS, told_to
from deploy.services import WITH_GATEWAY, heard_by

MONGO_KEYFILE = "mongo-keyfile"
MONGO_ROOT_PASSWORD = "mongo-root-password"
GRAFANA_PASSWORD = "grafana-admin-password"
FOLDER_MODE, FILE_MODE = 0o700, 0o444


def write_secret_files(folder: Path, found: Mapping[str, str]) -> list[str]:
    """Write what is not there yet, and the secrets that the zone has already as they are.

    Args:
        found: the zone's own secrets (`deploy/machine/zone_secrets.py`) by the names of their variables.

    Returns:
        The names of all files.

    Raises:
        Complaint: the folder cannot be written.
    """
    made_once = {
        MONGO_KEYFILE: base64.b64encode(secrets.token_bytes(512)).decode(),  # 6 to 1024 base64 characters
        MONGO_ROOT_PASSWORD: secrets.token_urlsafe(32),
        GRAFANA_PASSWORD: secrets.token_urlsafe(16),
        **{mongo_url_file(name): mongo_url(name, secrets.token_urlsafe(32)) for name in WITH_GATEWAY},
        **{kafka_password_file(name): secrets.token_urlsafe(32) for name in WITH_GATEWAY},
    }
    of_the_zone = {name: value for name, value in found.items() if name != EVENT_KEYS}
    for name in WITH_GATEWAY:
        told = told_to(name, found, heard_by(name))
        of_the_zone |= {file: told[key] for key, file in event_key_files(name).items() if key in told}
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        folder.chmod(FOLDER_MODE)
        for name, value in made_once.items():
            if not (folder / name).exists():
                _write(folder / name, value)
        for name, value in of_the_zone.items():
            _write(folder / name, value)
    except OSError as error:
        raise Complaint(f"The secrets in {folder} cannot be written: {error.strerror}.") from error
    return sorted([*made_once, *of_the_zone])


def told(variable: str, file: str) -> str | None:
    """A secret as a command is told it: by its variable, or by a file in `ZONE_SECRETS_DIR`, as containers are.

    None where nobody says.
    """
    if value := os.environ.get(variable):
        return value
    mounted = Path(os.environ.get("ZONE_SECRETS_DIR", "")) / file
    return mounted.read_text() if mounted.is_file() else None


def mongo_url_file(service: str) -> str:
    """The file that holds a service's `ZONE_MONGO_URL`."""
    return f"{service}-mongo-url"


def kafka_password_file(service: str) -> str:
    """The file that holds a service's `ZONE_KAFKA_PASSWORD`; its `ZONE_KAFKA_USERNAME` is its name."""
    return f"{service}-kafka-password"


def event_key_files(service: str) -> dict[str, str]:
    """The files that hold a service's `ZONE_EVENT_KEY` and, where it hears anybody, its `ZONE_EVENT_KEYS`."""
    return {EVENT_KEY: f"{service}-event-key", EVENT_KEYS: f"{service}-event-keys"}


def mongo_url(service: str, password: str) -> str:
    """How a container reaches the database: every service as a user of its own, who sees that service's data alone."""
    return f"mongodb://{service}:{password}@mongo:27017/?replicaSet=zone&authSource=admin"


def _write(file: Path, value: str) -> None:
    """All of it or nothing."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_text(value)
    draft.chmod(FILE_MODE)
    draft.replace(file)
