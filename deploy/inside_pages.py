"""What each process of the running zone shows to those inside alone: its `/readyz` and its `/metrics`."""

import asyncio
from collections.abc import Collection, Mapping

from deploy.complaint import Complaint
from deploy.machine.zone_folder import ServerNote, ZoneFolder
from services.chassis.http import client as http_client

TIMEOUT_S = 5.0


def processes(folder: ZoneFolder, names: Collection[str] = ()) -> list[ServerNote]:
    """The processes of this folder's zone that answer HTTP, in the order of their start: all of them, or those named.

    Raises:
        Complaint: no zone runs there, or it has none of a name.
    """
    note = folder.running()
    if note is None:
        raise Complaint("No zone is running here. Start one with ./zone up.")
    there = [server for server in note.servers if server.answers_http]
    if unknown := sorted({*names} - {server.name for server in there}):
        known = ", ".join(server.name for server in there) or "nothing yet"
        raise Complaint(f"No process is called {', '.join(unknown)}; there is {known}.")
    return [server for server in there if not names or server.name in names]


async def page_of_each(servers: Collection[ServerNote], path: str) -> Mapping[str, tuple[int, str] | None]:
    """Status and body of a page of each process, by name; None where a process does not answer."""
    answers = await asyncio.gather(*(http_client.answer(server.address, path, timeout=TIMEOUT_S) for server in servers))
    return {server.name: answer for server, answer in zip(servers, answers, strict=True)}
