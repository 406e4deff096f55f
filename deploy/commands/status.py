"""`./zone status`"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.launch.part_state import PartState, states_of
from deploy.machine.zone_folder import IN_USE, RunningNote, ZoneFolder
from deploy.terminal import output, say, show, show_rows


def status(as_json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False) -> None:
    """Show what runs, where, and how each part is doing, or why nothing runs.

    The exit code is 0 where all is well, else 1.
    """
    folder = ZoneFolder.usual()
    running = folder.running()
    if running is None:
        _show_stopped(folder, as_json=as_json)
        raise typer.Exit(1)
    states = asyncio.run(states_of(running.servers))
    if as_json:
        pairs = zip(running.servers, states, strict=True)
        servers = [{**asdict(server), "state": each.state, "reasons": each.reasons} for server, each in pairs]
        output.print_json(json.dumps({"running": True, **asdict(running), "servers": servers}))
    else:
        _show_parts(running, states)
    if not running.ready or not all(each.is_fine for each in states):
        raise typer.Exit(1)


def _show_parts(running: RunningNote, states: Sequence[PartState]) -> None:
    """A line for each part, and one for each reason why it is not well."""
    begun = "since" if running.ready else "is starting since"
    output.out(f"{running.url} {begun} {running.started_at}, process {running.launcher_pid}", highlight=False)
    cells = [("PART", "PROCESS", "STATE", "ADDRESS")]
    for server, each in zip(running.servers, states, strict=True):
        cells.append((server.name, str(server.pid or "–"), each.state, server.address))
    show_rows(cells)
    for server, each in zip(running.servers, states, strict=True):
        for reason in each.reasons:
            output.out(f"{server.name}: {reason}", highlight=False)


def _show_stopped(folder: ZoneFolder, *, as_json: bool) -> None:
    why = folder.stopped()
    if as_json:
        told = {"running": False, "starting": folder.is_claimed(), "stopped": asdict(why) if why else None}
        output.print_json(json.dumps(told))
    elif folder.is_claimed():
        say(IN_USE)
    else:
        say("the zone is not running: ./zone up starts it")
        if why is not None:
            at = f" at {why.stopped_at}" if why.stopped_at else ""
            show(Complaint(f"The last run ended{at}: {why.why}", details=why.details))
