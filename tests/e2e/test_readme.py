"""The tour of the README, run as it is printed."""

import asyncio
import re
import shutil
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from tests.zone_under_test import People, ZoneUnderTest

README = Path(__file__).parent.parent.parent / "README.md"
BLOCK = re.compile(r"^```sh tour\n(.*?)^```$", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.xdist_group("zone")


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="the tour needs curl and jq")
async def test_the_tour_works_as_printed(zone: ZoneUnderTest, people: People, tmp_path: Path) -> None:
    worth = await people.kpi("valuation_total", kind="industrial") or 0
    (tmp_path / ".zone").mkdir()
    (tmp_path / ".zone" / "operator.key").write_text(zone.operator_key)
    printed = "\n".join(BLOCK.findall(README.read_text()))
    script = printed.replace("http://127.0.0.1:8000", zone.url).replace("/tmp/", f"{tmp_path}/")
    tour = await asyncio.create_subprocess_exec(
        "bash", "-euo", "pipefail", "-c", script, cwd=tmp_path, stdout=PIPE, stderr=PIPE
    )
    async with asyncio.timeout(60):
        said, complained = (stream.decode() for stream in await tour.communicate())
    assert tour.returncode == 0, complained
    words = said.split()
    for word in ('"submitted",', '"in_review"', '"completed",', '"active",', '"validation_failed",', "401,"):
        assert word in words, f"{word} is missing in:\n{said}"
    assert '"valuation_total",' in words
    assert f"{worth + 123_400}," in words
