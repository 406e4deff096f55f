"""`./zone backup FILE`: all that a running zone knows, in one file."""

import os
from pathlib import Path
from typing import Annotated

import typer

from deploy.backup.backup import Backup
from deploy.backup.databases import answering
from deploy.complaint import Complaint
from deploy.machine.service_database import database_of, url_in
from deploy.machine.zone_folder import ZoneFolder
from deploy.machine.zone_secrets import EVENT_KEYS, secrets_in
from deploy.services import WITH_GATEWAY
from deploy.terminal import say
from services.chassis.kafka.client import KafkaFailure
from services.chassis.kafka.mac import ProducerKeys
from services.chassis.settings import event_keys_in


def backup(file: Annotated[Path, typer.Argument(help="The new file; one that is there is never replaced.")]) -> None:
    """Write every document of all services as of one moment into a file, while the zone goes on.

    The file is a ZIP archive in mongodump's layout. It holds no secrets: keep a copy of .zone/secrets.env apart.
    """
    folder = ZoneFolder.usual()
    running = folder.running()
    mongo = url_in(running)
    if mongo is None:
        raise Complaint("No zone is running here: start it with ./zone up; one that is stopped is its folder, copied.")
    kafka = os.environ.get("ZONE_KAFKA", "")
    secrets = secrets_in(folder.secrets)
    one = Backup(
        mongo=mongo,
        databases={service: database_of(service) for service in WITH_GATEWAY},
        kafka=kafka if ":" in kafka else running.address_of("kafka") if running else None,
        keys=ProducerKeys(event_keys_in(secrets[EVENT_KEYS])),
        secrets=secrets,
        notes={"opening_figures": folder.loaded.read_text() if folder.loaded.exists() else None},
        say=say,
    )
    try:
        with answering("The database does not answer as it should: see ./zone status."):
            one.write(file.absolute())
    except (KafkaFailure, TimeoutError) as error:
        raise Complaint(
            "The log cannot be read, and events that have been pruned stand there alone: see ./zone status.",
            details=str(error),
        ) from error
    say(f"it holds no secrets: keep a copy of {folder.secrets} apart, without which no key in it is taken")
