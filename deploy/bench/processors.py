"""Processor time of other processes, by the kernel's own account."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

USER, SYSTEM = 13, 14
"""Of /proc/PID/stat, counted from 0 (proc_pid_stat(5)); both in ticks, with all threads."""


def used_by(pids: Iterable[int]) -> dict[int, float]:
    """Seconds that each has used so far; without those that are gone, and empty where there is no /proc."""
    found = {}
    for pid in pids:
        try:
            told = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            continue
        fields = ["", "", *told.rpartition(")")[2].split()]  # a name may hold blanks
        found[pid] = (int(fields[USER]) + int(fields[SYSTEM])) / os.sysconf("SC_CLK_TCK")
    return found


def clock_of(pids: Iterable[int], *, own: bool = True) -> Callable[[], float]:
    """Seconds that these processes have used so far, all together; `own` adds this one, to the microsecond."""
    others = tuple(pids)
    return lambda: sum(used_by(others).values()) + (time.process_time() if own else 0.0)
