"""`./zone init`"""

from deploy.secrets import secrets_in
from deploy.terminal import say
from deploy.zone_folder import ZoneFolder


def init() -> None:
    """Make the zone's secrets, where they are not there yet. `up` does so too."""
    file = ZoneFolder.usual().secrets
    there = file.exists()
    secrets_in(file)
    say(f"the zone's secrets are in {file}{'' if there else ', made just now'}")
