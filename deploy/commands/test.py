"""`./zone test`"""

import contextlib
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.machine.zone_folder import ROOT

CONTEXT_SETTINGS = {"allow_extra_args": True, "ignore_unknown_options": True}
WORKERS = (os.cpu_count() or 1) + 1
"""One more than there are processors: much of the time servers start, leases end and days pass."""
EVERYTHING = ("--numprocesses", str(WORKERS), "--dist", "loadgroup", "--no-loadscope-reorder")
"""Of a whole run `tests/distribution.py` says which tests go to one processor, and which come first."""
QUICK = ("--numprocesses", "auto", "--dist", "worksteal")
"""Tests that share no server may run anywhere."""
WITHOUT_SERVERS = ("-m", "not server")
"""Tests are marked as `server` by the fixtures that they ask for."""
WITHOUT_LONG = ("-m", "not long")
"""What takes minutes by itself, such as random faults; each fault once, at its moment, is in every run."""

MEMORY = Path("/dev/shm")
"""A file system in memory: what servers of tests write need not outlive the machine, only the processes."""
ROOM = 6 * 2**30
"""Bytes that must be free there: what databases and brokers of a whole run write, twice."""


def room_in_memory() -> bool:
    """Whether the tests' temporary folders may lie in memory.

    On a disk, most of the time of a test on a real database is its waiting for the journal.
    """
    with contextlib.suppress(OSError):
        memory = re.search(r"^MemAvailable: +(\d+) kB$", Path("/proc/meminfo").read_text(), re.MULTILINE)
        return memory is not None and min(shutil.disk_usage(MEMORY).free, int(memory[1]) * 1024) > ROOM
    return False


def test(
    context: typer.Context,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Only the tests that need no database, no broker and no running service."),
    ] = False,  # noqa: PT028 - a command of this name, no test
    all_of_them: Annotated[
        bool,
        typer.Option("--all", help="Also those that take minutes by themselves, such as random faults."),
    ] = False,  # noqa: PT028 - likewise
) -> None:
    """Run the tests, with servers of their own on free ports. Other arguments go to pytest as they are."""
    os.chdir(ROOT)
    if room_in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    arguments = context.args or (QUICK if quick else EVERYTHING)
    left_out = WITHOUT_SERVERS if quick else () if all_of_them or context.args else WITHOUT_LONG
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *left_out, *arguments])
