"""A zone whose services can be made to die at chosen points."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.zone_under_test import People, ZoneUnderTest, brokers, zone_under_test

FATAL = {name: f"tests.faults.fatal_{name}" for name in ("registry", "incubator", "metrics")}


@pytest.fixture(scope="session")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a file arms a fault."""
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="session", params=brokers())
def zone(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, faults: Path, server_starts: None
) -> Iterator[ZoneUnderTest]:
    """A running zone, its services killable at named points."""
    told = {"ZONE_TEST_FAULTS": str(faults)}
    with zone_under_test(
        tmp_path_factory.mktemp("zone"), kafka=request.param, services=FATAL, environment=told
    ) as running:
        yield running


@pytest.fixture
async def people(zone: ZoneUnderTest) -> AsyncIterator[People]:
    """A partner, an officer and the operator of that zone."""
    async with zone.people() as found:
        yield found
