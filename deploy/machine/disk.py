"""Free disk space: a server that finds none cannot even write down that it did."""

import os
import shutil
from pathlib import Path

from deploy.complaint import Complaint

MEGABYTE = 1_000_000
NEEDED_MB = 400
"""What an empty zone takes: the journals that MongoDB makes in advance, the broker's indexes, logs."""
FULL_MB = 20


def free_mb(folder: Path) -> int:
    """Megabytes that are left on the disk of a folder, which need not be there yet."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free // MEGABYTE


def require_room(folder: Path) -> None:
    """Raise Complaint where there is too little to start a zone."""
    if (left := free_mb(folder)) < NEEDED_MB:
        raise Complaint(
            f"Only {left} MB are left on the disk of {folder}, and the zone needs {NEEDED_MB} MB to start: make room."
        )


def fullness(folder: Path) -> str | None:
    """A sentence where the disk of a folder is full, else None."""
    if (left := free_mb(folder)) < FULL_MB:
        return f"The disk of {folder} is full, {left} MB are left: make room, then start again."
    return None


def sync(path: Path) -> None:
    """Have the disk keep a file, or the names in a folder, as they are now."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
