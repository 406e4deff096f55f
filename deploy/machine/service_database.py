"""The database of a service as commands reach it beside the API: what they were told, or that of the running zone."""

import os
import re

from deploy.complaint import Complaint
from deploy.machine.secret_files import mongo_url_file, told
from deploy.machine.zone_folder import RunningNote, ZoneFolder


def database_of(service: str) -> str:
    """The name of its database."""
    return f"{os.environ.get('ZONE_DATABASE_PREFIX', 'zone')}_{service}"


def told_url_of(service: str) -> str | None:
    """`ZONE_MONGO_URL`, or what a file says that is mounted for the service; None where nobody says."""
    return told("ZONE_MONGO_URL", mongo_url_file(service))


def url_in(running: RunningNote | None) -> str | None:
    """Where the database of the zone is that runs; None while there is none."""
    return running.address_of("mongod") if running else None


def mongo_url_of(service: str) -> str:
    """The URL by which its database is reached. Raises Complaint."""
    url = told_url_of(service) or url_in(ZoneFolder.usual().running())
    if url is None:
        raise Complaint("No database is known: start the zone with ./zone up, or name one with ZONE_MONGO_URL.")
    return url


def place_of(url: str) -> str:
    """A URL as it may be shown: without login and password."""
    return re.sub(r"//[^/]*@", "//", url)
