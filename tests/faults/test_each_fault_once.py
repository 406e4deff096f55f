"""Each fault that a developer would otherwise meet by accident, once, at its exact point."""

import asyncio
from pathlib import Path

import pytest

from deploy.machine.zone_secrets import EVENT_KEYS, secrets_in
from deploy.public_api import call
from services.chassis.consuming.dead_letters import DeadLetters, Selection
from services.chassis.consuming.group import Group
from services.chassis.kafka.client import describe_log
from services.chassis.kafka.mac import ProducerKeys
from services.chassis.kafka.producer import Producer
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Partition
from services.chassis.settings import event_keys_in
from services.chassis.store.mongo import MongoStore
from services.metrics.main import service as metrics
from tests.zone_under_test import People, ZoneUnderTest, died

pytestmark = pytest.mark.xdist_group("faults")

VALUATION = 55_500


async def figures(people: People) -> tuple[int, int]:
    """Businesses that are active, and what they are worth."""
    return await people.kpi("businesses_active") or 0, await people.kpi("valuation_total") or 0


async def approve(people: People, filing: dict[str, str]) -> dict[str, object]:
    """Approve until there is an answer, always under the same key."""
    return dict((await people.act(people.officer, filing, "approve", {"comment": "in order"})).body)


@pytest.mark.parametrize("point", ["api-before-commit", "api-after-commit"])
async def test_an_api_killed_around_its_commit_takes_effect_once(
    zone: ZoneUnderTest, people: People, faults: Path, point: str
) -> None:
    count, worth = await figures(people)
    filing = await people.assigned(valuation=VALUATION)
    registry = zone.server("registry")
    (faults / f"registry-{point}").touch()

    approving = asyncio.create_task(approve(people, filing))
    await died(registry)
    await registry.start()
    assert (await approving)["status"] == "completed"

    business = await people.business(filing["business_id"])
    assert business["version"] == 1
    await people.counted(business["last_event_id"])
    assert await figures(people) == (count + 1, worth + VALUATION)


async def test_a_relay_killed_between_publishing_and_its_token_publishes_twice_and_counts_once(
    zone: ZoneUnderTest, people: People, faults: Path
) -> None:
    count, worth = await figures(people)
    filing = await people.assigned(valuation=VALUATION)
    registry = zone.server("registry")
    (faults / "registry-relay-after-publish").touch()

    approving = asyncio.create_task(approve(people, filing))
    await died(registry)
    await registry.start()
    await approving

    business = await people.business(filing["business_id"])
    await people.counted(business["last_event_id"])
    last = await people.registered(valuation=VALUATION)  # behind whatever was published twice
    await people.counted(last["last_event_id"])
    assert await figures(people) == (count + 2, worth + 2 * VALUATION)


@pytest.mark.parametrize("service", ["metrics", "incubator"])
@pytest.mark.parametrize("point", ["consumer-before-commit", "consumer-after-commit"])
async def test_a_consumer_killed_around_its_commit_applies_each_event_once(
    zone: ZoneUnderTest, people: People, faults: Path, service: str, point: str
) -> None:
    count, worth = await figures(people)
    consumer = zone.server(service)
    (faults / f"{service}-{point}").touch()

    business = await people.registered(valuation=VALUATION)
    await died(consumer)
    await consumer.start()

    await people.counted(business["last_event_id"])
    assert await figures(people) == (count + 1, worth + VALUATION)
    tenant = await people.tenant(business["id"])
    books = await call(people.partner, "GET", "/v1/incubator/books", about="test", params={"owner": business["id"]})
    assert [book["id"] for book in books.body["data"]] == [tenant["book_id"]]


async def test_an_event_delivered_again_is_dropped(zone: ZoneUnderTest, people: People) -> None:
    business = await people.registered(valuation=VALUATION)
    await people.counted(business["last_event_id"])
    count, worth = await figures(people)

    await publish_again(zone, business["id"])
    last = await people.registered(valuation=VALUATION)
    await people.counted(last["last_event_id"])
    assert await figures(people) == (count + 1, worth + VALUATION)


async def test_a_poisoned_business_waits_while_others_flow_and_a_replay_restores_the_exact_figures(
    zone: ZoneUnderTest, people: People, faults: Path
) -> None:
    count, worth = await figures(people)
    filing = await people.assigned(valuation=VALUATION)
    (faults / "poison").write_text(str(filing["business_id"]))

    await approve(people, filing)
    poisoned = await people.business(filing["business_id"])
    healthy = await people.registered(valuation=VALUATION)
    await people.counted(healthy["last_event_id"])
    await people.counted(poisoned["last_event_id"], state="parked")
    assert await figures(people) == (count + 1, worth + VALUATION)

    (faults / "poison").unlink()
    assert metrics.handlers is not None
    store = store_of(zone, "metrics")
    keys = ProducerKeys(event_keys_in(secrets_in(zone.folder.secrets)[EVENT_KEYS]))
    letters = DeadLetters(Group("zone.metrics", store, metrics.handlers, keys))
    done = await letters.replay(Selection(subject=poisoned["id"]))
    store.close()
    assert [each.outcome for each in done] == ["applied"]
    await people.counted(poisoned["last_event_id"])
    assert await figures(people) == (count + 2, worth + 2 * VALUATION)


async def publish_again(zone: ZoneUnderTest, key: str) -> None:
    """Send every record of one key to the log once more, as a producer that retried would."""
    bootstrap = zone.server("kafka").address
    _, counts = await describe_log(bootstrap)
    topic = "zone.registry.businesses"
    reader = await Reader.opened(bootstrap, {Partition(topic, number): 0 for number in range(counts[topic])})
    found = []
    while records := await reader.poll(1_000, 1.0):
        found += [record for record in records if record.key == key.encode()]
    await reader.close()
    assert found
    producer = await Producer.started(bootstrap)
    await producer.send(found)
    await producer.close()


def store_of(zone: ZoneUnderTest, service: str) -> MongoStore:
    """A service's own database."""
    return MongoStore(zone.server("mongod").address, f"zone_{service}", service)
