"""The tour of what start-ups get, from application to first investor, run as it is printed, and run again."""

import re
from pathlib import Path

import pytest

from tests.e2e.printed_tour import needs_its_programs, walk
from tests.zone_under_test import ZoneUnderTest, on_one_broker

PAGE = "docs/tour-incubator.md"
CODES = (
    *("slot_taken", "reading_below_previous", "round_oversubscribed"),
    *("unauthenticated", "validation_failed", "not_found", "insufficient_scope"),
)
DONE = (
    *("accepted", "completed", "finalised", "received", "paid", "hired", "filled", "funded", "allotted", "graduated"),
    *("closed", "retired"),
)
SHARES = re.compile(r'{"issued":(\d+),"owned":(\d+),"bps":(\d+)}')
BALANCE = re.compile(r'{"debit":(\d+),"credit":(\d+)}')

pytestmark = [pytest.mark.xdist_group("zone"), needs_its_programs, on_one_broker]


async def test_the_tour_works_as_printed_and_once_more(zone: ZoneUnderTest, tmp_path: Path) -> None:
    for _ in range(2):
        said = await walk(PAGE, zone, tmp_path)
        assert [code for code in CODES if f'"{code}"' not in said] == []
        assert [status for status in DONE if f'"{status}"' not in said] == []
        assert '"total": 26832' in said  # a meeting of 80.00, 212 kWh, 6 m³, two standing charges of 15.00, and the tax
        [(issued, owned, parts)] = SHARES.findall(said)
        assert (int(issued), int(owned), int(parts)) == (1_250_000, 1_250_000, 10_000)
        [(debit, credit)] = BALANCE.findall(said)
        assert int(debit) == int(credit) == 200_000_000  # what founder and fund paid in
