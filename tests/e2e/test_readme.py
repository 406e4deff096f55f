"""The tour of the README, run as it is printed."""

from pathlib import Path

import pytest

from tests.e2e.printed_tour import needs_its_programs, walk
from tests.zone_under_test import People, ZoneUnderTest

pytestmark = [pytest.mark.xdist_group("zone"), needs_its_programs]


async def test_the_tour_works_as_printed_and_once_more(zone: ZoneUnderTest, people: People, tmp_path: Path) -> None:
    for _ in range(2):
        worth = await people.kpi("valuation_total", kind="industrial") or 0
        said = await walk("README.md", zone, tmp_path)
        words = said.split()
        for word in ('"submitted",', '"in_review"', '"completed",', '"active",', '"validation_failed",', "401,"):
            assert word in words, f"{word} is missing in:\n{said}"
        assert '"valuation_total",' in words
        assert f"{worth + 123_400}," in words
