"""Parked events in a person's hands, on a store in memory."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from services.chassis.background.condition import Condition
from services.chassis.consuming.dead_letters import DeadLetters, Done, Selection
from services.chassis.consuming.group import Group
from services.chassis.consuming.positions import Positions
from services.chassis.consuming.processor import Processor
from services.chassis.kafka.records import Partition, Record
from services.chassis.store.writes import Document, Write
from services.chassis.testing.event_keys import KEYS
from services.chassis.testing.memory_store import MemoryStore
from tests.chassis.garden import PLANTS, REFUSED, Gardener, grown, history, logged

GROUP = "zone.test"
EVERYTHING = Selection()


class Bench:
    """A consumer and its dead letters, on one store; the log is given by hand."""

    def __init__(self) -> None:
        self.store, self.gardener = RacedStore(), Gardener()
        group = Group(GROUP, self.store, self.gardener.on, KEYS)
        self.letters = DeadLetters(group)
        self._processor = Processor(group, Condition("test"))
        self._offset = 0

    async def deliver(self, *records: Record) -> None:
        positions = await Positions.read(self.store, GROUP, "log-1", [Partition(PLANTS.name, 0)])
        await self._processor.process(logged(*records, offset=self._offset), positions, asyncio.Event())
        self._offset += len(records)

    def bed(self) -> Document:
        return self.store.collections["beds"]["bed_1"]

    def inbox(self) -> tuple[int, int]:
        row = self.store.collections["inbox"][f"{GROUP}|plant_1"]
        return row["sequence"], row["parked"]

    def parked(self) -> list[str]:
        return [row["_id"].removeprefix(f"{GROUP}|") for row in self.store.rows("parked")]


class RacedStore(MemoryStore):
    """Counts its transactions, and lets somebody else commit first, once."""

    first: Callable[[], Awaitable[None]] | None = None
    commits = 0

    async def commit(self, writes: list[Write]) -> None:
        self.commits += 1
        if self.first is not None:
            somebody_else, self.first = self.first, None
            await somebody_else()
        await super().commit(writes)


@pytest.fixture
async def bench() -> Bench:
    """Of one plant: event 1 took effect, 2 was refused, 3 and 4 wait behind it."""
    bench = Bench()
    await bench.deliver(*history("plant_1", [1, REFUSED, 1, 1]))
    return bench


def outcomes(done: list[Done]) -> list[tuple[str, str]]:
    return [(each.id.rpartition(":")[2].lstrip("0"), each.outcome) for each in done]


async def test_they_are_listed_in_the_order_of_their_subject(bench: Bench) -> None:
    rows = await bench.letters.parked(EVERYTHING)
    assert [(row["sequence"], row["reason"]) for row in rows] == [(2, "poison"), (3, "behind"), (4, "behind")]


async def test_they_are_chosen_by_event_subject_or_reason(bench: Bench) -> None:
    await bench.deliver(grown("plant_2", 1, REFUSED))
    assert len(await bench.letters.parked(Selection(event="plant_1:0000000003"))) == 1
    assert len(await bench.letters.parked(Selection(subject="plant_1"))) == 3
    assert len(await bench.letters.parked(Selection(reason="poison"))) == 2


async def test_after_the_cause_is_mended_a_replay_restores_the_exact_figures(bench: Bench) -> None:
    bench.gardener.cured = True
    assert outcomes(await bench.letters.replay(EVERYTHING)) == [("2", "applied"), ("3", "applied"), ("4", "applied")]
    assert bench.bed()["order"] == [1, 2, 3, 4]
    assert bench.parked() == []
    assert bench.inbox() == (4, 0)


async def test_after_a_replay_live_events_take_effect_again(bench: Bench) -> None:
    bench.gardener.cured = True
    await bench.letters.replay(EVERYTHING)
    await bench.deliver(grown("plant_1", 5))
    assert bench.bed()["order"] == [1, 2, 3, 4, 5]


async def test_a_replay_that_fails_again_keeps_the_event_and_all_behind_it(bench: Bench) -> None:
    (done,) = await bench.letters.replay(EVERYTHING)
    assert (done.outcome, done.detail) == ("failed", "a plant cannot grow by nothing")
    assert [row["attempts"] for row in bench.store.rows("parked")] == [2, 0, 0]
    assert bench.inbox() == (1, 3)


async def test_a_replay_takes_each_event_in_a_transaction_of_its_own(bench: Bench) -> None:
    bench.gardener.cured = True
    before = bench.store.commits
    await bench.letters.replay(EVERYTHING)
    assert bench.store.commits == before + 3


async def test_a_dry_run_changes_nothing(bench: Bench) -> None:
    bench.gardener.cured = True
    assert outcomes(await bench.letters.replay(EVERYTHING, dry_run=True))[0] == ("2", "would be replayed")
    assert outcomes(await bench.letters.discard(EVERYTHING, because="a try", dry_run=True))[0] == (
        "2",
        "would be discarded",
    )
    assert bench.inbox() == (1, 3)
    assert len(bench.parked()) == 3


async def test_discarding_moves_past_the_event_and_those_behind_it_can_be_replayed(bench: Bench) -> None:
    (done,) = await bench.letters.discard(Selection(reason="poison"), because="never happened")
    assert done.outcome == "discarded"
    assert bench.inbox() == (2, 2)
    assert outcomes(await bench.letters.replay(EVERYTHING)) == [("3", "applied"), ("4", "applied")]
    assert bench.bed()["order"] == [1, 3, 4]


async def test_what_is_discarded_is_kept_with_the_reason(bench: Bench) -> None:
    await bench.letters.discard(Selection(reason="poison"), because="never happened")
    (row,) = bench.store.rows("discarded")
    assert (row["sequence"], row["because"]) == (2, "never happened")
    assert Record.from_document(row).value == b'{"by":0,"plant_id":"plant_1"}'


async def test_nothing_is_discarded_without_a_written_reason(bench: Bench) -> None:
    with pytest.raises(ValueError, match="reason"):
        await bench.letters.discard(EVERYTHING, because="  ")


async def test_an_event_that_waits_behind_another_cannot_be_discarded(bench: Bench) -> None:
    (done,) = await bench.letters.discard(Selection(event="plant_1:0000000003"), because="a mistake")
    assert done.outcome == "waits"
    assert "plant_1:0000000002" in done.detail
    assert len(bench.parked()) == 3


async def test_all_of_a_subject_can_be_discarded(bench: Bench) -> None:
    done = await bench.letters.discard(Selection(subject="plant_1"), because="synthetic")
    assert outcomes(done) == [("2", "discarded"), ("3", "discarded"), ("4", "discarded")]
    assert bench.inbox() == (4, 0)


async def test_after_a_gap_nothing_is_replayed_until_the_missing_are_given_up() -> None:
    bench = Bench()
    await bench.deliver(grown("plant_1", 1), grown("plant_1", 4), grown("plant_1", 5))
    (done,) = await bench.letters.replay(EVERYTHING)
    assert (done.outcome, done.detail) == ("waits", "of plant_1 the events 2 to 3 never came")
    done_now = await bench.letters.replay(EVERYTHING, give_up_missing="lost with their log")
    assert outcomes(done_now) == [("4", "applied"), ("5", "applied")]
    assert bench.bed()["order"] == [1, 4, 5]


async def test_a_record_that_still_cannot_be_read_stays(bench: Bench) -> None:
    await bench.deliver(Record(PLANTS.name, b"", b"", ()))
    where = Selection(event=f"{PLANTS.name}|0|4")
    (done,) = await bench.letters.replay(where)
    assert done.outcome == "failed"
    (row,) = await bench.letters.parked(where)
    assert row["attempts"] == 1


async def test_a_record_that_can_be_read_by_now_takes_its_place(bench: Bench) -> None:
    bench.gardener.cured = True
    await bench.letters.replay(EVERYTHING)
    await bench.deliver(Record(PLANTS.name, b"", b"", ()), grown("plant_1", 6))
    unread = f"{GROUP}|{PLANTS.name}|0|4"
    bench.store.collections["parked"][unread]["record"] = grown("plant_1", 5).to_document()
    await bench.letters.replay(EVERYTHING)
    assert bench.bed()["order"] == [1, 2, 3, 4, 5, 6]
    assert bench.parked() == []


async def test_a_live_event_that_comes_during_a_replay_is_parked_behind_and_taken_next(bench: Bench) -> None:
    bench.gardener.cured = True
    bench.store.first = lambda: bench.deliver(grown("plant_1", 5))
    await bench.letters.replay(EVERYTHING)
    assert bench.bed()["order"] == [1, 2, 3, 4, 5]
    assert bench.inbox() == (5, 0)


async def test_a_live_event_that_loses_against_the_last_replay_is_applied_in_order(bench: Bench) -> None:
    bench.gardener.cured = True

    async def replay() -> None:
        await bench.letters.replay(EVERYTHING)

    bench.store.first = replay
    await bench.deliver(grown("plant_1", 5))
    assert bench.bed()["order"] == [1, 2, 3, 4, 5]
    assert bench.parked() == []


async def test_a_live_event_that_loses_against_a_discard_is_parked_behind_the_rest(bench: Bench) -> None:
    async def discard() -> None:
        await bench.letters.discard(Selection(reason="poison"), because="never happened")

    bench.store.first = discard
    await bench.deliver(grown("plant_1", 5))
    assert bench.inbox() == (2, 3)
    await bench.letters.replay(EVERYTHING)
    assert bench.bed()["order"] == [1, 3, 4, 5]
