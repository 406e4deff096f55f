"""`./zone health`"""

import asyncio
import json
from typing import Annotated, Any

import typer

from deploy.inside_pages import page_of_each, processes
from deploy.machine.zone_folder import ZoneFolder
from deploy.terminal import output


def health(
    names: Annotated[list[str] | None, typer.Argument(help="registry, incubator, metrics, gateway")] = None,
) -> None:
    """Print what the running zone's processes say of what they need, as JSON: the /readyz of all, or of those named.

    The exit code is 0 where all of them can do their work, else 1.
    """
    answers = asyncio.run(page_of_each(processes(ZoneFolder.usual(), names or ()), "/readyz"))
    output.print_json(json.dumps({name: _said(answer) for name, answer in answers.items()}))
    if any(answer is None or answer[0] != 200 for answer in answers.values()):
        raise typer.Exit(1)


def _said(answer: tuple[int, str] | None) -> Any:
    """What a process says, also where it is no JSON or nothing at all."""
    if answer is None:
        return {"state": "does not answer"}
    try:
        return json.loads(answer[1])
    except ValueError:
        return {"state": f"answers {answer[0]}"}
