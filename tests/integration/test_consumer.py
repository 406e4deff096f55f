"""The consumer on a real database and a real broker: exactly once, in order, whatever is delivered twice or dies."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from deploy.servers.mock_cluster import MockCluster
from services.chassis.background.condition import Condition
from services.chassis.consuming import log_watch
from services.chassis.consuming.breaker import IN_A_ROW
from services.chassis.consuming.dead_letter_copies import DeadLetterCopies
from services.chassis.consuming.dead_letters import Selection
from services.chassis.consuming.group import Group
from services.chassis.consuming.members import Rank
from services.chassis.consuming.positions import Positions
from services.chassis.consuming.processor import PositionsLost, Processor
from services.chassis.domain.events import Topic
from services.chassis.kafka import producer
from services.chassis.kafka.client import describe_log
from services.chassis.kafka.mac import with_mac
from services.chassis.kafka.records import Partition, Record
from services.chassis.testing.event_keys import KEY, KEYS
from tests.chassis.garden import BROKEN, REFUSED, Grown, bed_of, grown, history, logged
from tests.integration.stage import Stage, applied, until


@pytest.fixture
async def fragile(mongo_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Stage, MockCluster]]:
    """On a broker that the test may break."""
    with MockCluster({"zone.test.plants": 2}) as broker:
        stage = Stage(mongo_url, broker.bootstrap, "zone.test.plants")
        monkeypatch.setattr(Grown, "topic", Topic("zone.test.plants"))
        await stage.prepare()
        yield stage, broker
        await stage.close()


def upto(count: int) -> list[int]:
    return list(range(1, count + 1))


async def test_what_is_committed_here_takes_effect_there_exactly_once_and_in_order(stage: Stage) -> None:
    plants = [f"plant_{n:02}" for n in range(40)]
    async with stage.running(stage.relay(), stage.consumer()):
        await stage.plant_many(plants[:20], [1] * 10)
        await asyncio.gather(*(stage.grow(plant, [1] * 10) for plant in plants[20:]))
        await applied(stage, 400)
    assert await stage.beds() == {bed_of(plant): upto(10) for plant in plants}


async def test_duplicates_in_the_log_are_dropped(stage: Stage) -> None:
    records = history("plant_1", [1] * 5)
    await stage.publish(*records, *records[2:], *records)
    async with stage.running(stage.consumer()):
        await until(lambda: consumed(stage, 13))
    assert await stage.beds() == {"bed_1": upto(5)}


async def test_a_gap_parks_what_comes_after_it_and_other_subjects_go_on(stage: Stage) -> None:
    records = history("plant_1", [1] * 4)
    await stage.publish(records[0], *records[2:], *history("plant_2", [1]))
    async with stage.running(stage.consumer()):
        await until(lambda: consumed(stage, 4))
    assert await stage.beds() == {"bed_1": [1], "bed_2": [1]}
    rows = await stage.letters.parked(Selection())
    assert [(row["sequence"], row["reason"]) for row in rows] == [(3, "gap"), (4, "behind")]


async def test_a_forged_record_is_kept_and_its_subject_goes_on(stage: Stage) -> None:
    one, two = history("plant_1", [1, 1])
    await stage.publish(one, with_mac(grown("plant_1", 2, by=1_000), b"a key of whoever reaches the broker"), two)
    async with stage.running(stage.consumer()):
        await until(lambda: consumed(stage, 3))
    assert await stage.beds() == {"bed_1": [1, 2]}
    (row,) = await stage.letters.parked(Selection())
    assert (row["reason"], row["subject"]) == ("forged", None)


async def test_a_flood_of_forged_records_does_not_stop_the_consumer(stage: Stage) -> None:
    flood = [with_mac(grown(f"plant_{n}", 1), b"a key of whoever reaches the broker") for n in range(3 * IN_A_ROW)]
    await stage.publish(*flood, grown("plant_1", 1))
    consumer = stage.consumer()
    async with stage.running(consumer):
        await applied(stage, 1)
        assert consumer.health()["breaker"] == "closed"


async def test_an_event_that_contradicts_what_took_effect_is_kept_and_changes_nothing(stage: Stage) -> None:
    await stage.publish(grown("plant_1", 1))
    async with stage.running(stage.consumer()):
        await applied(stage, 1)
        await stage.publish(grown("plant_1", 1, by=1_000), grown("plant_1", 2))
        await applied(stage, 2)
        await until(lambda: stage.count("parked", 1))
    (row,) = await stage.letters.parked(Selection())
    assert row["reason"] == "contradicting"
    assert await stage.beds() == {"bed_1": [1, 2]}


async def test_poison_waits_for_a_person_and_its_replay_restores_the_exact_figures(stage: Stage) -> None:
    async with stage.running(stage.relay(), stage.consumer()):
        await stage.grow("plant_1", [1, REFUSED, 1])
        await stage.grow("plant_2", [1, 1])
        await applied(stage, 3)
        await until(lambda: stage.count("parked", 2))
        stage.gardener.cured = True
        await stage.letters.replay(Selection())
        await stage.grow("plant_1", [1])
        await applied(stage, 6)
    assert await stage.beds() == {"bed_1": upto(4), "bed_2": upto(2)}
    assert await stage.count("parked", 0)


async def test_a_replay_races_with_live_events_of_the_same_subject_and_none_is_lost(stage: Stage) -> None:
    async with stage.running(stage.relay(), stage.consumer()):
        await stage.grow("plant_1", [REFUSED])
        await until(lambda: stage.count("parked", 1))
        stage.gardener.cured = True
        growing = asyncio.create_task(stage.grow("plant_1", [1] * 40))
        while not growing.done():
            await stage.letters.replay(Selection())
        await until(lambda: consumed(stage, 41))
        await stage.letters.replay(Selection())
        await applied(stage, 41)
    assert await stage.beds() == {"bed_1": upto(41)}
    assert await stage.count("parked", 0)


async def test_a_discarded_event_lets_those_behind_it_follow(stage: Stage) -> None:
    async with stage.running(stage.relay(), stage.consumer()):
        await stage.grow("plant_1", [1, BROKEN, 1])
        await until(lambda: stage.count("parked", 2))
        await stage.letters.discard(Selection(reason="poison"), because="synthetic")
        await stage.letters.replay(Selection())
        await stage.grow("plant_1", [1])
        await applied(stage, 3)
    assert await stage.beds() == {"bed_1": [1, 3, 4]}


async def test_a_bug_among_many_is_found_and_the_others_take_effect(stage: Stage) -> None:
    plants = [f"plant_{n:02}" for n in range(30)]
    for n, plant in enumerate(plants):
        await stage.plant_many([plant], [1, BROKEN if n == 17 else 1])
    async with stage.running(stage.relay(), stage.consumer()):
        await applied(stage, 59)
        await until(lambda: stage.count("parked", 1))
    (row,) = await stage.letters.parked(Selection())
    assert (row["subject"], row["attempts"]) == ("plant_17", 3)
    assert "ZeroDivisionError" in row["error"]


async def test_of_two_consumers_that_race_for_one_partition_exactly_one_commits(stage: Stage) -> None:
    group = Group(stage.group, stage.store, stage.gardener.on, KEYS)
    place = Partition(stage.topic, 0)
    records = [record._replace(topic=stage.topic) for record in logged(*history("plant_1", [1] * 20))]

    async def take(positions: Positions) -> str:
        try:
            await Processor(group, Condition("test")).process(records, positions, asyncio.Event())
        except PositionsLost:
            return "lost"
        return "committed"

    before = [await Positions.read(stage.store, stage.group, "log", [place]) for _ in range(4)]
    ends = await asyncio.gather(*(take(positions) for positions in before))
    assert sorted(ends) == ["committed", "lost", "lost", "lost"]
    assert await stage.beds() == {"bed_1": upto(20)}


async def test_two_workers_that_both_believe_to_have_everything_do_no_harm(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rank, "takes", lambda self, partition: True)
    async with stage.running(stage.relay(), stage.consumer(), stage.consumer()):
        await asyncio.gather(*(stage.grow(f"plant_{n}", [1] * 15) for n in range(8)))
        await applied(stage, 120)
    assert await stage.beds() == {f"bed_{n}": upto(15) for n in range(8)}
    assert await stage.count("parked", 0)


async def test_workers_share_the_partitions_and_a_stopped_one_leaves_at_once(stage: Stage) -> None:
    first, second = stage.consumer(), stage.consumer()
    async with stage.running(stage.relay(), first):
        async with stage.running(second):
            await until(lambda: first.health()["workers"] == second.health()["workers"] == 2)
            await stage.plant_many([f"plant_{n}" for n in range(20)], [1])
            await applied(stage, 20)
        await until(lambda: first.health()["workers"] == 1)
        await stage.plant_many([f"plant_{n}" for n in range(20, 40)], [1])
        await applied(stage, 40)
    assert await stage.beds() == {f"bed_{n}": [1] for n in range(40)}


async def test_another_worker_takes_over_from_one_that_vanished(stage: Stage) -> None:
    vanishing, other = stage.consumer(), stage.consumer()

    async def nothing() -> None:
        """A killed process says no goodbye."""

    vanishing._members.leave = nothing  # type: ignore[method-assign]  # there is no other way to die in a test
    async with stage.running(stage.relay(), other):
        async with stage.running(vanishing):
            await until(lambda: other.health()["workers"] == 2)
        await stage.plant_many([f"plant_{n}" for n in range(20)], [1])
        await applied(stage, 20)
    assert await stage.beds() == {f"bed_{n}": [1] for n in range(20)}


async def test_a_worker_killed_anywhere_leaves_nothing_undone_and_nothing_done_twice(stage: Stage) -> None:
    chance = random.Random(7)
    async with stage.running(stage.relay()):
        writing = asyncio.gather(*(stage.grow(f"plant_{n}", [1] * 25) for n in range(10)))
        for _ in range(8):
            task = asyncio.create_task(stage.consumer().run(asyncio.Event()))
            await asyncio.sleep(chance.uniform(0.2, 0.6))
            while not task.done():  # aiokafka keeps a cancellation to itself while it closes
                task.cancel()
                await asyncio.wait([task], timeout=1)
        await writing
        async with stage.running(stage.consumer()):
            await applied(stage, 250)
    assert await stage.beds() == {f"bed_{n}": upto(25) for n in range(10)}
    assert await stage.count("parked", 0)


async def test_a_consumer_starts_another_log_from_its_beginning_and_drops_what_it_knows(stage: Stage) -> None:
    await stage.publish(*history("plant_1", [1] * 3))
    async with stage.running(stage.consumer()):
        await applied(stage, 3)
    await stage.change("offsets", {}, {"cluster": "one that is gone"})
    await stage.publish(grown("plant_1", 4))
    async with stage.running(stage.consumer()):
        await applied(stage, 4)
    assert await stage.beds() == {"bed_1": upto(4)}
    assert {row["cluster"] for row in await offsets(stage)} == {(await describe_log(stage.bootstrap))[0]}


async def test_a_log_lost_with_its_broker_is_refilled_and_everything_is_there_once(
    mongo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_watch, "STANDS_STILL_AFTER", 0.5)
    monkeypatch.setattr(producer, "SEND_TIMEOUT", 1)
    with MockCluster({"zone.test.plants": 2}) as first, MockCluster({"zone.test.plants": 2}) as second:
        stage = Stage(mongo_url, first.bootstrap, "zone.test.plants")
        monkeypatch.setattr(Grown, "topic", Topic("zone.test.plants"))
        await stage.prepare()
        relay, consumer = stage.relay(keep="all"), stage.consumer()
        async with stage.running(relay, consumer):
            await stage.grow("plant_1", [1, 1, 1])
            await applied(stage, 3)
            relay._bootstrap = consumer._bootstrap = second.bootstrap  # as if it were the address of the first
            first.close()
            await stage.grow("plant_1", [1, 1])
            await applied(stage, 5)
        assert await stage.beds() == {"bed_1": upto(5)}
        assert await stage.count("parked", 0)
        await stage.close()


async def test_a_log_truncated_below_the_position_is_a_loud_stop(fragile: tuple[Stage, MockCluster]) -> None:
    stage, broker = fragile
    await stage.publish(*history("plant_1", [1] * 6))
    broker.truncate("zone.test.plants", (await stage.records())[0].partition, 3)
    consumer = stage.consumer()
    async with stage.running(consumer):
        await until(lambda: consumer.health()["state"] == "down")
    assert await stage.beds() == {}


async def test_an_outage_of_the_broker_is_survived(fragile: tuple[Stage, MockCluster]) -> None:
    stage, broker = fragile
    consumer = stage.consumer()
    async with stage.running(consumer):
        await stage.publish(*history("plant_1", [1] * 2))
        await applied(stage, 2)
        broker.set_down()
        await until(lambda: consumer.health()["state"] == "degraded")
        broker.set_up()
        await until(lambda: consumer.health()["state"] == "ok")
        await stage.publish(grown("plant_1", 3))
        await applied(stage, 3)
    assert await stage.beds() == {"bed_1": upto(3)}


async def test_an_outage_of_the_database_is_waited_out(stage: Stage) -> None:
    await stage.publish(*history("plant_1", [1] * 5))
    await stage.fail_next("commitTransaction", code=91, times=3)
    await stage.fail_next("insert", code=112, times=2)
    async with stage.running(stage.consumer()):
        await applied(stage, 5)
    assert await stage.beds() == {"bed_1": upto(5)}
    assert await stage.count("parked", 0)


async def test_the_breaker_stops_the_consumer_and_leaves_the_rest_in_the_log(stage: Stage) -> None:
    await stage.publish(*(grown(f"plant_{n}", 1, REFUSED) for n in range(200)))
    consumer = stage.consumer()
    async with stage.running(consumer):
        await until(lambda: consumer.health()["state"] == "down")
        assert consumer.health()["breaker"] == "open"
    assert await stage.count("parked", IN_A_ROW)


async def test_a_worker_waits_for_topics_that_do_not_exist_yet(
    fragile: tuple[Stage, MockCluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, broker = fragile
    monkeypatch.setattr(Grown, "topic", Topic("zone.test.late"))
    consumer = stage.consumer()
    async with stage.running(consumer):
        await until(lambda: "late" in (consumer.health()["reason"] or ""))
        broker.create_topic("zone.test.late", 2)
        await stage.publish(grown("plant_1", 1))
        await applied(stage, 1)


async def test_positions_are_told_to_the_broker_under_the_groups_name(stage: Stage) -> None:
    async with stage.running(stage.consumer()):
        await stage.publish(*history("plant_1", [1] * 4))
        await until(lambda: told(stage, 4))


async def test_lag_is_what_has_not_taken_effect(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_watch, "TELL_EVERY", 0.1)
    monkeypatch.setattr(log_watch, "LOOK_EVERY", 0.1)
    await stage.publish(*history("plant_1", [1] * 4))
    await stage.fail_next("insert", code=112, times=1_000)
    consumer = stage.consumer()
    async with stage.running(consumer):
        await until(lambda: consumer.health()["lag"] == 4)
        await stage.fail_next("insert", code=112, times=0)
        await until(lambda: consumer.health()["lag"] == 0)
    assert await stage.beds() == {"bed_1": upto(4)}


async def test_a_copy_of_what_is_parked_stands_in_the_dead_letter_topic(
    stage: Stage, new_topic: Callable[..., Awaitable[str]]
) -> None:
    odd = Record(stage.topic, b"k", None, (("ce_type", Grown.wire_name.encode()), ("odd", None)))
    await stage.publish(grown("plant_1", 1, REFUSED), with_mac(odd, KEY))
    async with stage.running(stage.consumer()):
        await until(lambda: stage.count("parked", 2))
    letters, stop = await new_topic(1), asyncio.Event()
    copying = asyncio.create_task(DeadLetterCopies(stage.store, stage.bootstrap, letters).run(stop))
    await until(lambda: all_copied(stage))
    stop.set()
    await copying
    stage.topic = letters
    found = {dict(record.headers)["zone_reason"]: record for record in await stage.records()}
    assert found[b"poison"].value == b'{"by":0,"plant_id":"plant_1"}'
    assert dict(found[b"poison"].headers)["zone_error"] == b"a plant cannot grow by nothing"
    assert dict(found[b"poison"].headers)["ce_id"] == b"plant_1:0000000001"
    assert found[b"undecodable"].key == b"k"


async def offsets(stage: Stage) -> list[dict[str, object]]:
    return await stage.store.select("offsets", {}, [("_id", 1)], 100)


async def consumed(stage: Stage, count: int) -> bool:
    """Whether the group's positions add up to so many records."""
    return sum(int(str(row["next"])) for row in await offsets(stage)) >= count


async def told(stage: Stage, count: int) -> bool:
    """Whether the broker knows the group's positions."""
    partitions = [TopicPartition(stage.topic, n) for n in range(4)]
    admin = AIOKafkaAdminClient(bootstrap_servers=stage.bootstrap)
    await admin.start()
    try:
        found = await admin.list_consumer_group_offsets(stage.group, partitions=partitions)
    finally:
        await admin.close()
    return sum(max(int(each.offset), 0) for each in found.values()) == count


async def all_copied(stage: Stage) -> bool:
    return all(row["copied"] for row in await stage.letters.parked(Selection()))
