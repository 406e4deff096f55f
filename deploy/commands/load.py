"""`./zone load korla`: registers the opening figures in the running zone."""

import asyncio
from typing import Annotated, Literal

import stamina
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.korla.load import Report, load_opening_figures
from deploy.public_api import Access, access_to
from deploy.terminal import errors
from deploy.zone_folder import ZoneFolder


def load(
    figures: Annotated[Literal["korla"], typer.Argument(help="The opening figures of the zone in Korla.")],
) -> None:
    """Register 22 industrial and 429 cloud businesses through the gateway; what is there already stays."""
    access = access_to(ZoneFolder.usual())
    report = asyncio.run(load_with_bar(access, errors))
    typer.echo(f"{figures}: {report}")


async def load_with_bar(access: Access, console: Console) -> Report:
    """Load the opening figures under a progress bar.

    Raises:
        UnexpectedAnswer: as `load_opening_figures`.
    """
    stamina.instrumentation.set_on_retry_hooks(())  # a log line for each try again would tear the bar apart
    bar = Progress(
        BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"), console=console
    )
    with bar:
        task = bar.add_task("opening figures", total=None)

        def show(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=name)

        report = await load_opening_figures(access.url, access.operator_key, show)
        bar.update(task, description="opening figures")
    return report
