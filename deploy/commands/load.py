"""`./zone load korla`: registers the opening figures in the running zone, and opens its Demonstration Base."""

import asyncio
from typing import Annotated, Literal

import typer

from deploy.korla.progress_bar import load_with_bar
from deploy.named_zone import Key, Url, access
from deploy.terminal import errors


def load(
    figures: Annotated[Literal["korla"], typer.Argument(help="The opening figures of the zone in Korla.")],
    url: Url = None,
    key: Key = None,
) -> None:
    """Register 22 industrial and 429 cloud businesses through the gateway, and open the Demonstration Base with eight
    start-ups; what is there already stays."""
    loaded = asyncio.run(load_with_bar(access(url, key), errors))
    typer.echo(f"{figures}: {loaded}\n{loaded.base}")
