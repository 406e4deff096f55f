"""`./zone kpis`: how the zone is doing, as a table."""

import asyncio
from typing import Annotated

import typer

from deploy.documents.kpi_table import ask
from deploy.documents.target_table import survey
from deploy.machine.zone_folder import ZoneFolder
from deploy.public_api import access_to


def kpis(
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer of the API unchanged.")] = False,
) -> None:
    """Print the zone's figures, in total and by kind of business, with their past years, and how its targets stand."""
    access = access_to(ZoneFolder.usual())
    typer.echo(asyncio.run(ask(access)).text if as_json else str(asyncio.run(survey(access))))
