"""A rebuild step by step, over a store in memory: both generations read one log, meet, are compared, change places."""

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from services.chassis.background.condition import Condition
from services.chassis.background.job import Job
from services.chassis.consuming.group import Group, group_of
from services.chassis.consuming.positions import Positions
from services.chassis.consuming.processor import Processor
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict
from services.chassis.domain.events import Event
from services.chassis.kafka.records import Partition, Record
from services.chassis.publishing.publisher import record_of
from services.chassis.store.document_store import Store
from services.chassis.store.generations.generation import Silent, generation_of
from services.chassis.store.generations.pointer import Pointer, pointer
from services.chassis.store.outbox_row import canonical
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import caller
from services.chassis.testing.event_keys import KEY, KEYS
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON
from services.contracts.registry.businesses import BUSINESSES
from services.metrics.handlers import on
from services.metrics.main import service
from services.metrics.rebuilds import clocks, queries
from services.metrics.rebuilds.effects import give_up, order_rebuild, order_rollback, put_to_work
from services.metrics.rebuilds.rebuild import STANDS_STILL, Rebuild, RebuildStatus
from tests.metrics.happenings import registered, reported, resumed, suspended

PARTITIONS = [Partition(BUSINESSES.name, number) for number in (0, 1)]
OPERATOR: Caller = caller("operator", scopes="metrics:manage")
COLLECTIONS = [row.collection for row in queries.PROJECTED]


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOOK_EVERY", "MEET_EVERY", "SETTLED_AFTER"):
        monkeypatch.setattr(clocks, name, 0)


class Zone:
    """Metrics in memory with a log of two partitions; nobody reads it but by hand."""

    def __init__(self) -> None:
        self.store = MemoryStore.of(service)
        self.log: dict[Partition, list[Record]] = {partition: [] for partition in PARTITIONS}

    def publish(self, *events: Event) -> None:
        for event in events:
            number = int(event.envelope.subject[4:], 16) % len(PARTITIONS)
            of_it = self.log[PARTITIONS[number]]
            record = record_of(event.envelope._replace(data=canonical(event)), KEY)
            of_it.append(record._replace(partition=number, offset=len(of_it)))

    async def read(self, generation: int, at_most: int = 10_000, *, worker: int = 0) -> None:
        """What the consumer of a generation does with one poll, or with its part of it."""
        group = group_of("metrics", generation)
        store: Store = self.store if generation == 1 else Silent(self.store, COLLECTIONS, generation)
        positions = await Positions.read(store, group, "log-1", PARTITIONS, worker=worker)
        if positions.unknown:
            await store.commit(positions.begin(dict.fromkeys(positions.unknown, 0)))
            positions = await Positions.read(store, group, "log-1", PARTITIONS, worker=worker)
        records = [record for place, at in positions.moving.items() for record in self.log[place][at:]]
        due = positions.before_the_end(records)[:at_most]
        await Processor(Group(group, store, on, KEYS), Condition("metrics")).process(due, positions, asyncio.Event())

    async def order(self, order: Any = order_rebuild) -> Rebuild:
        tx = Tx(self.store, now=NOON, caller=OPERATOR)
        found: Rebuild = await order(tx, OPERATOR)
        await tx.commit()
        return found

    async def step(self, rebuild: Rebuild) -> Rebuild:
        """One step of its job; the rebuild as it is then."""
        pointed = (await self.pointer()).shown
        tx = Tx(generation_of(self.store, COLLECTIONS, pointed), now=NOON + timedelta(seconds=2))
        job = tx.save(await tx.get(Job, (await self.found(rebuild)).job_id))
        if not job.started_at:
            job.begin(at=tx.now)
        await clocks.take_step(job, tx, self.store.files)
        await tx.commit()
        return await self.found(rebuild)

    async def steps(self, rebuild: Rebuild, *until: RebuildStatus) -> Rebuild:
        """Steps, and reading as both may, until it has one of these."""
        for _ in range(300):
            if (found := await self.step(rebuild)).status in until:
                return found
            for generation in (await self.pointer()).fed:
                await self.read(generation)
        raise AssertionError(f"it is {found.status}")

    async def found(self, rebuild: Rebuild) -> Rebuild:
        return await Tx(self.store, now=NOON).get(Rebuild, rebuild.id)

    async def pointer(self) -> Pointer:
        return await pointer(Tx(self.store, now=NOON), queries.VERSIONS)

    def rows(self, name: str, generation: int) -> list[Any]:
        return self.store.rows(name if generation == 1 else f"{name}.g{generation}")


@pytest.fixture
async def zone() -> Zone:
    """One that has heard of six businesses."""
    zone = Zone()
    zone.publish(*history(range(6)))
    await zone.read(1)
    return zone


def history(numbers: Sequence[int]) -> list[Event]:
    found: list[Event] = []
    for number in numbers:
        opening = {"valuation": {"amount": 500 + number, "currency": "CNY"}}
        found += [
            registered(number, on=f"2024-03-{1 + number % 28:02}", opening=opening),
            suspended(number, on="2025-06-10", sequence=2),
            reported(number, year="2024", sequence=3, revenue=70, valuation=600),
            resumed(number, on="2026-02-01", sequence=4),
        ]
    return found


async def test_it_is_built_compared_and_shown_while_the_shown_figures_go_on(zone: Zone) -> None:
    rebuild = await zone.order()
    await zone.read(2, at_most=5)
    zone.publish(*history([6, 7]))
    await zone.read(1)
    found = await zone.steps(rebuild, RebuildStatus.DONE)
    assert (found.differences, found.parked, found.events, found.behind) == ([], [], 32, 0)
    assert (await zone.pointer()).fed == [2]
    facts = [{row["_id"]: row["facts"] for row in zone.rows("entities", each)} for each in (1, 2)]
    assert facts[0] == facts[1]
    zone.publish(*history([8]))
    await zone.read(2)
    assert len(zone.rows("entities", 2)) == 9
    assert len(zone.rows("entities", 1)) == 8


async def test_nothing_leaves_while_it_is_built(zone: Zone) -> None:
    await zone.steps(await zone.order(), RebuildStatus.DONE)
    assert zone.store.rows("outbox") == []


async def test_both_stand_still_from_where_they_meet_until_it_is_settled(zone: Zone) -> None:
    rebuild = await zone.order()
    await zone.read(2)
    await zone.steps(rebuild, RebuildStatus.COMPARING)
    zone.publish(*history([6]))
    for generation in (1, 2):
        await zone.read(generation)
        assert len(zone.rows("entities", generation)) == 6
    assert (await zone.step(rebuild)).status is RebuildStatus.SETTLING
    assert (await zone.pointer()).shown == 2
    await zone.read(2)
    assert len(zone.rows("entities", 2)) == 6
    assert (await zone.step(rebuild)).status is RebuildStatus.DONE
    await zone.read(2)
    assert len(zone.rows("entities", 2)) == 7


@pytest.mark.parametrize("seed", range(5))
async def test_from_the_log_at_once_and_bit_by_bit_by_many_workers_the_digests_are_the_same(seed: int) -> None:
    zone, dice = Zone(), random.Random(seed)
    events = history(range(12))
    for start in range(0, len(events), 4):
        zone.publish(*events[start : start + 4])
        await zone.read(1, at_most=dice.randint(1, 4), worker=dice.randint(0, 3))
    first = await zone.steps(await zone.order(), RebuildStatus.DONE)
    second = await zone.steps(await zone.order(), RebuildStatus.DONE)
    assert first.differences == second.differences == []
    assert first.digests == second.digests
    assert first.digests.keys() == set(queries.COMPARED)


async def test_counters_that_came_to_nothing_are_no_difference(zone: Zone) -> None:
    bucket = next(row for row in zone.rows("buckets", 1) if row["_id"].startswith("businesses_active|d"))
    bucket["cells"]["size"]["gone"] = {"n": {"01": 0}}
    zone.store.collections["buckets"][bucket["_id"]] = bucket
    found = await zone.steps(await zone.order(), RebuildStatus.DONE)
    assert found.differences == []


async def test_a_difference_that_nobody_expected_waits_and_both_go_on(zone: Zone) -> None:
    spoil(zone, "valuation_total")
    rebuild = await zone.steps(await zone.order(), RebuildStatus.WAITING)
    (difference,) = rebuild.differences
    assert (difference.kpi, difference.expected) == ("valuation_total", False)
    assert difference.places[0].shown - difference.places[0].built == 1
    zone.publish(*history([6]))
    for generation in (1, 2):
        await zone.read(generation)
        assert len(zone.rows("entities", generation)) == 7
    assert (await zone.pointer()).shown == 1


async def test_what_waits_is_shown_once_a_person_accepts_it(zone: Zone) -> None:
    spoil(zone, "valuation_total")
    rebuild = await zone.steps(await zone.order(), RebuildStatus.WAITING)
    tx = Tx(zone.store, now=NOON)
    waiting = await tx.get(Rebuild, rebuild.id)
    waiting.accept()
    put_to_work(waiting, tx, OPERATOR)
    await tx.commit()
    found = await zone.steps(rebuild, RebuildStatus.DONE)
    assert found.unexpected == ["valuation_total"]
    assert (await zone.pointer()).shown == 2


async def test_another_definition_may_give_another_figure(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    tx = Tx(zone.store, now=NOON)
    await pointer(tx, queries.VERSIONS)
    await tx.commit()
    spoil(zone, "valuation_total")
    monkeypatch.setitem(queries.VERSIONS, "valuation_total", 2)
    found = await zone.steps(await zone.order(), RebuildStatus.DONE)
    assert [(each.kpi, each.expected) for each in found.differences] == [("valuation_total", True)]
    with pytest.raises(Conflict, match="valuation_total"):
        await zone.order(order_rollback)


async def test_the_way_back_is_brought_up_to_date_first(zone: Zone) -> None:
    await zone.steps(await zone.order(), RebuildStatus.DONE)
    zone.publish(*history([6]))
    await zone.read(2)
    await zone.read(1)
    assert len(zone.rows("entities", 1)) == 6
    back = await zone.steps(await zone.order(order_rollback), RebuildStatus.DONE)
    assert (back.generation, back.differences, back.events_before, back.events) == (1, [], 24, 28)
    assert ((await zone.pointer()).shown, (await zone.pointer()).kept) == (1, 2)


async def test_the_next_rebuild_makes_room_and_gives_another_number(zone: Zone) -> None:
    await zone.steps(await zone.order(), RebuildStatus.DONE)
    rebuild = await zone.order()
    found = await zone.pointer()
    assert (rebuild.generation, found.kept, found.dropped) == (3, None, [1])


async def test_only_one_is_under_way(zone: Zone) -> None:
    await zone.order()
    for order in (order_rebuild, order_rollback):
        with pytest.raises(Conflict) as refused:
            await zone.order(order)
        assert refused.value.code == "rebuild_under_way"


@pytest.mark.parametrize("phase", [RebuildStatus.BUILDING, RebuildStatus.MEETING, RebuildStatus.COMPARING])
async def test_what_is_given_up_lets_the_shown_figures_go_on(zone: Zone, phase: RebuildStatus) -> None:
    rebuild = await zone.order()
    await zone.read(2)
    if phase is not RebuildStatus.BUILDING:
        await zone.steps(rebuild, phase)
    tx = Tx(zone.store, now=NOON)
    await give_up(await tx.get(Rebuild, rebuild.id), tx, "enough")
    await tx.commit()
    zone.publish(*history([6]))
    await zone.read(1)
    assert len(zone.rows("entities", 1)) == 7
    found = await zone.pointer()
    assert (found.fed, found.dropped) == ([1], [2])
    assert (await Tx(zone.store, now=NOON).get(Job, rebuild.job_id)).has_ended


async def test_shown_figures_that_cannot_come_along_are_not_waited_for(zone: Zone) -> None:
    zone.publish(*history([6]))
    rebuild = await zone.order()
    await zone.read(2)
    found, looks = await zone.step(rebuild), 0
    while found.status is RebuildStatus.MEETING:
        found, looks = await zone.step(rebuild), looks + 1
    assert (found.status, looks) == (RebuildStatus.WAITING, STANDS_STILL + 1)
    assert "nothing can be compared" in str(found.why)


async def test_a_rebuild_whose_consumers_have_stopped_holds_nobody_up_for_long(zone: Zone) -> None:
    rebuild = await zone.order()
    await zone.read(2, at_most=3)
    found, looks = await zone.step(rebuild), 0
    while found.status is RebuildStatus.MEETING:
        found, looks = await zone.step(rebuild), looks + 1
    assert (found.status, looks) == (RebuildStatus.WAITING, STANDS_STILL + 1)
    assert "does not come as far" in str(found.why)


async def test_what_it_alone_has_parked_is_a_persons_matter(zone: Zone) -> None:
    rebuild = await zone.order()
    await zone.read(2)
    event = "biz_00000000000000000000000000000001:0000000004"
    zone.store.collections["parked"] = {
        f"zone.metrics.g2|{event}": {"_id": f"zone.metrics.g2|{event}", "group": "zone.metrics.g2"}
    }
    found = await zone.steps(rebuild, RebuildStatus.WAITING)
    assert found.parked == [event]


@pytest.mark.parametrize("phase", [RebuildStatus.BUILDING, RebuildStatus.COMPARING, RebuildStatus.SETTLING])
async def test_a_job_that_has_ended_leaves_no_rebuild_behind(zone: Zone, phase: RebuildStatus) -> None:
    rebuild = await zone.order()
    if phase is not RebuildStatus.BUILDING:
        await zone.steps(rebuild, phase)
    tx = Tx(zone.store, now=NOON)
    tx.save(await tx.get(Job, rebuild.job_id)).cancel(at=NOON)
    await tx.commit()
    await clocks.tidy(NOON, lambda: Tx(zone.store, now=NOON))
    found = await zone.found(rebuild)
    assert found.status is (RebuildStatus.DONE if phase is RebuildStatus.SETTLING else RebuildStatus.DROPPED)
    zone.publish(*history([6]))
    shown = (await zone.pointer()).shown
    await zone.read(shown)
    assert len(zone.rows("entities", shown)) == 7


@pytest.mark.parametrize(("days", "dropped"), [(6, []), (8, [1])])
async def test_the_kept_figures_are_dropped_after_a_week(zone: Zone, days: int, dropped: list[int]) -> None:
    await zone.steps(await zone.order(), RebuildStatus.DONE)
    now = NOON + timedelta(days=days)
    await clocks.tidy(now, lambda: Tx(zone.store, now=now))
    assert (await zone.pointer()).dropped == dropped


def spoil(zone: Zone, kpi: str) -> None:
    """Let a bucket of the shown figures say one more than it should."""
    bucket = next(row for row in zone.rows("buckets", 1) if row["_id"].startswith(f"{kpi}|d"))
    counters = bucket["cells"]["size"]["unknown"]["n"]
    counters[next(iter(counters))] += 1
    zone.store.collections["buckets"][bucket["_id"]] = bucket
