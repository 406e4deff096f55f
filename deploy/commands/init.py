"""`./zone init`"""

from typing import Annotated

import typer

from deploy.machine.lost_secrets import begin_anew, consequences, secrets_of
from deploy.machine.secret_files import write_secret_files
from deploy.machine.zone_folder import ZoneFolder
from deploy.terminal import say


def init(
    new: Annotated[bool, typer.Option("--new", help="New secrets in place of those that are lost.")] = False,
) -> None:
    """Make the zone's secrets, where they are not there yet, and the files that docker-compose.yml reads."""
    folder = ZoneFolder.usual()
    there = folder.secrets.exists()
    if new:
        lost = begin_anew(folder)
        say(f"new secrets in place of {', '.join(lost)}")
        for sentence in consequences(lost):
            say(sentence)
    found = secrets_of(folder, say)
    say(f"the zone's secrets are in {folder.secrets}{'' if there and not new else ', made just now'}")
    files = write_secret_files(folder.secret_files, found)
    say(f"{len(files)} files for containers are in {folder.secret_files}")
