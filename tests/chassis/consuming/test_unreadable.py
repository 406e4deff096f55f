"""What is no record, or cannot be kept as the one that it is: parked by its place, and in nobody's way."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from services.chassis.consuming.breaker import IN_A_ROW
from services.chassis.consuming.dead_letter_copies import copy_of
from services.chassis.consuming.dead_letters import DeadLetters, Selection
from services.chassis.domain.errors import Reject
from services.chassis.kafka import decoding
from services.chassis.kafka.mac import with_mac
from services.chassis.kafka.parking import LONGEST_ERROR, in_words
from services.chassis.kafka.records import Record
from services.chassis.store.writes import Put, Write
from services.chassis.testing.event_keys import KEY
from services.chassis.testing.memory_store import MemoryStore
from tests.chassis.consuming.bench import GROUP, Bench
from tests.chassis.garden import PLANTS, Bed, Grown, grown, history, logged

UNREADABLE = Record(PLANTS.name, None, b"\xff\x00 what stands there", (), fault="its checksum is wrong")


@pytest.fixture
def bench() -> Bench:
    return Bench()


def at(offset: int) -> str:
    """The id of what is parked by its place."""
    return f"{PLANTS.name}|0|{offset}"


def with_sequence(record: Record, sequence: bytes) -> Record:
    """A record that its service wrote under another number."""
    headers = tuple((name, sequence if name == "ce_sequence" else raw) for name, raw in record.headers)
    return with_mac(record._replace(headers=headers), KEY)


async def test_what_cannot_be_read_is_kept_at_its_offset_with_its_fault_and_all_else_goes_on(bench: Bench) -> None:
    one, two = history("plant_1", [1, 1])
    await bench.process(logged(one, UNREADABLE, two))
    (row,) = bench.store.rows("parked")
    assert (row["_id"], row["reason"], row["error"]) == (f"{GROUP}|{at(1)}", "unreadable", "its checksum is wrong")
    assert Record.from_document(row) == UNREADABLE._replace(partition=0, offset=1)
    assert bench.bed()["order"] == [1, 2]
    assert bench.next() == 3


async def test_however_much_cannot_be_read_the_consumer_goes_on(bench: Bench) -> None:
    await bench.process(logged(*(UNREADABLE,) * 3 * IN_A_ROW, grown("plant_1", 1)))
    assert not bench.processor.breaker.is_open
    assert bench.bed()["order"] == [1]


async def test_the_worker_says_what_it_has_parked(bench: Bench) -> None:
    await bench.process(logged(UNREADABLE, grown("plant_1", 1), UNREADABLE))
    assert bench.processor.parked == {"unreadable": 2}
    assert bench.processor.parked_last == f"{GROUP}|{at(2)}: unreadable"


@pytest.mark.parametrize("sequence", [b"18446744073709551617", b"1_0"])
async def test_a_number_that_is_none_is_parked_by_its_place(bench: Bench, sequence: bytes) -> None:
    await bench.process(logged(with_sequence(grown("plant_1", 1), sequence), grown("plant_1", 1)))
    assert bench.parked() == {at(0): "undecodable"}
    assert bench.bed()["order"] == [1]


async def test_what_cannot_be_kept_as_the_event_that_it_is_is_kept_by_its_place() -> None:
    bench = Bench(ChoosyStore())
    await bench.process(logged(grown("plant_1", 1, by=0), grown("plant_2", 1)))
    assert bench.parked() == {at(0): "unreadable"}
    (row,) = bench.store.rows("parked")
    assert "no room for such an event" in row["error"]
    assert "a plant cannot grow by nothing" in row["error"]
    assert bench.bed("bed_2")["order"] == [1]


async def test_and_can_be_replayed_where_it_is_a_record_after_all() -> None:
    store = ChoosyStore()
    bench = Bench(store)
    await bench.process(logged(grown("plant_1", 1, by=0)))
    bench.gardener.cured = True
    (done,) = await DeadLetters(bench.group).replay(Selection(reason="unreadable"))
    assert done.outcome == "applied"
    assert bench.parked() == {}


async def test_a_bug_in_what_a_handler_announces_parks_its_event_and_stops_nothing(bench: Bench) -> None:
    def loads(event: Grown) -> Iterator[tuple[type[Bed], str]]:
        raise LookupError("nobody knows where this grows")

    bench.gardener.on._reactions[Grown] = replace(bench.gardener.on._reactions[Grown], loads=loads)
    await bench.process(logged(grown("plant_1", 1)))
    assert bench.parked() == {"plant_1:0000000001": "poison"}
    assert "nobody knows where this grows" in bench.store.rows("parked")[0]["error"]


async def test_a_bug_in_the_lifting_of_an_old_event_parks_it_and_stops_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lift(data: dict[str, Any]) -> dict[str, Any]:
        return {"by": data["a member that is not there"]}

    monkeypatch.setitem(decoding.LIFTS, Grown.wire_name, lift)
    await bench.process(logged(grown("plant_1", 1), grown("plant_2", 1)))
    assert set(bench.parked().values()) == {"poison"}
    assert bench.next() == 2


async def test_what_cannot_be_read_is_still_that_when_it_is_replayed(bench: Bench) -> None:
    await bench.process(logged(UNREADABLE))
    (done,) = await DeadLetters(bench.group).replay(Selection(reason="unreadable"))
    assert (done.outcome, done.detail) == ("failed", "its checksum is wrong")


async def test_what_cannot_be_read_can_be_given_up(bench: Bench) -> None:
    await bench.process(logged(UNREADABLE))
    (done,) = await DeadLetters(bench.group).discard(Selection(event=at(0)), because="synthetic")
    assert (done.outcome, bench.parked()) == ("discarded", {})


async def test_a_copy_of_it_says_where_it_stands_and_why(bench: Bench) -> None:
    await bench.process(logged(UNREADABLE))
    copy = copy_of(bench.store.rows("parked")[0], "zone.test.dead-letters")
    assert copy.value == UNREADABLE.value
    assert dict(copy.headers)["zone_error"] == b"its checksum is wrong"


@pytest.mark.parametrize("error", [Reject("half a character \ud800"), ValueError("half a character \ud800")])
def test_an_error_can_be_kept_whatever_it_quotes(error: Exception) -> None:
    assert "half a character ?" in in_words(error).encode().decode()


def test_of_a_long_error_the_end_is_kept() -> None:
    assert in_words(Reject("x" * 2 * LONGEST_ERROR + "end"))[-4:] == "xend"
    assert len(in_words(Reject("x" * 2 * LONGEST_ERROR))) == LONGEST_ERROR


class ChoosyStore(MemoryStore):
    """Keeps nothing parked under the id of an event."""

    refused: ClassVar = "plant_"

    async def commit(self, writes: list[Write]) -> None:
        for write in writes:
            if write.collection == "parked" and not isinstance(write, Put) and self.refused in write.id:
                raise OverflowError("no room for such an event")
        await super().commit(writes)
