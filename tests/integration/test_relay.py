"""The relay on a real database and a real broker: no hole, in order, whatever dies in between."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import Timestamp

from deploy.servers.mock_cluster import MockCluster
from services.chassis.background.lease import Lease
from services.chassis.consuming import dead_letter_copies
from services.chassis.consuming.dead_letters import Selection
from services.chassis.domain.aggregate import event_id
from services.chassis.domain.envelope import Envelope
from services.chassis.domain.events import Topic
from services.chassis.kafka import producer
from services.chassis.module import Module
from services.chassis.publishing import outbox
from services.chassis.publishing import relay as relay_module
from services.chassis.publishing.backlog import Backlog
from services.chassis.publishing.outbox import changes, end_of_stream, whole_outbox
from services.chassis.publishing.publisher import Publisher
from services.chassis.publishing.relay import Relay
from services.chassis.service import Service
from services.chassis.store.writes import Document
from services.chassis.telemetry.instruments import PARKED
from services.chassis.testing.callers import settings
from services.chassis.testing.event_keys import KEY, KEYS
from tests.chassis.garden import OWNER, Grown, Plant
from tests.integration.stage import Stage, until

PRODUCE, MESSAGE_TOO_LARGE = 0, 10
"""A kind of request and an error, as the Kafka protocol numbers them."""


@pytest.fixture
def own_broker() -> Iterator[MockCluster]:
    """A broker that a test may break."""
    with MockCluster({"zone.test.plants": 3}) as broker:
        yield broker


@pytest.fixture
async def fragile(mongo_url: str, own_broker: MockCluster, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """On a broker that the test may break."""
    stage = Stage(mongo_url, own_broker.bootstrap, "zone.test.plants")
    monkeypatch.setattr(Grown, "topic", Topic(stage.topic))
    await stage.prepare()
    yield stage
    await stage.close()


def ids(plant: str, count: int) -> list[str]:
    return [event_id(plant, n) for n in range(1, count + 1)]


def first_deliveries(found: list[str]) -> list[str]:
    """Without what came again."""
    return list(dict.fromkeys(found))


async def published(stage: Stage, *plants: str) -> dict[str, list[str]]:
    """The log, once the last event that was committed of each plant is in it."""
    last = {plant: (await stage.store.read("plants", [plant]))[0]["sequence"] for plant in plants}

    async def all_there() -> bool:
        log = await stage.log()
        return all(event_id(plant, n) in log.get(plant, ()) for plant, n in last.items())

    await until(all_there)
    return await stage.log()


async def test_pages_that_follow_each_other_at_once_are_noted_together_and_the_last_before_it_stops(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[int] = []
    notes: list[dict[str, Any]] = []
    plants: list[str] = []

    class Seen(Publisher):
        async def publish(self, rows: Sequence[Document]) -> None:
            await super().publish(rows)
            pages.append(len(rows))

    class Noted(Lease):
        async def note(self, fields: dict[str, Any]) -> bool:
            notes.append(fields)
            return await super().note(fields)

    monkeypatch.setattr(relay_module, "Publisher", Seen)
    monkeypatch.setattr(relay_module, "Lease", Noted)
    monkeypatch.setattr(relay_module, "NOTE_WITHIN", float("inf"))
    async with stage.running(stage.relay()):
        while len(plants) < 20:
            plants.append(f"plant_{len(plants)}")
            await stage.grow(plants[-1], [1])
            await until(lambda: sum(pages) >= len(plants))
    assert await caught_up(stage)
    assert len(notes) < len(pages)


async def test_committed_events_are_published_in_the_order_of_their_aggregate(stage: Stage) -> None:
    async with stage.running(stage.relay()):
        await asyncio.gather(*(stage.grow(f"plant_{n}", [1] * 20) for n in range(3)))
        log = await published(stage, "plant_0", "plant_1", "plant_2")
    assert {plant: first_deliveries(found) for plant, found in log.items()} == {
        f"plant_{n}": ids(f"plant_{n}", 20) for n in range(3)
    }


async def test_what_was_committed_before_the_first_start_is_published_too(stage: Stage) -> None:
    plants = [f"plant_{n:03}" for n in range(300)]
    await stage.plant_many(plants, [1, 2, 3])
    async with stage.running(stage.relay()):
        log = await published(stage, *plants)
    assert log == {plant: ids(plant, 3) for plant in plants}


async def test_an_event_arrives_as_it_was_stored(stage: Stage) -> None:
    await stage.grow("plant_1", [5])
    async with stage.running(stage.relay()):
        await published(stage, "plant_1")
    (record,) = await stage.records()
    (row,) = await stage.store.read("outbox", ["plant_1:0000000001"])
    envelope: Envelope = record.envelope()
    assert record.value == row["data"] == b'{"by":5,"plant_id":"plant_1"}'
    assert (envelope.source, envelope.subject, envelope.sequence) == (f"/{stage.service}", "plant_1", 1)
    assert envelope.traceparent == row["headers"].get("traceparent")


async def test_an_event_arrives_with_the_owner_of_its_aggregate(stage: Stage) -> None:
    await stage.grow("plant_1", [5])
    async with stage.running(stage.relay()):
        await published(stage, "plant_1")
    assert [record.envelope().partner_id for record in await stage.records()] == [OWNER]


async def test_an_event_arrives_with_the_hash_of_its_row_and_the_code_of_its_service(stage: Stage) -> None:
    await stage.grow("plant_1", [5])
    async with stage.running(stage.relay()):
        await published(stage, "plant_1")
    (record,) = await stage.records()
    KEYS.check(record)
    assert record.envelope().hash == (await stage.last_row())["hash"]


async def test_a_relay_that_dies_between_publishing_and_saving_its_token_adds_only_duplicates(stage: Stage) -> None:
    await stage.grow("plant_1", [1])
    async with stage.running(stage.relay()):
        await published(stage, "plant_1")
    dying = stage.relay()

    async def dies(fields: dict[str, Any]) -> bool:
        raise SystemError("killed before the token was saved")

    dying._lease.note = dies  # type: ignore[method-assign]  # nothing else happens just there
    await stage.grow("plant_1", [2, 3])
    async with stage.running(dying):
        await published(stage, "plant_1")
        assert (await stage.state())["published_to"] < (await stage.last_row())["at"]
    await stage.grow("plant_1", [4])
    async with stage.running(stage.relay()):
        log = await published(stage, "plant_1")
    assert sorted(set(log["plant_1"])) == ids("plant_1", 4)
    assert first_deliveries(log["plant_1"]) == ids("plant_1", 4)
    assert len(log["plant_1"]) > 4


async def test_a_relay_goes_on_from_its_saved_token(stage: Stage) -> None:
    await stage.grow("plant_1", [1, 2])
    async with stage.running(stage.relay()):
        await published(stage, "plant_1")
        await until(lambda: caught_up(stage))
    await stage.grow("plant_1", [3])
    async with stage.running(stage.relay()):
        log = await published(stage, "plant_1")
    assert log["plant_1"] == ids("plant_1", 3)


@pytest.mark.parametrize("token", [{"_data": "zz"}, {"_data": "82FFFF"}, {"of": "another kind"}])
async def test_a_token_that_cannot_be_read_means_publishing_everything_again(stage: Stage, token: Any) -> None:
    await stage.grow("plant_1", [1, 2])
    async with stage.running(stage.relay()):
        await published(stage, "plant_1")
        await until(lambda: caught_up(stage))
    await stage.change("relay", {}, {"resume_token": token})
    await stage.grow("plant_1", [3])
    async with stage.running(stage.relay()):
        log = await published(stage, "plant_1")
    assert log["plant_1"] == ids("plant_1", 2) + ids("plant_1", 3)


async def test_history_lost_while_the_relay_was_down_means_publishing_everything_again(stage: Stage) -> None:
    await stage.grow("plant_1", [1, 2])
    async with stage.running(stage.relay()):
        await published(stage, "plant_1")
        await until(lambda: caught_up(stage))
    await stage.grow("plant_1", [3])
    await stage.fail_next("aggregate", code=286)
    async with stage.running(stage.relay()):
        log = await published(stage, "plant_1")
    assert log["plant_1"] == ids("plant_1", 2) + ids("plant_1", 3)


async def test_history_lost_in_the_middle_of_the_stream_leaves_no_hole(stage: Stage) -> None:
    async with stage.running(stage.relay()):
        await stage.grow("plant_1", [1])
        await published(stage, "plant_1")
        await stage.fail_next("getMore", code=286)
        await stage.grow("plant_1", [2, 3])
        log = await published(stage, "plant_1")
    assert first_deliveries(log["plant_1"]) == ids("plant_1", 3)


async def test_what_is_committed_while_a_resync_begins_is_in_the_outbox_read_or_in_the_stream(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "IDLE_MS", 50)
    plants = [f"plant_{n}" for n in range(6)]
    writing = asyncio.gather(*(stage.grow(plant, [1] * 60) for plant in plants))
    begun: list[tuple[Any, set[str]]] = []
    while not writing.done():
        token, _ = await end_of_stream(stage.store)
        begun.append((token, {row["_id"] async for rows in whole_outbox(stage.store) for row in rows}))
    await writing
    everything = {id for plant in plants for id in ids(plant, 60)}
    for token, read in begun:
        async with changes(stage.store, token) as stream:
            empty = 0
            while read < everything and empty < 3:
                page = await stream.next()
                read |= {row["_id"] for row in page.rows}
                empty = 0 if page.rows else empty + 1
        assert everything - read == set()


async def test_another_log_is_filled_with_all_that_the_outbox_holds(stage: Stage) -> None:
    await stage.grow("plant_1", [1, 2])
    async with stage.running(stage.relay(keep="all")):
        await published(stage, "plant_1")
        await until(lambda: caught_up(stage))
    await stage.change("relay", {}, {"cluster": "one that is gone"})
    async with stage.running(stage.relay(keep="all")):
        await until(lambda: holds_twice(stage, "plant_1"))
    assert (await stage.log())["plant_1"] == ids("plant_1", 2) * 2


async def test_a_log_that_cannot_be_filled_again_stops_the_relay_loudly(stage: Stage) -> None:
    await stage.grow("plant_1", [1])
    async with stage.running(stage.relay()):
        await published(stage, "plant_1")
        await until(lambda: caught_up(stage))
    await stage.change("relay", {}, {"cluster": "one that is gone", "pruned": True})
    relay = stage.relay()
    async with stage.running(relay):
        await until(lambda: relay.health()["state"] == "down")
    assert "one that is gone" in relay.health()["reason"]
    assert (await stage.log())["plant_1"] == ids("plant_1", 1)


async def test_writes_go_on_while_the_broker_is_away_and_nothing_is_lost(
    fragile: Stage, own_broker: MockCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(producer, "SEND_TIMEOUT", 1)
    relay = fragile.relay()
    async with fragile.running(relay):
        await fragile.grow("plant_1", [1, 2])
        await published(fragile, "plant_1")
        own_broker.set_down()
        await fragile.grow("plant_1", [3, 4])
        await until(lambda: relay.health()["state"] == "degraded")
        await fragile.grow("plant_1", [5])
        own_broker.set_up()
        log = await published(fragile, "plant_1")
        await until(lambda: relay.health()["state"] == "ok")
    assert first_deliveries(log["plant_1"]) == ids("plant_1", 5)


@pytest.mark.parametrize("error", [-195, 7, 19, 6])
async def test_a_failed_send_leaves_no_hole(fragile: Stage, own_broker: MockCluster, error: int) -> None:
    async with fragile.running(fragile.relay()):
        await fragile.grow("plant_1", [1])
        await published(fragile, "plant_1")
        own_broker.fail_next(PRODUCE, [error, error])
        await fragile.grow("plant_1", [2, 3, 4])
        log = await published(fragile, "plant_1")
    assert first_deliveries(log["plant_1"]) == ids("plant_1", 4)


async def test_a_broker_that_lost_its_log_gets_everything_again(
    mongo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(producer, "SEND_TIMEOUT", 1)
    with MockCluster({"zone.test.plants": 3}) as first, MockCluster({"zone.test.plants": 3}) as second:
        stage = Stage(mongo_url, first.bootstrap, "zone.test.plants")
        monkeypatch.setattr(Grown, "topic", Topic("zone.test.plants"))
        await stage.prepare()
        relay = stage.relay(keep="all")
        async with stage.running(relay):
            await stage.grow("plant_1", [1, 2, 3])
            await published(stage, "plant_1")
            relay._bootstrap = stage.bootstrap = second.bootstrap  # as if it were the address of the first
            first.close()
            await stage.grow("plant_1", [4])
            log = await published(stage, "plant_1")
        await stage.close()
    assert first_deliveries(log["plant_1"]) == ids("plant_1", 4)


async def test_a_row_that_the_broker_refuses_for_its_size_is_parked_and_the_others_go_on(
    fragile: Stage, own_broker: MockCluster
) -> None:
    async with fragile.running(fragile.relay()):
        await fragile.grow("plant_0", [1])
        await published(fragile, "plant_0")
        # The batch is refused, then its rows are sent one by one: the first passes, the second is the culprit.
        own_broker.fail_next(PRODUCE, [MESSAGE_TOO_LARGE, 0, MESSAGE_TOO_LARGE])
        await fragile.plant_many(["plant_1"], [1, 2, 3])
        await published(fragile, "plant_1")
    log = (await fragile.log())["plant_1"]
    (row,) = await fragile.letters.parked(Selection())
    assert log == [event_id("plant_1", 1), event_id("plant_1", 3)]
    assert (row["_id"], row["reason"]) == ("relay|plant_1:0000000002", "oversize")


async def test_what_the_relay_parks_is_counted_and_copied_also_in_a_service_that_hears_nothing(
    fragile: Stage, own_broker: MockCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: dict[str, int] = {}
    monkeypatch.setattr(dead_letter_copies, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(PARKED, "set", lambda count, labels: counted.update({labels["reason"]: count}))
    own_broker.create_topic(f"{fragile.group}.dead-letters", 1)
    own_broker.fail_next(PRODUCE, [MESSAGE_TOO_LARGE, MESSAGE_TOO_LARGE])
    await fragile.grow("plant_1", [1])
    deaf = Service(fragile.service, modules=[Module("plants", "Plants.", documents=[Plant])])
    told = settings(kafka_bootstrap=fragile.bootstrap, role="worker")
    async with deaf._workers(deaf.routes_on(fragile.store, told).state.process, fragile.store):
        await until(lambda: counted.get("oversize") == 1)
        await until(lambda: copied(fragile))
    fragile.topic = f"{fragile.group}.dead-letters"
    (copy,) = await fragile.records()
    assert dict(copy.headers)["zone_group"] == b"relay"
    assert dict(copy.headers)["ce_id"] == b"plant_1:0000000001"


async def test_a_parked_row_is_published_once_a_person_lets_it_go(
    fragile: Stage, own_broker: MockCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "CHORES_EVERY", 0.1)
    async with fragile.running(fragile.relay()):
        own_broker.fail_next(PRODUCE, [MESSAGE_TOO_LARGE, MESSAGE_TOO_LARGE])
        await fragile.grow("plant_1", [1])
        await until(lambda: fragile.count("parked", 1))
        (done,) = await fragile.letters.replay(Selection())
        assert done.outcome == "sent again"
        log = await published(fragile, "plant_1")
        await until(lambda: fragile.count("parked", 0))
    assert log["plant_1"] == ids("plant_1", 1)


async def test_of_two_relays_one_leads_and_the_other_takes_over_when_it_stops(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "STANDBY_SECONDS", 0.1)
    first, second = stage.relay(), Relay(stage.another_store(), stage.bootstrap, KEY)
    async with stage.running(second):
        await until(lambda: second.health()["leader"])
        await until(stage.relay_has_begun)  # until then, what is written may be published twice
        async with stage.running(first):
            await stage.grow("plant_1", [1])
            await published(stage, "plant_1")
            assert not first.health()["leader"]
            await until(lambda: first.health()["state"] == "ok")
    async with stage.running(first):
        await stage.grow("plant_1", [2])
        log = await published(stage, "plant_1")
    assert log["plant_1"] == ids("plant_1", 2)


async def test_another_relay_takes_over_from_one_that_vanished(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "STANDBY_SECONDS", 0.1)
    monkeypatch.setattr(relay_module, "LEASE_SECONDS", 1.0)
    vanishing, second = stage.relay(), Relay(stage.another_store(), stage.bootstrap, KEY)

    async def nothing() -> None:
        """A killed process gives nothing back."""

    vanishing._lease.give_back = nothing  # type: ignore[method-assign]  # there is no other way to die in a test
    async with stage.running(vanishing):
        await stage.grow("plant_1", [1])
        await published(stage, "plant_1")
    async with stage.running(second):
        await stage.grow("plant_1", [2])
        log = await published(stage, "plant_1")
    assert first_deliveries(log["plant_1"]) == ids("plant_1", 2)


async def test_rows_published_over_an_hour_ago_are_pruned(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "CHORES_EVERY", 0.1)
    await old_rows(stage, minutes=[180, 61, 59])
    async with stage.running(stage.relay(keep="window")):
        await until(lambda: stage.count("outbox", 1))
    assert (await stage.last_row())["_id"] == "plant_0:0000000003"
    assert (await stage.state())["pruned"] is True
    assert (await stage.log())["plant_0"] == ids("plant_0", 3)


async def test_an_outbox_that_is_an_audit_log_is_never_pruned(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "CHORES_EVERY", 0.1)
    await old_rows(stage, minutes=[180, 61, 59])
    async with stage.running(stage.relay(keep="all")):
        await stage.grow("plant_1", [1])
        await published(stage, "plant_1")
        await asyncio.sleep(0.5)
    assert await stage.count("outbox", 4)


async def test_the_backlog_is_what_is_committed_and_not_yet_published(stage: Stage) -> None:
    await stage.grow("plant_1", [1, 2, 3])
    assert await Backlog(stage.store, limit=10).measure() == 3
    async with stage.running(stage.relay()):
        await published(stage, "plant_1")
        await until(lambda: caught_up(stage))
    assert await Backlog(stage.store, limit=10).measure() == 0
    await stage.grow("plant_1", [4])
    assert await Backlog(stage.store, limit=10).measure() == 1


async def test_writes_are_braked_once_the_backlog_reaches_its_limit(stage: Stage) -> None:
    await stage.grow("plant_1", [1, 2, 3])
    assert await Backlog(stage.store, limit=3).is_full()
    assert not await Backlog(stage.store, limit=4).is_full()


async def caught_up(stage: Stage) -> bool:
    """Whether the saved token stands behind the last commit."""
    return bool((await stage.state()).get("published_to", Timestamp(0, 0)) >= (await stage.last_row())["at"])


async def copied(stage: Stage) -> bool:
    return [row["copied"] for row in await stage.letters.parked(Selection())] == [True]


async def holds_twice(stage: Stage, plant: str) -> bool:
    log = await stage.log()
    return all(log[plant].count(id) == 2 for id in set(log[plant]))


async def old_rows(stage: Stage, minutes: list[int]) -> None:
    """Events of one plant that were committed some minutes ago."""
    await stage.grow("plant_0", [1] * len(minutes))
    for sequence, ago in enumerate(minutes, 1):
        then = Timestamp(datetime.now(UTC) - timedelta(minutes=ago), 1)
        await stage.change("outbox", {"_id": event_id("plant_0", sequence)}, {"at": then})
