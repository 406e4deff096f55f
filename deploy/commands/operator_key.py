"""`./zone operator-key`"""

import asyncio
from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.machine.ports import free_port
from deploy.machine.service_database import told_url_of, url_in
from deploy.machine.zone_folder import ZoneFolder
from deploy.operator_key import opens, renew_key
from deploy.public_api import access_to
from deploy.servers.mongod import Mongod
from deploy.terminal import say


def operator_key(
    new: Annotated[bool, typer.Option("--new", help="Make it anew, and revoke those that the operator had.")] = False,
) -> None:
    """Say where the operator's key is and whether it opens the zone; with --new make another, as the old one is lost.

    That needs the zone's database and secrets, and no key: it works on a zone that runs, and on one that is stopped.
    The gateway's events and a log say that it was done.
    """
    folder = ZoneFolder.usual()
    if new:
        say(f"a new key of the operator is in {asyncio.run(_made_anew(folder))}; those from before are good no more")
        return
    access = access_to(folder)
    if not asyncio.run(opens(access)):
        raise Complaint(
            f"The operator's key in {folder.operator_key} does not open this zone: ./zone operator-key --new."
        )
    say(f"the operator's key is in {folder.operator_key}")


async def _made_anew(folder: ZoneFolder) -> str:
    if url := told_url_of("gateway"):
        return str(await renew_key(folder, url, reason="asked"))
    if not folder.has_data:
        raise Complaint(
            f"There is no zone in {folder.path}: ./zone up makes one, with its key. "
            "In containers it is docker compose run --rm tools operator-key --new."
        )
    with folder.claimed() as ours:
        if ours:  # nothing runs: its database alone is enough
            async with Mongod(folder.mongo, port=free_port(), log=folder.logs / "mongod.log") as mongod:
                return str(await renew_key(folder, mongod.address, reason="asked"))
    url = url_in(folder.running())
    if url is None:
        raise Complaint("The zone is still starting, or stopping: try again in a moment.")
    return str(await renew_key(folder, url, reason="asked"))
