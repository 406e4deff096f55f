"""`./zone figures-key`"""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.figures_key import is_good, keep, make
from deploy.named_zone import Key, Url, access
from deploy.public_api import A_KEY, Access, connect, key_in
from deploy.terminal import say


def figures_key(
    file: Annotated[Path, typer.Argument(help="Where the key is kept, for the scraper to read.")],
    url: Url = None,
    key: Key = None,
) -> None:
    """Let a scraper such as Prometheus read the zone's figures and nothing else: make a key of its own, unless FILE
    holds one that is good."""
    zone = access(url, key)
    held = key_in(file)
    if held and not A_KEY.fullmatch(held):
        raise Complaint(f"{file} holds something else than a key: name another file. Nothing was changed.")
    made = asyncio.run(_ensure(file, held, zone))
    say(f"the key in {file} reads figures{', made just now' if made else ''}")


async def _ensure(file: Path, held: str, zone: Access) -> bool:
    """Whether a key had to be made, as the file held none that is good."""
    if held:
        async with connect(zone.url, held) as scraper:
            if await is_good(scraper):
                return False
    async with connect(zone.url, zone.operator_key) as operator:
        keep(file, await make(operator))
    return True
