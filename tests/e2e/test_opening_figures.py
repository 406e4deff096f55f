"""The opening figures on a real zone: all 451 payloads are taken, the sums are exact, start-ups are in the Base, and a
second load changes nothing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.zone_under_test import ZoneUnderTest, brokers, zone_under_test

BASE = (
    "Demonstration Base: 8 start-ups, 24 desks, 3 rooms, 6 memberships, 15 bookings,\n"
    "16 bills of water and electricity, 10 invoices (4 paid, 1 overdue)"
)

pytestmark = pytest.mark.xdist_group("opening figures")


@pytest.fixture(params=brokers()[:1])
def fresh_zone(request: pytest.FixtureRequest, tmp_path: Path, server_starts: None) -> Iterator[ZoneUnderTest]:
    """A zone in which nobody is registered."""
    with zone_under_test(tmp_path / "zone", kafka=request.param) as running:
        yield running


def test_a_load_shows_the_published_figures_and_a_second_one_changes_nothing(fresh_zone: ZoneUnderTest) -> None:
    first = fresh_zone.command("load", "korla")
    assert "451 businesses registered; the Demonstration Base is open" in first
    again = fresh_zone.command("load", "korla")
    assert "nothing was changed" in again
    assert BASE in first
    assert BASE in again
    answers = json.loads(fresh_zone.command("kpis", "--json"))["data"]
    figures = {(each["kpi"], each["dims"].get("kind")): (each["value"], each["n"]) for each in answers}
    assert figures["businesses_active", "industrial"][0] == 22
    assert figures["businesses_active", "cloud"][0] == 429
    assert figures["valuation_total", "industrial"] == (810_000_000_000, 22)
    assert figures["revenue_total", "industrial"] == (350_000_000_000, 22)
    assert figures["valuation_total", "cloud"] == (None, 0)
