"""The part of `requirements.lock` that a running service needs: without test tools and the database of one machine.

    python runtime_lock.py > runtime.lock

Standard library only, as it runs in a bare Python image. Of each package the lock says by whom it is wanted
(`# via …`): it stays where the project itself names it among its dependencies, or one that stays wants it.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

FIRST_LINE = re.compile(r"([a-z0-9][a-z0-9._-]*)==")
WANTED_BY = re.compile(r" {4}#(?: via)? +(\S+)")
NAME = re.compile(r"[A-Za-z0-9._-]+")


def runtime_lock(project: str, lock: str) -> str:
    """The lock without what only extras want.

    Args:
        project: the text of `pyproject.toml`.
        lock: the text of `requirements.lock`, as uv writes it.
    """
    entries = dict(_entries(lock))
    stay = {_plain(requirement) for requirement in tomllib.loads(project)["project"]["dependencies"]}
    while more := {name for name, text in entries.items() if name not in stay and stay & wanted_by(text)}:
        stay |= more
    return "".join(text for name, text in entries.items() if name in stay)


def wanted_by(entry: str) -> set[str]:
    """The packages that the comments below an entry name."""
    return {found[1] for line in entry.splitlines() if (found := WANTED_BY.match(line)) and found[1] != "via"}


def _entries(lock: str) -> Iterator[tuple[str, str]]:
    """Each package's lines, under its name."""
    name, lines = "", list[str]()
    for line in lock.splitlines(keepends=True):
        if first := FIRST_LINE.match(line):
            if name:
                yield name, "".join(lines)
            name, lines = first[1], []
        lines.append(line)
    if name:
        yield name, "".join(lines)


def _plain(requirement: str) -> str:
    """The name of a requirement as the lock writes it (PEP 503)."""
    found = NAME.match(requirement)
    assert found is not None, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


if __name__ == "__main__":
    sys.stdout.write(runtime_lock(Path("pyproject.toml").read_text(), Path("requirements.lock").read_text()))
