"""`./zone status`"""

import asyncio
import json
import os
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from deploy.machine.zone_folder import ServerNote, ZoneFolder
from deploy.terminal import output, say
from services.chassis.http import client as http_client


def status(as_json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False) -> None:
    """Show what runs, where, and how each part is doing. The exit code is 0 where all is well, else 1."""
    running = ZoneFolder.usual().running()
    if running is None:
        if as_json:
            output.print_json(json.dumps({"running": False}))
        else:
            say("the zone is not running: ./zone up starts it")
        raise typer.Exit(1)
    states = asyncio.run(_states(running.servers))
    if as_json:
        servers = [{**asdict(server), "state": state} for server, state in zip(running.servers, states, strict=True)]
        output.print_json(json.dumps({"running": True, **asdict(running), "servers": servers}))
    else:
        table = Table("part", "process", "state", "address", title=f"{running.url} since {running.started_at}")
        for server, state in zip(running.servers, states, strict=True):
            table.add_row(server.name, str(server.pid), state, server.address)
        output.print(table)
    if not running.ready or any(state not in ("ok", "running") for state in states):
        raise typer.Exit(1)


async def _states(servers: list[ServerNote]) -> list[str]:
    return await asyncio.gather(*(_state(server) for server in servers))


async def _state(server: ServerNote) -> str:
    """What a service says of itself; of database and broker whether they run, or the launcher starts them again."""
    if not server.address.startswith(("http:", "unix:")):
        return "running" if server.pid is not None and _lives(server.pid) else "is started again"
    answer = await http_client.answer(server.address, "/readyz", timeout=5)
    if answer is None:
        return "does not answer"
    try:
        state = json.loads(answer[1])["state"]
    except (ValueError, KeyError):
        return f"answers {answer[0]}"
    return str(state)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
