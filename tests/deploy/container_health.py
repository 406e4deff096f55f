"""The health checks of the containers of Kafka and MongoDB, run against a server of a test."""

import subprocess

from deploy.machine.zone_folder import ROOT

IN_TIME = 30


def says_it_is_ready(server: str, port: int) -> bool:
    """What the script that its container runs says of a server on this machine; `server` is `kafka` or `mongo`."""
    command = ["bash", str(ROOT / "deploy" / server / "ready.sh"), "127.0.0.1", str(port)]
    return subprocess.run(command, capture_output=True, timeout=IN_TIME, check=False).returncode == 0
