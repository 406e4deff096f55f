"""Podman on a machine without a Docker engine: as root, with runc, everything it keeps in a folder of the zone's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from deploy.complaint import Complaint

PROGRAMS: Final = ("podman", "runc", "debootstrap", "iptables", "tar")
DEBIAN_PACKAGES: Final = "podman runc netavark aardvark-dns iptables debootstrap"
CONFIGURATION: Final = """\
[containers]
# Podman's own wishes exceed what a container inside a virtual machine or another container may have.
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
"""


def obstacle() -> str | None:
    """Why no container can run here, in one sentence; None where one can."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    lacks = [*(["Linux"] if sys.platform != "linux" else []), *(["root"] if os.geteuid() else []), *missing]
    if not lacks:
        return None
    return (
        f"The smoke run needs Linux, root, and on Debian apt-get install {DEBIAN_PACKAGES}; "
        f"what is missing here: {', '.join(lacks)}."
    )


class Podman:
    """How podman is called: without systemd, kernel modules or a daemon.

    Args:
        folder: for images and containers; the storage driver `vfs` copies files, so it needs some gigabytes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._configuration = folder / "containers.conf"

    def prepare(self) -> None:
        """Make its folder. Raises Complaint: no container can run here."""
        if sentence := obstacle():
            raise Complaint(sentence)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._configuration.write_text(CONFIGURATION)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that every call needs."""
        return {"CONTAINERS_CONF": str(self._configuration)}

    def command(self, *arguments: str) -> list[str]:
        """The whole command line of a call."""
        folders = ["--root", str(self.folder / "storage"), "--runroot", str(self.folder / "run")]
        how = ["--storage-driver", "vfs", "--cgroup-manager", "cgroupfs", "--runtime", "runc", "--log-level", "error"]
        return ["podman", *folders, *how, *arguments]

    def run(self, *arguments: str, timeout: float = 1200.0) -> str:
        """Call it and return what it printed.

        Raises:
            Complaint: it failed, with its last lines, or took longer than `timeout` seconds.
        """
        done = self.try_to(*arguments, timeout=timeout)
        if done.returncode:
            last = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
            raise Complaint(f"podman {arguments[0]} failed with exit code {done.returncode}.", details=last)
        return done.stdout.strip()

    def try_to(self, *arguments: str, timeout: float = 1200.0) -> subprocess.CompletedProcess[str]:
        """Call it, whether it fails or not. Raises Complaint: it took longer than `timeout` seconds."""
        try:
            return subprocess.run(
                self.command(*arguments),
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise Complaint(f"podman {arguments[0]} did not end within {timeout:.0f} seconds.") from late
