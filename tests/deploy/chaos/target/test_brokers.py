"""What the brokers of the fault suite suffer."""

import pytest

from deploy.chaos.target.brokers import Embedded
from services.chassis.kafka.client import describe_log


@pytest.mark.server
async def test_an_embedded_broker_that_is_wiped_is_another_cluster_each_time() -> None:
    broker = Embedded({f"zone.test.{number}": 12 for number in range(6)})
    await broker.start()
    seen = [await describe_log(broker.bootstrap)]
    for _ in range(20):
        await broker.wipe()
        seen.append(await describe_log(broker.bootstrap))
    broker.end()
    assert len({cluster for cluster, _ in seen}) == len(seen)
