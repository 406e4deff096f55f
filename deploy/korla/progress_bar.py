"""The opening figures, loaded behind a progress bar."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.korla.load import Loaded, load_opening_figures
from deploy.public_api import Access


async def load_with_bar(access: Access, console: Console) -> Loaded:
    """Load the opening figures under a progress bar.

    Raises:
        UnexpectedAnswer: as `load_opening_figures`.
    """
    bar = Progress(
        BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"), console=console
    )
    with bar:
        task = bar.add_task("opening figures", total=None)

        def show(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=name)

        loaded = await load_opening_figures(access.url, access.operator_key, show)
        bar.update(task, description="opening figures")
    return loaded
