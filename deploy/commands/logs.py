"""`./zone logs`"""

import asyncio
import contextlib
from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.machine.zone_folder import ZoneFolder
from deploy.terminal import LogFollower, output


def logs(
    names: Annotated[list[str] | None, typer.Argument(help="registry, gateway, mongod, kafka, launcher, …")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", help="How many of the last lines of each.")] = 50,
) -> None:
    """Show what the parts of the zone have logged since their last start; all of them, or those named."""
    folder = ZoneFolder.usual().logs
    there = {log.stem: log for log in sorted(folder.glob("*.log"))}
    if unknown := [name for name in names or () if name not in there]:
        raise Complaint(f"There is no log of {', '.join(unknown)}; there is of {', '.join(there) or 'nothing yet'}.")
    chosen = [there[name] for name in names or there]
    follower = LogFollower(chosen, from_now=True)
    for log in chosen:
        for line in log.read_text(errors="replace").splitlines()[-lines:]:
            output.out(f"{log.stem} │ {line}" if len(chosen) > 1 else line, highlight=False)
    if follow:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(follower.run())
