"""The garden on the servers of this test run."""

from collections.abc import AsyncIterator

import pytest

from services.chassis.domain.events import Topic
from tests.chassis.garden import BedGrew, Grown
from tests.conftest import NewTopic
from tests.integration.stage import Stage


@pytest.fixture
async def stage(
    mongo_url: str, kafka_bootstrap: str, new_topic: NewTopic, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """With topics and a database of its own."""
    stage = Stage(mongo_url, kafka_bootstrap, await new_topic(4))
    monkeypatch.setattr(Grown, "topic", Topic(stage.topic))
    monkeypatch.setattr(BedGrew, "topic", Topic(await new_topic(1)))
    await stage.prepare()
    yield stage
    await stage.close()
