"""`./zone logs`"""

import asyncio
import contextlib
import re
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.machine.logs.files import merged
from deploy.machine.logs.follower import LogFollower, LogView
from deploy.machine.logs.line import Level
from deploy.machine.zone_folder import ZoneFolder

LAST_LINES = 100
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def logs(
    names: Annotated[list[str] | None, typer.Argument(help="The same as --service.")] = None,
    service: Annotated[
        list[str] | None, typer.Option("--service", "-s", help="registry, gateway, mongod, …; may stand repeatedly.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="30s, 10m, 2h, 3d, or a moment such as 2026-11-27T09:00+08:00.")
    ] = None,
    level: Annotated[Level, typer.Option("--level", help="The least grave lines that are shown.")] = "debug",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
    lines: Annotated[
        int | None,
        typer.Option("--lines", "-n", min=1, help=f"How many of the last; {LAST_LINES}, or all with --since."),
    ] = None,
) -> None:
    """Show what the parts of the zone have logged, in the order of time: all of them, or those named.

    Since their last start, or, with --since, since then: the logs of the three starts before are kept.
    """
    chosen = _chosen(ZoneFolder.usual().logs, [*(names or ()), *(service or ())])
    begin = _moment(since) if since is not None else None
    last = lines if lines is not None or begin is not None else LAST_LINES
    view = LogView([log.stem for log in chosen], level=level, plain=len(chosen) == 1)
    follower = LogFollower(chosen, view, from_now=True)
    found = filter(view.shows, merged(chosen, since=begin, whole=begin is not None or level != "debug"))
    view.show(found if last is None else deque(found, maxlen=last))
    if follow:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(follower.run())


def _chosen(folder: Path, names: Sequence[str]) -> list[Path]:
    there = {log.stem: log for log in sorted(folder.glob("*.log"))}
    if not there:
        raise Complaint(f"Nothing has been logged in {folder} yet: ./zone up starts the zone.")
    if unknown := [name for name in names if name not in there]:
        raise Complaint(f"There is no log of {', '.join(unknown)}; there is of {', '.join(there)}.")
    return [there[name] for name in dict.fromkeys(names or there)]


def _moment(since: str) -> datetime:
    """So long ago, or a moment of RFC 3339; without an offset it is the machine's own time."""
    try:
        if ago := re.fullmatch(r"(\d{1,9})([smhd])", since):
            return datetime.now(UTC) - timedelta(**{UNITS[ago[2]]: int(ago[1])})
        return datetime.fromisoformat(since).astimezone()
    except (ValueError, OverflowError):  # the latter: before the calendar begins
        raise Complaint(
            f"--since {since} is neither a time ago, such as 10m, nor a moment, such as 2026-11-27T09:00+08:00."
        ) from None
