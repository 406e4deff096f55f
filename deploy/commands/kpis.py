"""`./zone kpis`: how the zone is doing, as a table."""

import asyncio
from typing import Annotated

import typer

from deploy.documents.kpi_table import ask
from deploy.documents.target_table import survey
from deploy.named_zone import Key, Url, access


def kpis(
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer of the API unchanged.")] = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Print the zone's figures, in total and by kind of business, with their past years, and how its targets stand."""
    zone = access(url, key)
    typer.echo(asyncio.run(ask(zone)).text if as_json else str(asyncio.run(survey(zone))))
