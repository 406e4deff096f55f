"""`./zone figures-key`"""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.figures_key import is_good, keep, make
from deploy.machine.zone_folder import ZoneFolder
from deploy.public_api import Access, access_to, connect
from deploy.terminal import say


def figures_key(
    file: Annotated[Path, typer.Argument(help="Where the key is kept, for the scraper to read.")],
    url: Annotated[str | None, typer.Option(help="The gateway's address; by default the running zone's.")] = None,
    operator_key: Annotated[Path | None, typer.Option(help="The file of its operator's key; goes with --url.")] = None,
) -> None:
    """Let a scraper such as Prometheus read the zone's figures and nothing else: make a key of its own, unless FILE
    holds one that is good."""
    if (url is None) is not (operator_key is None):
        raise Complaint("--url and --operator-key go together: a zone, and the key of its operator.")
    access = Access(url, _in(operator_key)) if url and operator_key else access_to(ZoneFolder.usual())
    held = _in(file) if file.exists() else None
    made = asyncio.run(_ensure(file, held, access))
    say(f"the key in {file} reads figures{', made just now' if made else ''}")


async def _ensure(file: Path, held: str | None, access: Access) -> bool:
    """Whether a key had to be made, as the file held none that is good."""
    if held is not None:
        async with connect(access.url, held) as scraper:
            if await is_good(scraper):
                return False
    async with connect(access.url, access.operator_key) as operator:
        keep(file, await make(operator))
    return True


def _in(file: Path) -> str:
    try:
        return file.read_text().strip()
    except OSError as error:
        raise Complaint(f"The key {file} cannot be read: {error.strerror}.") from error
