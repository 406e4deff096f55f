"""`./zone metrics`"""

import asyncio
from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.inside_pages import page_of_each, processes
from deploy.machine.zone_folder import ZoneFolder


def metrics(name: Annotated[str, typer.Argument(help="registry, incubator, metrics, gateway")]) -> None:
    """Print what a process of the running zone measures, in the Prometheus text format: its /metrics."""
    answer = asyncio.run(page_of_each(processes(ZoneFolder.usual(), [name]), "/metrics"))[name]
    if answer is None or answer[0] != 200:
        said = "does not answer" if answer is None else f"answers {answer[0]}"
        raise Complaint(f"{name} {said}: see ./zone logs {name}.")
    typer.echo(answer[1], nl=False)
