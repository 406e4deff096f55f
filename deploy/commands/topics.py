"""`./zone topics`"""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.machine.secret_files import kafka_password_file
from deploy.machine.zone_folder import ZoneFolder
from deploy.servers.kafka_users import make_users
from deploy.servers.topics import PARTITIONS, create_zone_topics, zone_topics
from deploy.services import WITH_GATEWAY
from deploy.terminal import output
from services.chassis.kafka.topics import cluster_ready


def topics(
    bootstrap: Annotated[
        str | None, typer.Option(help="HOST:PORT of a broker; by default ZONE_KAFKA_BOOTSTRAP or the running zone's.")
    ] = None,
    replication: Annotated[
        int, typer.Option(min=1, max=32_767, help="Copies of each new topic; 3 on a cluster, two of them in sync.")
    ] = 1,
    users: Annotated[
        bool, typer.Option("--users", help="Also each service's user and rights; the broker must let this one do so.")
    ] = False,
) -> None:
    """Create the topics that are not there yet, and list them all; with --users also who may write and read them.

    The users' passwords are the files that ./zone init makes, in the folder ZONE_SECRETS_DIR.
    """
    passwords = _passwords() if users else {}
    where = bootstrap or os.environ.get("ZONE_KAFKA_BOOTSTRAP") or _of_the_running_zone()
    made = asyncio.run(_create(where, replication))
    for name in zone_topics():
        output.print(f"{name}  {PARTITIONS} partitions{'  created' if name in made else ''}")
    if users:
        make_users(where, passwords)
        output.print(f"users: {', '.join(passwords)}")


def _passwords() -> dict[str, str]:
    folder = Path(os.environ.get("ZONE_SECRETS_DIR") or ZoneFolder.usual().secret_files)
    try:
        return {name: (folder / kafka_password_file(name)).read_text().strip() for name in WITH_GATEWAY}
    except OSError as error:
        raise Complaint(f"The password {error.filename} cannot be read: make it with ./zone init.") from error


def _of_the_running_zone() -> str:
    running = ZoneFolder.usual().running()
    if running and (address := running.address_of("kafka")):
        return address
    raise Complaint("No broker is known: start the zone with ./zone up, or name one with --bootstrap HOST:PORT.")


async def _create(bootstrap: str, replication: int) -> list[str]:
    if not await cluster_ready(bootstrap, timeout=10):
        raise Complaint(f"No Kafka answers at {bootstrap}.")
    return await create_zone_topics(bootstrap, replication=replication)
