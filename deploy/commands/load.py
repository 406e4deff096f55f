"""`./zone load korla`: registers the opening figures in the running zone, and opens its Demonstration Base."""

import asyncio
from typing import Annotated, Literal

import typer

from deploy.korla.progress_bar import load_with_bar
from deploy.machine.zone_folder import ZoneFolder
from deploy.public_api import access_to
from deploy.terminal import errors


def load(
    figures: Annotated[Literal["korla"], typer.Argument(help="The opening figures of the zone in Korla.")],
) -> None:
    """Register 22 industrial and 429 cloud businesses through the gateway, and open the Demonstration Base with eight
    start-ups; what is there already stays."""
    access = access_to(ZoneFolder.usual())
    loaded = asyncio.run(load_with_bar(access, errors))
    typer.echo(f"{figures}: {loaded}\n{loaded.base}")
