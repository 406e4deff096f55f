"""The operator's key of a zone on this machine: whether it opens the zone, and another where it was lost."""

import os
from pathlib import Path
from typing import Final

import orjson

from deploy.complaint import Complaint
from deploy.machine.secret_files import told
from deploy.machine.service_database import database_of
from deploy.machine.zone_folder import ZoneFolder
from deploy.machine.zone_secrets import KEY_PEPPER, secrets_in
from deploy.public_api import (
    A_KEY,
    UNAUTHENTICATED,
    Access,
    UnexpectedAnswer,
    access_to,
    connect,
    key_in,
    the_office,
)
from deploy.terminal import output, say
from gateway.access.operator_key import renew
from services.chassis.domain.errors import Unavailable
from services.chassis.domain.times import rfc3339, utc_now
from services.chassis.store.mongo import MongoStore
from services.contracts.gateway.access import OperatorKeyReason

LOG: Final = "operator-key.log"


async def usable_access(folder: ZoneFolder, mongo_url: str) -> Access | None:
    """Access to the zone that runs here, with a new key where its file is gone or empty; None where it opens nothing.

    Raises:
        Complaint: the key cannot be read or made, or the zone does not answer.
    """
    if not key_in(folder.operator_key):
        await renew_key(folder, mongo_url, reason="file_gone")
        say(f"the operator's key was not in {folder.operator_key}: there is a new one, and its others are revoked")
    access = access_to(folder)
    if await opens(access):
        return access
    say(
        f"the operator's key in {folder.operator_key} does not open this zone: it was revoked, or sealed under other "
        "secrets. ./zone operator-key --new makes one that does"
    )
    return None


async def opens(access: Access) -> bool:
    """Whether the key is good. Raises UnexpectedAnswer where the zone says neither yes nor no."""
    if not A_KEY.fullmatch(access.operator_key):
        return False
    async with connect(access.url, access.operator_key) as operator:
        try:
            await the_office(operator, about="operator's key")
        except UnexpectedAnswer as answer:
            if answer.status != UNAUTHENTICATED:
                raise
            return False
    return True


async def renew_key(folder: ZoneFolder, mongo_url: str, *, reason: OperatorKeyReason) -> Path:
    """Make the operator's key anew, in the gateway's database; where it is left. An event and a log line say so.

    Raises:
        Complaint: the database is away, or the file cannot be written.
    """
    file = Path(os.environ.get("ZONE_OPERATOR_KEY_FILE") or folder.operator_key)
    store = MongoStore(mongo_url, database_of("gateway"), "gateway")
    try:
        key = await renew(store, pepper=_pepper(folder).encode(), key_file=file, reason=reason)
    except Unavailable as error:
        raise Complaint(f"The operator's key cannot be made, as MongoDB cannot be reached: {error.detail}") from error
    except OSError as error:
        raise Complaint(f"The operator's key {file} cannot be written: {error.strerror}.") from error
    finally:
        store.close()
    _log(folder, client_id=key.client_id, key_id=key.id, reason=reason)
    return file


def _pepper(folder: ZoneFolder) -> str:
    """Under which the gateway seals keys: as told, or this zone's."""
    pepper = told(KEY_PEPPER, KEY_PEPPER)
    return secrets_in(folder.secrets)[KEY_PEPPER] if pepper is None else pepper


def _log(folder: ZoneFolder, **said: str) -> None:
    """One line as services log: beside their logs, or on standard output where there are none, as in a container."""
    user = {"uid": os.getuid()} if hasattr(os, "getuid") else {}
    line = orjson.dumps(
        {
            **said,
            **user,
            "event": "operator_key_renewed",
            "service": "operator-key",
            "level": "warning",
            "logger": "zone.operator_key",
            "timestamp": rfc3339(utc_now()),
        }
    ).decode()
    if not folder.logs.is_dir():
        output.out(line, highlight=False)
        return
    with (folder.logs / LOG).open("a") as log:
        log.write(f"{line}\n")
