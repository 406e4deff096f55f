"""Where a service's database is: as told, as a secret says, or the running zone's."""

import os
from pathlib import Path

from deploy.complaint import Complaint
from deploy.machine.secret_files import mongo_url_file
from deploy.machine.zone_folder import ZoneFolder


def mongo_url(service: str) -> str:
    """The URL by which a service's database is reached. Raises Complaint where none is known."""
    if url := os.environ.get("ZONE_MONGO_URL"):
        return url
    if (secret := Path(os.environ.get("ZONE_SECRETS_DIR", "")) / mongo_url_file(service)).is_file():
        return secret.read_text()
    running = ZoneFolder.usual().running()
    for server in running.servers if running else ():
        if server.name == "mongod":
            return server.address
    raise Complaint("No database is known: start the zone with ./zone up, or name one with ZONE_MONGO_URL.")


def database_of(service: str) -> str:
    """The name of a service's database."""
    return f"{os.environ.get('ZONE_DATABASE_PREFIX', 'zone')}_{service}"
