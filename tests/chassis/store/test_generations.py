"""Generations of a projection: each sees its own collections, a reader one of them; one that is built says nothing."""

import time
from typing import ClassVar

import pytest

from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.events import Event, Topic
from services.chassis.module import Module
from services.chassis.service import Service
from services.chassis.store.document_store import Store
from services.chassis.store.generations import current
from services.chassis.store.generations.current import Shown
from services.chassis.store.generations.generation import Generation, Silent, generation_of
from services.chassis.store.generations.pointer import Pointer, pointer
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Put
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON


class Tile(Aggregate):
    """A document that follows from events."""

    collection: ClassVar[str] = "tiles"

    colour: str = "grey"


class Painted(Event, name="zone.test.tile.painted.v1", topic=Topic("zone.test.tiles")):
    """Somebody painted one."""


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


async def colour(store: Store, id: str = "t1") -> str | None:
    tile = await Tx(store, now=NOON).find(Tile, id)
    return tile.colour if tile else None


async def paint(store: Store, colour: str) -> None:
    tx = Tx(store, now=NOON)
    tx.save(await tx.find(Tile, "t1") or Tile(id="t1")).colour = colour
    await tx.commit()


async def test_each_generation_keeps_what_is_projected_apart_and_shares_all_else(store: MemoryStore) -> None:
    second = generation_of(store, ["tiles"], 2)
    await paint(store, "red")
    await paint(second, "blue")
    await second.commit([Put("others", {"_id": "o"})])
    assert (await colour(store), await colour(second)) == ("red", "blue")
    assert set(store.collections) == {"tiles", "tiles.g2", "others"}
    found = await second.read_together({"tiles": ["t1"], "others": ["o"]})
    assert [len(rows) for rows in found.values()] == [1, 1]
    assert await second.count("tiles", {"colour": "blue"}) == 1
    assert await second.total("tiles", {}, "version") == 1
    assert [each["_id"] for each in (await second.page("tiles", {}, [("_id", 1)], 5)).documents] == ["t1"]


async def test_the_first_generation_is_the_store_itself_whichever_it_is_seen_through(store: MemoryStore) -> None:
    second = generation_of(store, ["tiles"], 2)
    assert generation_of(second, ["tiles"], 1) is store
    third = generation_of(second, ["tiles"], 3)
    assert isinstance(third, Generation)
    assert third.whole is store


async def test_one_that_is_built_writes_nothing_but_itself(store: MemoryStore) -> None:
    built = Silent(store, ["tiles"], 2)
    await paint(built, "blue")
    tx = Tx(built, now=NOON)
    tile = await tx.get(Tile, "t1")
    tx.save(tile).record(Painted())
    with pytest.raises(TypeError, match="outbox"):
        await tx.commit()
    assert store.rows("outbox") == []


async def test_a_reader_sees_one_generation_until_it_asks_again(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    shown = Shown(store, ["tiles"])
    await paint(store, "red")
    await paint(generation_of(store, ["tiles"], 2), "blue")
    tx = Tx(store, now=NOON)
    found = await pointer(tx, {"tiles": 1})
    await tx.commit()
    reading = Tx(await shown.now(), now=NOON)
    swapping = Tx(store, now=NOON)
    swapped = swapping.save(await swapping.get(Pointer, found.id))
    swapped.begin({"tiles": 2})
    swapped.show()
    await swapping.commit()
    assert await colour(await shown.now()) == "red"
    now += current.FRESH_FOR
    assert await colour(await shown.now()) == "blue"
    assert (await reading.get(Tile, "t1")).colour == "red"


async def test_a_service_without_a_projection_reads_no_pointer(store: MemoryStore) -> None:
    assert await Shown(store).now() is store


def test_the_pointer_gives_no_number_twice_and_keeps_one_to_go_back_to() -> None:
    found = Pointer.first({"a": 1})
    assert found.begin({"a": 2}) == 2
    assert found.fed == [1, 2]
    found.show()
    assert (found.shown, found.kept, found.fed) == (2, 1, [2])
    assert found.begin({"a": 3}) == 3
    assert (found.kept, found.dropped) == (None, [1])
    found.drop(3)
    assert found.begin({"a": 3}) == 4
    assert found.versions.keys() == {"2", "4"}
    found.show()
    found.wake(2)
    found.rest()
    assert (found.shown, found.kept, found.fed, found.dropped) == (4, 2, [4], [1, 3])


def test_nothing_reacts_to_events_beside_a_projection() -> None:
    on, beside = Handlers(), Handlers()
    projected = Module("tiles", "Tiles.", documents=[Tile], handlers=on, projects={"tiles": 1})
    assert Service("test", modules=[projected]).projection is not None
    with pytest.raises(ValueError, match="beside a projection"):
        Service("test", modules=[projected, Module("others", "Others.", handlers=beside)])
