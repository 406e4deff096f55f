"""The database of a service as commands reach it beside the API: what they were told, or that of the running zone."""

import os
from pathlib import Path

from deploy.complaint import Complaint
from deploy.machine.secret_files import mongo_url_file
from deploy.machine.zone_folder import RunningNote, ZoneFolder


def database_of(service: str) -> str:
    """The name of its database."""
    return f"{os.environ.get('ZONE_DATABASE_PREFIX', 'zone')}_{service}"


def told_url_of(service: str) -> str | None:
    """`ZONE_MONGO_URL`, or what a file says that is mounted for the service; None where nobody says."""
    if url := os.environ.get("ZONE_MONGO_URL"):
        return url
    secret = Path(os.environ.get("ZONE_SECRETS_DIR", "")) / mongo_url_file(service)
    return secret.read_text() if secret.is_file() else None


def url_in(running: RunningNote | None) -> str | None:
    """Where the database of the zone is that runs; None while there is none."""
    return next((server.address for server in running.servers if server.name == "mongod"), None) if running else None


def mongo_url_of(service: str) -> str:
    """The URL by which its database is reached. Raises Complaint."""
    url = told_url_of(service) or url_in(ZoneFolder.usual().running())
    if url is None:
        raise Complaint("No database is known: start the zone with ./zone up, or name one with ZONE_MONGO_URL.")
    return url
