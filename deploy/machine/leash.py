"""Parent-death signal: runs a command that dies with the process that started it, also when that is killed with -9.

    python leash.py <pid of the master> <command> [argument …]

Linux keeps the leash (PR_SET_PDEATHSIG, prctl(2)) over an exec, so the command takes this process over. It is
a program and not a `preexec_fn`, as code between fork and exec may deadlock where the master has threads.
Elsewhere than on Linux there is no leash, and `watchman.py` alone ends what a dead launcher leaves behind.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    master, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != master:  # it died before the leash was on
            sys.exit(1)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main()
