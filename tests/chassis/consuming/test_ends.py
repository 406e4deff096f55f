"""Ends of positions: two groups come to one place, nobody goes past it, and both go on from there."""

import pytest

from services.chassis.consuming.generations.ends import gap, go_on, may_meet, meet, positions_of
from services.chassis.consuming.positions import Positions
from services.chassis.domain.errors import LostRace
from services.chassis.kafka.records import Partition, Record
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON

FIRST, SECOND = Partition("zone.test.plants", 0), Partition("zone.test.plants", 1)
BOTH = [FIRST, SECOND]


@pytest.fixture
async def store() -> MemoryStore:
    """The old group is ahead in the first partition, the new one in the second."""
    store = MemoryStore()
    await move(store, "zone.old", {FIRST: 9, SECOND: 4})
    await move(store, "zone.new", {FIRST: 7, SECOND: 5})
    return store


async def read(store: MemoryStore, group: str) -> Positions:
    return await Positions.read(store, group, "log-1", BOTH)


async def move(store: MemoryStore, group: str, moves: dict[Partition, int]) -> None:
    positions = await read(store, group)
    await store.commit(positions.writes(moves))


async def let_meet(store: MemoryStore) -> None:
    tx = Tx(store, now=NOON)
    meet(tx, await positions_of(tx, "zone.old"), await positions_of(tx, "zone.new"))
    await tx.commit()


def records(partition: Partition, offsets: range) -> list[Record]:
    return [Record(partition.topic, None, None, (), partition.number, offset) for offset in offsets]


async def test_both_go_as_far_as_the_one_that_is_further(store: MemoryStore) -> None:
    await let_meet(store)
    old, new = await read(store, "zone.old"), await read(store, "zone.new")
    assert (old.moving, new.moving) == ({SECOND: 4}, {FIRST: 7})
    due = new.before_the_end([*records(FIRST, range(7, 12)), *records(SECOND, range(5, 7))])
    assert [each.offset for each in due] == [7, 8]


async def test_a_worker_that_does_not_know_of_an_end_goes_nowhere(store: MemoryStore) -> None:
    unaware = await read(store, "zone.old")
    await let_meet(store)
    with pytest.raises(LostRace, match="offsets"):
        await store.commit(unaware.writes({FIRST: 10}))


async def test_an_end_is_not_set_where_somebody_moved_on_meanwhile(store: MemoryStore) -> None:
    tx = Tx(store, now=NOON)
    meet(tx, await positions_of(tx, "zone.old"), await positions_of(tx, "zone.new"))
    await move(store, "zone.new", {SECOND: 6})
    with pytest.raises(LostRace):
        await tx.commit()


async def test_one_moves_to_its_end_and_both_go_on_when_they_may(store: MemoryStore) -> None:
    await let_meet(store)
    await move(store, "zone.new", {FIRST: 9})
    await move(store, "zone.old", {SECOND: 5})
    tx = Tx(store, now=NOON)
    old, new = await positions_of(tx, "zone.old"), await positions_of(tx, "zone.new")
    assert all(each.has_ended for each in (*old.values(), *new.values()))
    go_on(tx, (*old.values(), *new.values()))
    await tx.commit()
    assert (await read(store, "zone.new")).moving == {FIRST: 9, SECOND: 5}


async def test_how_far_one_is_behind_the_other(store: MemoryStore) -> None:
    tx = Tx(store, now=NOON)
    old, new = await positions_of(tx, "zone.old"), await positions_of(tx, "zone.new")
    assert gap(new, old) == (12, 2)
    assert gap({}, old) == (0, 13)
    assert may_meet(old, new)
    assert not may_meet(old, {})
    assert not may_meet({}, {})


async def test_an_end_in_another_log_says_nothing(store: MemoryStore) -> None:
    await let_meet(store)
    elsewhere = await Positions.read(store, "zone.old", "log-2", BOTH)
    assert elsewhere.moving == {FIRST: 0, SECOND: 0}
    await store.commit(elsewhere.writes({FIRST: 3}))
    assert (await Positions.read(store, "zone.old", "log-2", BOTH)).moving == {FIRST: 3, SECOND: 0}


async def test_where_a_cut_log_begins_is_noted_and_stays_noted(store: MemoryStore) -> None:
    positions = await read(store, "zone.third")
    assert positions.unknown == BOTH
    await store.commit(positions.begin({FIRST: 0, SECOND: 3}))
    await move(store, "zone.third", {SECOND: 8})
    found = await positions_of(Tx(store, now=NOON), "zone.third")
    assert {place: (each.next, each.begun) for place, each in found.items()} == {
        "zone.test.plants|0": (0, 0),
        "zone.test.plants|1": (8, 3),
    }
    assert gap(found, found).read == 5
