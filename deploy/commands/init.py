"""`./zone init`"""

from deploy.machine.secret_files import write_secret_files
from deploy.machine.zone_folder import ZoneFolder
from deploy.machine.zone_secrets import secrets_in
from deploy.terminal import say


def init() -> None:
    """Make the zone's secrets, where they are not there yet, and the files that docker-compose.yml reads."""
    folder = ZoneFolder.usual()
    there = folder.secrets.exists()
    found = secrets_in(folder.secrets)
    say(f"the zone's secrets are in {folder.secrets}{'' if there else ', made just now'}")
    files = write_secret_files(folder.secret_files, found)
    say(f"{len(files)} files for containers are in {folder.secret_files}")
