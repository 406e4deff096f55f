"""The tour of what start-ups get, run as it is printed, and run again."""

from pathlib import Path

import pytest

from tests.e2e.printed_tour import needs_its_programs, walk
from tests.zone_under_test import ZoneUnderTest

PAGE = "docs/tour-incubator.md"
CODES = ("slot_taken", "reading_below_previous", "unauthenticated", "validation_failed", "not_found")
DONE = ("completed", "finalised", "received", "paid", "closed", "retired")

pytestmark = [pytest.mark.xdist_group("zone"), needs_its_programs]


async def test_the_tour_works_as_printed_and_once_more(zone: ZoneUnderTest, tmp_path: Path) -> None:
    for said in (await walk(PAGE, zone, tmp_path), await walk(PAGE, zone, tmp_path)):
        assert [code for code in (*CODES, "insufficient_scope") if f'"{code}"' not in said] == []
        assert [status for status in DONE if f'"{status}"' not in said] == []
        assert '"total": 26832' in said  # a meeting of 80.00, 212 kWh, 6 m³, two standing charges of 15.00, and the tax
