"""One zone with each broker for all end-to-end tests, whose traces go to a collector of the test's own."""

from collections.abc import AsyncIterator, Iterator

import pytest

from deploy.trace.collector import Collector, collector
from tests.zone_under_test import People, ZoneUnderTest, brokers, zone_under_test


@pytest.fixture(scope="session")
def traces() -> Iterator[Collector]:
    """What the processes of the zone export."""
    with collector() as running:
        yield running


@pytest.fixture(scope="session", params=brokers())
def zone(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, traces: Collector, server_starts: None
) -> Iterator[ZoneUnderTest]:
    """A running zone without the opening figures."""
    told = {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"{traces.endpoint}/v1/traces", "OTEL_BSP_SCHEDULE_DELAY": "200"}
    with zone_under_test(tmp_path_factory.mktemp("zone"), kafka=request.param, environment=told) as running:
        yield running


@pytest.fixture
async def people(zone: ZoneUnderTest) -> AsyncIterator[People]:
    """A partner, an officer and the operator of that zone."""
    async with zone.people() as found:
        yield found
