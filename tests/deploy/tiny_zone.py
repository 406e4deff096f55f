"""A zone for tests of the launcher: real database, embedded broker, tiny services.

    python -m tests.deploy.tiny_zone PORT [--exit-after-ready]

Its folder is ZONE_FOLDER. It prints `welcome` when it is ready.
"""

import asyncio
import sys

from deploy.complaint import Complaint
from deploy.launch.launcher import Launcher
from deploy.launch.launcher_log import LauncherLog
from deploy.launch.running import run
from deploy.machine.zone_folder import ZoneFolder
from deploy.services import SERVICES
from deploy.terminal import show

TINY = "tests.deploy.tiny_service"


async def welcome() -> None:
    print("welcome", flush=True)


def main() -> None:
    folder = ZoneFolder.usual()
    with folder.claimed() as ours:
        if not ours:
            sys.exit("somebody else runs it")
        log = LauncherLog(folder.logs / "launcher.log")
        launcher = Launcher(
            folder,
            port=int(sys.argv[1]),
            kafka="embedded",
            say=log.say,
            warn=log.warn,
            services=dict.fromkeys(SERVICES, TINY),
            gateway=TINY,
        )
        try:
            asyncio.run(run(launcher, welcome, exit_after_ready="--exit-after-ready" in sys.argv))
        except Complaint as complaint:
            show(complaint)
            sys.exit(1)


if __name__ == "__main__":
    main()
