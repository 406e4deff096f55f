"""Several reactions to one event, and one to every event: in one unit of work, in order, exactly once."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import ClassVar

import pytest

from services.chassis.background.condition import Condition
from services.chassis.consuming.dead_letters import DeadLetters, Selection
from services.chassis.consuming.group import Group
from services.chassis.consuming.handlers import Handlers
from services.chassis.consuming.positions import Positions
from services.chassis.consuming.processor import Processor
from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.envelope import Envelope
from services.chassis.domain.errors import Reject
from services.chassis.kafka.records import Partition, Record
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Document
from services.chassis.testing.event_keys import KEYS
from services.chassis.testing.memory_store import MemoryStore
from tests.chassis.garden import (
    PLANTS,
    REFUSED,
    Admired,
    Bed,
    Gardener,
    Grown,
    altered,
    bed_of,
    grown,
    history,
    logged,
    recorded,
)

GROUP = "zone.test"


class Diary(Aggregate):
    """What a second room keeps of a plant: every line that was written about it."""

    collection: ClassVar[str] = "diaries"

    lines: list[str] = []  # noqa: RUF012 – pydantic copies it


class ReadingStore(MemoryStore):
    """Notes which collections are read, a line a query."""

    def __init__(self) -> None:
        super().__init__()
        self.queries: list[str] = []

    async def read(self, collection: str, ids: Sequence[str]) -> list[Document]:
        self.queries.append(collection)
        return await super().read(collection, ids)


class House:
    """A service of two rooms: the garden, and one that writes everything down."""

    def __init__(self, *parts: Handlers) -> None:
        self.store = ReadingStore()
        self.group = Group(GROUP, self.store, Handlers.together(*parts), KEYS)
        self.processor = Processor(self.group, Condition("test"))

    async def process(self, records: list[Record]) -> None:
        positions = await Positions.read(self.store, GROUP, "log-1", [Partition(PLANTS.name, 0)])
        await self.processor.process(records, positions, asyncio.Event())

    def parked(self) -> dict[str, str]:
        return {row["_id"].removeprefix(f"{GROUP}|"): row["reason"] for row in self.store.rows("parked")}

    def lines(self, plant: str = "plant_1") -> list[str]:
        return [line for row in self.store.rows("diaries") if row["_id"] == plant for line in row["lines"]]

    def order(self, bed: str = "bed_1") -> list[int]:
        return [number for row in self.store.rows("beds") if row["_id"] == bed for number in row["order"]]


async def write_down(plant: str, line: str, tx: Tx) -> None:
    diary = await tx.find(Diary, plant) or Diary(id=plant)
    diary.lines = [*diary.lines, line]
    tx.save(diary)


@pytest.fixture
def diarist() -> Handlers:
    """Writes down how the bed looks after each growth: it sees what a room before it did, in the same unit of work."""
    on = Handlers()

    @on(Grown, loads=lambda event: [(Diary, event.plant_id), (Bed, bed_of(event.plant_id))])
    async def describe(event: Grown, tx: Tx) -> None:
        bed = await tx.find(Bed, bed_of(event.plant_id))
        await write_down(event.plant_id, f"{bed.total if bed else 0} after {event.by}", tx)

    return on


@pytest.fixture
def listener() -> Handlers:
    """Writes down everything, as it came."""
    on = Handlers()

    @on.any([PLANTS], loads=lambda envelope: [(Diary, envelope.subject)])
    async def keep(envelope: Envelope, tx: Tx) -> None:
        await write_down(envelope.subject, f"{envelope.type} {envelope.data!r}", tx)

    return on


async def test_a_later_room_sees_what_an_earlier_one_did_with_the_event(diarist: Handlers) -> None:
    house = House(Gardener().on, diarist)
    await house.process(logged(*history("plant_1", [2, 3])))
    assert house.lines() == ["2 after 2", "5 after 3"]


async def test_the_order_of_the_rooms_is_that_of_their_reactions(diarist: Handlers) -> None:
    house = House(diarist, Gardener().on)
    await house.process(logged(*history("plant_1", [2, 3])))
    assert house.lines() == ["0 after 2", "2 after 3"]


async def test_what_one_room_refuses_takes_effect_in_none(diarist: Handlers) -> None:
    house = House(diarist, Gardener().on)
    await house.process(logged(*history("plant_1", [2, REFUSED, 3]), grown("plant_2", 1)))
    assert house.parked() == {"plant_1:0000000002": "poison", "plant_1:0000000003": "behind"}
    assert house.lines() == ["0 after 2"]
    assert house.order("bed_2") == [1]


async def test_a_replay_runs_the_reactions_of_all_rooms(diarist: Handlers) -> None:
    gardener = Gardener()
    house = House(diarist, gardener.on)
    await house.process(logged(grown("plant_1", 1, REFUSED)))
    gardener.cured = True
    await DeadLetters(house.group).replay(Selection())
    assert house.lines() == ["0 after 0"]
    assert house.order() == [1]


async def test_what_all_rooms_want_is_read_in_one_query_a_collection(diarist: Handlers) -> None:
    house = House(Gardener().on, diarist)
    await house.process(logged(*(grown(f"plant_{n}", 1) for n in range(50))))
    assert sorted(name for name in house.store.queries if name in ("beds", "diaries")) == ["beds", "diaries"]


async def test_what_several_rooms_want_is_as_it_was_when_the_inbox_was_read(
    diarist: Handlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, moments = House(Gardener().on, diarist), list[set[str]]()
    read_together = house.store.read_together

    async def seen(wanted: Mapping[str, Sequence[str]]) -> dict[str, list[Document]]:
        moments.append(set(wanted))
        return await read_together(wanted)

    monkeypatch.setattr(house.store, "read_together", seen)
    await house.process(logged(grown("plant_1", 1), grown("plant_2", 1)))
    assert moments == [{"inbox", "beds", "diaries"}]


async def test_a_handler_of_everything_gets_each_event_once_as_it_was_stored(listener: Handlers) -> None:
    house = House(listener)
    first, second = grown("plant_1", 1), recorded("plant_1", 2, Admired(plant_id="plant_1"))
    await house.process(logged(first, second, first))
    assert house.lines() == [
        """zone.test.plant.grown.v1 b'{"by":1,"plant_id":"plant_1"}'""",
        """zone.test.plant.admired.v1 b'{"plant_id":"plant_1"}'""",
    ]


@pytest.mark.parametrize(
    "changes",
    [{"value": b"\xff no JSON"}, {"type": b"zone.test.plant.grown.v9"}, {"type": b"zone.test.never.heard.v1"}],
    ids=["no JSON", "a major to come", "a type to come"],
)
async def test_what_cannot_be_decoded_is_no_concern_of_a_handler_of_everything(
    listener: Handlers, changes: dict[str, bytes]
) -> None:
    house = House(listener)
    await house.process(logged(altered(grown("plant_1", 1), **changes)))
    assert house.parked() == {}
    assert len(house.lines()) == 1


async def test_a_record_without_attributes_is_parked_whoever_listens(listener: Handlers) -> None:
    house = House(listener)
    await house.process(logged(Record(PLANTS.name, b"k", b"{}", ())))
    assert list(house.parked()) == [f"{PLANTS.name}|0|0"]


async def test_what_comes_too_early_waits_for_those_before_it(listener: Handlers) -> None:
    house = House(listener)
    one, two = grown("plant_1", 1), recorded("plant_1", 2, Admired(plant_id="plant_1"))
    await house.process(logged(two))
    assert house.parked() == {"plant_1:0000000002": "gap"}
    assert house.lines() == []
    await house.process(logged(one, two, offset=1))
    assert [line.split()[0] for line in house.lines()] == [Grown.wire_name, Admired.wire_name]


async def test_an_event_that_a_listener_refuses_is_parked_and_its_replay_tells_it_once() -> None:
    on, heard, told = Handlers(), list[str](), [False]

    @on.any([PLANTS])
    async def choke(envelope: Envelope, tx: Tx) -> None:
        if not told[0]:
            raise Reject("not now")
        heard.append(envelope.id)

    house = House(on)
    await house.process(logged(*history("plant_1", [1, 1])))
    assert house.parked() == {"plant_1:0000000001": "poison", "plant_1:0000000002": "behind"}
    told[0] = True
    await DeadLetters(house.group).replay(Selection())
    assert heard == ["plant_1:0000000001", "plant_1:0000000002"]


async def test_beside_a_handler_that_decodes_what_cannot_be_decoded_reaches_nobody(listener: Handlers) -> None:
    house = House(listener, Gardener().on)
    await house.process(logged(altered(grown("plant_1", 1), value=b"{}")))
    assert house.parked() == {"plant_1:0000000001": "undecodable"}
    assert house.lines() == []
