"""Which zone a command speaks to, as its options say: the one that runs here, or one that is named by its address."""

import re
from typing import Annotated, Final
from urllib.parse import urlsplit

import typer

from deploy.complaint import Complaint
from deploy.machine.zone_folder import ZoneFolder
from deploy.public_api import Access, access_to

ADDRESS: Final = re.compile(r"https?://[^/\s?#]+/*")

Url = Annotated[
    str | None,
    typer.Option("--url", envvar="ZONE_URL", help="A zone elsewhere: http://HOST:PORT or https://…, without a path."),
]
Key = Annotated[
    str | None,
    typer.Option("--key", envvar="ZONE_KEY", help="The operator's key there; other users of this machine see options."),
]


def access(url: str | None, key: str | None) -> Access:
    """Access to the zone that is named, or to the one that runs in this repository where none is.

    Raises:
        Complaint: one of both is missing, the address is none, or no zone runs here.
    """
    if url is None and key is None:
        return access_to(ZoneFolder.usual())
    if url is None:
        running = ZoneFolder.usual().running()
        if running is None:
            raise Complaint("A key alone names no zone, and none runs here: say --url http://HOST:PORT too.")
        url = running.url
    if not _is_address(url):
        raise Complaint(f"{url} is no zone's address: it is http://HOST:PORT or https://HOST:PORT, without a path.")
    if not key or not key.strip():
        raise Complaint(f"The zone at {url} wants its operator's key: --key, or the variable ZONE_KEY.")
    return Access(url.rstrip("/"), key.strip())


def _is_address(url: str) -> bool:
    try:
        return bool(ADDRESS.fullmatch(url)) and urlsplit(url).port != 0
    except ValueError:  # no port, or none in brackets
        return False
