"""`./zone kpi-picture`: a figure of the running zone as a picture, such as docs/valuation.svg."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.machine.zone_folder import ROOT, ZoneFolder
from deploy.public_api import Access, access_to, connect
from deploy.terminal import say


def kpi_picture(
    kpi: Annotated[str, typer.Argument(help="The figure, by its id.")] = "valuation_total",
    kind: Annotated[str, typer.Option(help="Of which kind of business; empty for all.")] = "industrial",
    file: Annotated[Path, typer.Option(help="Where the picture goes.")] = ROOT / "docs" / "valuation.svg",
) -> None:
    """Draw a figure of the running zone, with its targets, from the API."""
    params = {"kind": kind} if kind else {}
    file.write_text(asyncio.run(picture_of(access_to(ZoneFolder.usual()), kpi, params)))
    say(f"{kpi} drawn in {file}")


async def picture_of(access: Access, kpi: str, params: dict[str, str]) -> str:
    """The picture as the zone draws it. Raises Complaint where it does not."""
    async with connect(access.url, access.operator_key) as client:
        answer = await client.request("GET", f"/v1/metrics/kpis/{kpi}/chart.svg", params=params)
    if answer.status_code != 200:
        raise Complaint(f"The zone does not draw {kpi}: {answer.text}")
    return answer.text
