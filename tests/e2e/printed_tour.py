"""The tour of a page, run as it is printed: the blocks that are marked `sh tour`, in their order, as one script."""

import asyncio
import re
import shutil
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Final

import pytest

from deploy.machine.zone_folder import ROOT
from tests.zone_under_test import ZoneUnderTest

BLOCK: Final = re.compile(r"^```sh tour\n(.*?)^```$", re.MULTILINE | re.DOTALL)
IN_TIME: Final = 180.0
"""Seconds that a tour may take; it waits for a quarter of an hour to come near, and for deadlines of its own."""

needs_its_programs = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("jq")), reason="the tour needs curl and jq"
)


def blocks_of(page: str) -> list[str]:
    """What a tour runs, block by block."""
    return BLOCK.findall((ROOT / page).read_text())


def told(script: str, port: int) -> str:
    """The same for a zone at another port, which it names once."""
    begin, usual, rest = script.partition("PORT=8000")
    assert usual
    assert ":8000" not in begin + rest
    return f"{begin}PORT={port}{rest}"


async def walk(page: str, zone: ZoneUnderTest, folder: Path) -> str:
    """What the tour of a page says on its way through a zone; it stops at the first command that fails, and fails.

    Args:
        page: its path in the repository.
        folder: of the test, where the tour keeps its files.
    """
    (folder / ".zone").mkdir(exist_ok=True)
    (folder / ".zone" / "operator.key").write_text(zone.operator_key)
    return await run(told("\n".join(blocks_of(page)), int(zone.url.rpartition(":")[2])), folder)


async def run(script: str, folder: Path) -> str:
    """What a script says that works in the folder; it stops at the first command that fails, and fails."""
    tour = await asyncio.create_subprocess_exec(
        "bash", "-euo", "pipefail", "-c", script, cwd=folder, stdout=PIPE, stderr=PIPE
    )
    try:
        async with asyncio.timeout(IN_TIME):
            said, complained = (stream.decode() for stream in await tour.communicate())
    finally:
        if tour.returncode is None:
            tour.kill()
            await tour.wait()
    assert tour.returncode == 0, f"{said}\n{complained}"
    return said
