"""A key that reads the zone's figures and nothing else, kept in a file: how a scraper such as Prometheus comes in."""

import os
from pathlib import Path
from typing import Any, Final

from deploy.complaint import Complaint
from deploy.public_api import call, pages, the_office
from services.chassis.http.client import Client, TransportError

ABOUT: Final = "figures-key"
FIGURES: Final = "/v1/metrics/kpis/openmetrics"
SCOPES: Final = ["metrics:read"]
KIND: Final = "auditor"
"""Who never writes, and sees figures as they are; partners see no sum of which fewer than three make a part."""
FILE_MODE: Final = 0o444
"""Read by a process of another user; who may enter the folder is for the folder to say."""


async def is_good(client: Client) -> bool:
    """Whether the key with which this client calls still reads the figures.

    Raises:
        Complaint: nobody answers.
    """
    try:
        return (await client.get(FIGURES)).status_code not in (401, 403)
    except TransportError as error:
        raise Complaint(f"The zone does not answer at {client.base_url}: {type(error).__name__}.") from error


async def make(operator: Client) -> str:
    """A new key of the scraper, which is made on the first time and found again later.

    Raises:
        UnexpectedAnswer: the zone refused.
    """
    path = f"/v1/partners/{(await the_office(operator, about=ABOUT))['id']}/clients"
    there = pages(operator, path, about=ABOUT, kind=KIND, status="active")
    found = [each["id"] async for each in there if each["scopes"] == SCOPES]
    client_id = found[0] if found else await _made(operator, path, {"kind": KIND, "scopes": SCOPES}, "id")
    return await _made(operator, f"/v1/clients/{client_id}/keys", {}, "key")


async def _made(operator: Client, path: str, body: dict[str, Any], member: str) -> str:
    return str((await call(operator, "POST", path, about=ABOUT, json=body)).body[member])


def keep(file: Path, key: str) -> None:
    """Put a key into its file, all of it or nothing.

    Raises:
        Complaint: the file cannot be written.
    """
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        draft.write_text(key)
        draft.chmod(FILE_MODE)
        draft.replace(file)
    except OSError as error:
        raise Complaint(f"The key cannot be kept in {file}: {error.strerror}.") from error
