"""`./zone kpis`: how the zone is doing, as a table."""

import asyncio
from typing import Annotated

import typer

from deploy.documents.kpi_table import ask, table_of
from deploy.machine.zone_folder import ZoneFolder
from deploy.public_api import access_to


def kpis(
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer of the API unchanged.")] = False,
) -> None:
    """Print the zone's figures, in total and by kind of business."""
    answer = asyncio.run(ask(access_to(ZoneFolder.usual())))
    typer.echo(answer.text if as_json else table_of(answer.body))
