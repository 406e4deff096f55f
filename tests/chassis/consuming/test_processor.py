"""Records and their effect, on a store in memory: order, duplicates, gaps, and the three kinds of failure."""

import asyncio
from typing import ClassVar

import pytest

from services.chassis.background.condition import Condition
from services.chassis.consuming.breaker import IN_A_ROW
from services.chassis.consuming.group import Group
from services.chassis.consuming.handlers import Handlers
from services.chassis.consuming.positions import Positions
from services.chassis.consuming.processor import ATTEMPTS, BreakerOpen, Interrupted, PositionsLost, Processor
from services.chassis.domain.errors import LostRace, Unavailable
from services.chassis.kafka.mac import with_mac
from services.chassis.kafka.records import Record
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Write
from services.chassis.testing.event_keys import KEY, KEYS
from services.chassis.testing.memory_store import MemoryStore
from tests.chassis.consuming.bench import GROUP, PLACE, Bench
from tests.chassis.garden import BROKEN, PLANTS, REFUSED, Admired, Bed, Grown, altered, grown, history, logged, recorded

TYPE = Grown.wire_name.encode()


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_events_take_effect_in_order_and_the_position_moves_with_them(bench: Bench) -> None:
    await bench.process(logged(*history("plant_1", [1, 2, 3])))
    assert bench.bed()["order"] == [1, 2, 3]
    assert bench.bed()["total"] == 6
    assert bench.next() == 3


async def test_a_batch_is_one_transaction() -> None:
    store = CountingStore()
    await Bench(store).process(logged(*history("plant_1", [1] * 100), *history("plant_2", [1] * 100)))
    assert store.commits == 1


async def test_a_handler_knows_which_of_the_workers_it_runs_in() -> None:
    on, store, workers = Handlers(), MemoryStore(), list[int]()

    @on(Grown)
    async def note(event: Grown, tx: Tx) -> None:
        workers.append(tx.worker)

    processor = Processor(Group(GROUP, store, on, KEYS), Condition("test"))
    for sequence, worker in ((1, 0), (2, 3)):
        positions = await Positions.read(store, GROUP, "log-1", [PLACE], worker=worker)
        await processor.process(logged(grown("plant_1", sequence), offset=sequence - 1), positions, asyncio.Event())
    assert workers == [0, 3]


async def test_what_handlers_record_goes_out_in_their_order(bench: Bench) -> None:
    await bench.process(logged(*history("plant_1", [1, 2])))
    assert [(row["_id"], row["data"]) for row in bench.store.rows("outbox")] == [
        ("bed_1:0000000001", b'{"bed_id":"bed_1","total":1}'),
        ("bed_1:0000000002", b'{"bed_id":"bed_1","total":3}'),
    ]


class BedAboveGround(Bed):
    validator: ClassVar = {"$jsonSchema": {"properties": {"total": {"bsonType": "int", "minimum": 0}}}}


async def test_a_document_that_the_store_refuses_is_a_bug_of_its_handler_alone() -> None:
    bench = Bench(MemoryStore(documents=[BedAboveGround]))
    await bench.process(logged(grown("plant_1", 1, by=-5), grown("plant_2", 1, by=2), grown("plant_1", 2)))
    assert bench.parked() == {"plant_1:0000000001": "poison", "plant_1:0000000002": "behind"}
    assert "breaks the validator" in bench.store.rows("parked")[0]["error"]
    assert (bench.bed("bed_2")["total"], bench.next()) == (2, 3)


async def test_a_second_delivery_is_dropped(bench: Bench) -> None:
    first, second = history("plant_1", [1, 2])
    await bench.process(logged(first, first, second, first, second))
    await bench.process(logged(first, second, offset=5))
    assert bench.bed()["order"] == [1, 2]
    assert bench.next() == 7


async def test_an_event_without_a_handler_only_advances_the_subject(bench: Bench) -> None:
    await bench.process(logged(recorded("plant_1", 1, Admired(plant_id="plant_1")), grown("plant_1", 2)))
    assert bench.bed()["order"] == [2]
    assert bench.inbox() == (2, 0)


async def test_a_missing_event_parks_the_next_as_a_gap_and_the_rest_behind_it(bench: Bench) -> None:
    one, _, three, four = history("plant_1", [1, 1, 1, 1])
    await bench.process(logged(one, three, four))
    assert bench.parked() == {"plant_1:0000000003": "gap", "plant_1:0000000004": "behind"}
    assert bench.inbox() == (1, 2)


async def test_events_delivered_again_in_order_fill_a_gap(bench: Bench) -> None:
    one, two, three, four = history("plant_1", [1, 1, 1, 1])
    await bench.process(logged(one, three, four))
    await bench.process(logged(one, two, three, four, offset=3))
    assert bench.bed()["order"] == [1, 2, 3, 4]
    assert bench.parked() == {}
    assert bench.inbox() == (4, 0)


async def test_a_refused_event_is_parked_with_its_reason_and_those_after_it_wait(bench: Bench) -> None:
    await bench.process(logged(*history("plant_1", [1, REFUSED, 1]), *history("plant_2", [5])))
    assert bench.parked() == {"plant_1:0000000002": "poison", "plant_1:0000000003": "behind"}
    assert bench.bed("bed_2")["total"] == 5
    assert bench.store.rows("parked")[0]["error"] == "a plant cannot grow by nothing"


async def test_nothing_that_a_failing_handler_did_is_kept(bench: Bench) -> None:
    await bench.process(logged(*history("plant_1", [1, REFUSED])))
    assert bench.bed()["heard"] == 1
    assert len(bench.store.rows("outbox")) == 1


async def test_a_refusal_is_final_after_one_attempt_alone(bench: Bench) -> None:
    await bench.process(logged(grown("plant_1", 1, REFUSED)))
    assert bench.store.rows("parked")[0]["attempts"] == 1


async def test_a_bug_is_tried_three_times_and_parked_with_its_traceback(bench: Bench) -> None:
    await bench.process(logged(grown("plant_1", 1, BROKEN)))
    (row,) = bench.store.rows("parked")
    assert row["reason"] == "poison"
    assert row["attempts"] == bench.gardener.calls == ATTEMPTS
    assert "ZeroDivisionError: the handler divides by zero" in row["error"]
    assert "in tend" in row["error"]


async def test_a_bug_that_goes_away_is_no_reason_to_park(bench: Bench) -> None:
    bench.gardener.cured_at = 2
    await bench.process(logged(grown("plant_1", 1, BROKEN)))
    assert bench.parked() == {}
    assert bench.bed()["heard"] == 1


async def test_bugs_are_found_among_many_and_only_their_subjects_wait(bench: Bench) -> None:
    records = [record for n in range(50) for record in history(f"plant_{n}", [1, BROKEN if n in (7, 31) else 1, 1])]
    await bench.process(logged(*records))
    assert {id.partition(":")[0] for id in bench.parked()} == {"plant_7", "plant_31"}
    assert [bench.bed(f"bed_{n}")["total"] for n in (6, 7, 8, 31)] == [3, 1, 3, 1]
    assert bench.next() == 150


async def test_what_fails_only_at_the_commit_is_found_too() -> None:
    bench = Bench(StoreThatRefuses("bed_7"))
    await bench.process(logged(*(grown(f"plant_{n}", 1) for n in range(20))))
    assert bench.parked() == {"plant_7:0000000001": "poison"}
    assert len(bench.store.rows("beds")) == 19


async def test_a_record_that_is_no_event_is_parked_byte_for_byte_by_its_place(bench: Bench) -> None:
    nonsense = with_mac(Record(PLANTS.name, None, b"\xff\xfe", (("ce_type", TYPE), ("x", b"\x00"), ("no", None))), KEY)
    await bench.process(logged(nonsense, grown("plant_1", 1)))
    (row,) = bench.store.rows("parked")
    assert row["_id"] == f"{GROUP}|{PLANTS.name}|0|0"
    assert row["reason"] == "undecodable"
    assert Record.from_document(row) == logged(nonsense)[0]
    assert bench.bed()["total"] == 1


async def test_an_unknown_major_of_a_handled_type_is_parked_and_blocks_its_subject(bench: Bench) -> None:
    newer = altered(recorded("plant_1", 1, Admired(plant_id="plant_1")), type=b"zone.test.plant.grown.v9")
    await bench.process(logged(newer, grown("plant_1", 2)))
    assert bench.parked() == {"plant_1:0000000001": "undecodable", "plant_1:0000000002": "behind"}


async def test_an_unknown_major_of_a_type_that_nobody_handles_is_passed_over(bench: Bench) -> None:
    newer = altered(recorded("plant_1", 1, Admired(plant_id="plant_1")), type=b"zone.test.plant.admired.v9")
    await bench.process(logged(newer, grown("plant_1", 2)))
    assert bench.bed()["order"] == [2]


async def test_a_parked_event_that_comes_again_stays_parked_once(bench: Bench) -> None:
    one, two = history("plant_1", [REFUSED, 1])
    await bench.process(logged(one, two))
    bench.gardener.cured = True
    await bench.process(logged(one, two, offset=2))
    assert bench.parked() == {"plant_1:0000000001": "poison", "plant_1:0000000002": "behind"}
    assert bench.inbox() == (0, 2)


async def test_a_waiting_event_that_turns_out_bad_when_its_turn_comes_is_poison(bench: Bench) -> None:
    one, two = history("plant_1", [1, REFUSED])
    await bench.process(logged(two))
    await bench.process(logged(one, two, offset=1))
    assert bench.parked() == {"plant_1:0000000002": "poison"}
    assert bench.inbox() == (1, 1)


async def test_a_lost_race_runs_the_batch_again() -> None:
    store = StoreWithTrouble([LostRace("beds|bed_1"), LostRace("store")])
    bench = Bench(store)
    await bench.process(logged(*history("plant_1", [1, 2])))
    assert bench.bed()["order"] == [1, 2]


async def test_a_batch_that_is_too_much_for_one_transaction_is_taken_in_parts() -> None:
    bench = Bench(StoreOfSmallTransactions())
    await bench.process(logged(*(grown(f"plant_{n}", 1) for n in range(40))))
    assert len(bench.store.rows("beds")) == 40
    assert bench.next() == 40


async def test_an_outage_of_the_store_is_waited_out_and_shown() -> None:
    store = StoreWithTrouble([Unavailable("The store cannot be reached at the moment.")] * 3)
    bench = Bench(store)
    store.watched = bench.condition
    await bench.process(logged(*history("plant_1", [1, 2])))
    assert store.seen[-1] == "degraded"
    assert bench.condition.state == "ok"
    assert bench.parked() == {}


async def test_waiting_ends_when_it_is_time_to_stop() -> None:
    bench = Bench(StoreWithTrouble([Unavailable("away")] * 1_000))
    bench.enough.set()
    with pytest.raises(Interrupted):
        await bench.process(logged(grown("plant_1", 1)))


@pytest.mark.parametrize("earlier", [0, 3])
async def test_a_zombie_commits_nothing_and_is_told_so(bench: Bench, earlier: int) -> None:
    await bench.process(logged(*(grown(f"plant_0{n}", 1) for n in range(earlier))))
    before = await bench.positions()
    await bench.process(logged(grown("plant_1", 1), offset=earlier))
    with pytest.raises(PositionsLost):
        await bench.processor.process(logged(grown("plant_2", 1), offset=earlier), before, bench.enough)
    assert "bed_2" not in bench.store.collections["beds"]


async def test_a_position_in_another_log_means_nothing_and_the_inbox_drops_what_took_effect(bench: Bench) -> None:
    records = history("plant_1", [1, 2, 3])
    await bench.process(logged(*records[:2]))
    positions = await bench.positions("log-2")
    assert positions.next == {PLACE: 0}
    await bench.processor.process(logged(*records), positions, bench.enough)
    assert bench.bed()["order"] == [1, 2, 3]
    assert bench.store.rows("offsets") == [{"_id": f"{GROUP}|{PLANTS.name}|0", "next": 3, "cluster": "log-2"}]


async def test_the_breaker_leaves_the_rest_in_the_log(bench: Bench) -> None:
    with pytest.raises(BreakerOpen):
        await bench.process(logged(*(grown(f"plant_{n}", 1, REFUSED) for n in range(3 * IN_A_ROW))))
    assert len(bench.parked()) == IN_A_ROW
    assert bench.next() == IN_A_ROW


async def test_the_breaker_opens_within_a_batch_that_cannot_be_decoded(bench: Bench) -> None:
    with pytest.raises(BreakerOpen):
        await bench.process(logged(*(with_mac(Record(PLANTS.name, b"", b"", (("ce_type", TYPE),)), KEY),) * 500))
    assert len(bench.parked()) == IN_A_ROW


async def test_those_that_wait_behind_another_do_not_open_the_breaker(bench: Bench) -> None:
    await bench.process(logged(*history("plant_1", [REFUSED] + [1] * 200)))
    assert not bench.processor.breaker.is_open
    assert bench.inbox() == (0, 201)


class CountingStore(MemoryStore):
    """Counts its transactions."""

    commits = 0

    async def commit(self, writes: list[Write]) -> None:
        self.commits += 1
        await super().commit(writes)


class StoreOfSmallTransactions(MemoryStore):
    """Takes so long that a larger transaction is ended by the server before it commits."""

    async def commit(self, writes: list[Write]) -> None:
        if len(writes) > 40:
            raise LostRace("store")
        await super().commit(writes)


class StoreThatRefuses(MemoryStore):
    """Refuses one document, as a validator would."""

    def __init__(self, id: str) -> None:
        super().__init__()
        self._refused = id

    async def commit(self, writes: list[Write]) -> None:
        if any(write.id == self._refused for write in writes):
            raise ValueError("document failed validation")
        await super().commit(writes)


class StoreWithTrouble(MemoryStore):
    """Its first commits fail; notes how the watched condition looks at each."""

    watched: Condition | None = None

    def __init__(self, troubles: list[Exception]) -> None:
        super().__init__()
        self._troubles = troubles
        self.seen: list[str] = []

    async def commit(self, writes: list[Write]) -> None:
        if self.watched is not None:
            self.seen.append(self.watched.state)
        if self._troubles:
            raise self._troubles.pop(0)
        await super().commit(writes)
