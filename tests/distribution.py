"""How a whole run is shared out among workers: by zones that tests share, else by files."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parents[1]
GROUP = re.compile(r'^pytestmark = .*\bxdist_group\("([^"]+)"\)', re.MULTILINE)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The scheduler of `--dist loadgroup`: under pytest 9.2 xdist's own loses the groups (pytest-xdist issue 1386)."""
    if config.getvalue("dist") != "loadgroup":
        return None
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = unit_of
    return scheduler


def unit_of(nodeid: str) -> str:
    """What a test goes to one worker with: the group that its file names with `xdist_group`, else the file.

    The scheduler knows tests by their ids alone, so the group is read from the file.
    """
    return _unit_of_file(nodeid.partition("::")[0])


@cache
def _unit_of_file(file: str) -> str:
    found = GROUP.search((ROOT / file).read_text(encoding="utf-8"))
    return found[1] if found else file


def turn(item: pytest.Item) -> int:
    """Its place in a whole run: first what starts a zone of its own, then what needs a server, then all others.

    What starts last is small then, so that all workers end together.
    """
    return 0 if item.get_closest_marker("xdist_group") else 1 if item.get_closest_marker("server") else 2
