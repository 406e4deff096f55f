"""A command of `./zone` in a process of its own that is quick to begin, so that it can be killed many times."""

import multiprocessing
import os
import signal
import sys
from multiprocessing.connection import Connection

from deploy.__main__ import main
from deploy.machine.zone_folder import ZoneFolder

PRELOADED = [
    *("deploy.commands.backup", "deploy.commands.restore"),
    *("services.registry.main", "services.incubator.main", "services.metrics.main", "gateway.main"),
]


class Command:
    """`./zone <words>` about the zone of a folder, from its start on."""

    def __init__(self, folder: ZoneFolder, *words: str) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        ours, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_run, args=(str(folder.path), words, theirs))
        self._process.start()
        theirs.close()
        self._said = os.fdopen(os.dup(ours.fileno()), errors="replace")
        ours.close()

    def ended(self) -> str:
        """What it said until it ended well."""
        said = self._said.read()
        self._process.join()
        assert self._process.exitcode == 0, said
        return said

    def killed(self, *, after_lines: int, then_s: float) -> bool:
        """Kill it once it has said so much and some time has passed; False where it had ended by then."""
        for _ in range(after_lines):
            self._said.readline()
        self._process.join(then_s)
        self._process.kill()
        self._said.read()
        self._process.join()
        return self._process.exitcode == -signal.SIGKILL


def _run(folder: str, words: tuple[str, ...], said: Connection) -> None:
    os.dup2(said.fileno(), 2)
    os.environ["ZONE_FOLDER"] = folder
    sys.argv = ["zone", *words]
    main()
