"""A library that is missing or half there: what is said of it, and that the next `./zone` installs it anew.

Standard library only: whatever else it needed might be what is missing.
"""

import re
import sys
from pathlib import Path
from typing import Final

from deploy.environment import OWN

VENV, STAMP = OWN.folder, OWN.stamp
OURS: Final = frozenset({"deploy", "gateway", "services", "tests"})
WORDS: Final = re.compile(r"^ModuleNotFoundError: No module named '([\w.]+)'", re.MULTILINE)


def missing_in(lines: str) -> str | None:
    """The library that a process missed, by the last lines that it wrote; None where that was not it."""
    found = WORDS.findall(lines)
    return library(found[-1]) if found else None


def library(module: str | None) -> str | None:
    """The library that a module is of; None where it is a part of the zone itself."""
    name = (module or "").partition(".")[0]
    return name if name and name not in OURS else None


def sentence(library: str) -> str:
    """What to do about a library that is missing; in the zone's own environment half of it is done."""
    if VENV.resolve() != Path(sys.prefix).resolve():
        return f"The library {library} is missing in {sys.prefix}: install there what requirements.lock says."
    STAMP.unlink(missing_ok=True)
    return f"The library {library} is missing or damaged in .venv: run ./zone again, which installs all of them anew."
