"""`./zone kpi-picture`: a figure of a running zone as a picture, such as docs/valuation.svg."""

import asyncio
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from deploy.complaint import Complaint
from deploy.machine.zone_folder import ZoneFolder
from deploy.named_zone import Key, Url, access
from deploy.public_api import Access, connect, said
from deploy.terminal import say
from services.chassis.http.client import TransportError


def kpi_picture(
    kpi: Annotated[str, typer.Argument(help="The figure, by its id.")] = "valuation_total",
    kind: Annotated[str, typer.Option(help="Of which kind of business; empty for all.")] = "industrial",
    file: Annotated[Path | None, typer.Option(help="Where the picture goes; by default .zone/<kpi>.svg.")] = None,
    url: Url = None,
    key: Key = None,
) -> None:
    """Draw a figure of a running zone, with its targets, from the API."""
    params = {"kind": kind} if kind else {}
    picture = asyncio.run(picture_of(access(url, key), kpi, params))
    say(f"{kpi} drawn in {ZoneFolder.usual().keep_picture(picture, kpi, file)}")


async def picture_of(access: Access, kpi: str, params: dict[str, str]) -> str:
    """The picture as the zone draws it. Raises Complaint where it does not."""
    async with connect(access.url, access.operator_key) as client:
        try:
            answer = await client.get(f"/v1/metrics/kpis/{quote(kpi, safe='')}/chart.svg", params=params)
        except TransportError as error:
            raise Complaint(f"The zone does not answer at {access.url}: {type(error).__name__}.") from error
    if answer.status_code != 200:
        raise Complaint(f"The zone does not draw {kpi}: it answered {answer.status_code} {said(answer)}")
    return answer.text
