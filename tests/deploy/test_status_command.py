"""What `./zone status` says of a part that serves no HTTP."""

import os
import subprocess
import sys

from deploy.commands.status import _state
from deploy.machine.zone_folder import ServerNote

ADDRESS = "mongodb://127.0.0.1:1/?replicaSet=zone"


async def test_a_database_whose_process_lives_runs() -> None:
    assert await _state(ServerNote("mongod", os.getpid(), ADDRESS)) == "running"


async def test_one_whose_process_has_ended_is_started_again_by_the_launcher() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])  # noqa: ASYNC220 - it takes no time
    ended.wait()
    assert await _state(ServerNote("mongod", ended.pid, ADDRESS)) == "is started again"
