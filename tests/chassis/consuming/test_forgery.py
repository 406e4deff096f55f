"""What no service wrote, and what says something else than what took effect: kept and told, and in nobody's way."""

from dataclasses import replace

import pytest

from services.chassis.consuming.breaker import IN_A_ROW
from services.chassis.consuming.dead_letters import DeadLetters, Done, Selection
from services.chassis.kafka.mac import ProducerKeys, with_mac
from services.chassis.kafka.records import Record
from services.chassis.testing.event_keys import TEXT
from tests.chassis.consuming.bench import GROUP, Bench
from tests.chassis.garden import PLANTS, REFUSED, grown, history, logged

FORGED = b"whoever reaches the broker has no key"


@pytest.fixture
def bench() -> Bench:
    return Bench()


def forged(plant: str, sequence: int, by: int = 1) -> Record:
    """A record that looks like an event of the garden in everything but its code."""
    return with_mac(grown(plant, sequence, by), FORGED)


def letters(bench: Bench, keys: ProducerKeys | None = None) -> DeadLetters:
    return DeadLetters(replace(bench.group, keys=keys) if keys else bench.group)


async def discard(bench: Bench, event: str) -> list[Done]:
    return await letters(bench).discard(Selection(event=event), because="synthetic")


def at(offset: int) -> str:
    """The id of what is parked by its place."""
    return f"{PLANTS.name}|0|{offset}"


# forged


async def test_a_forged_record_takes_no_effect_and_is_kept_as_it_came(bench: Bench) -> None:
    record = forged("plant_1", 1, by=1_000)
    await bench.process(logged(record))
    (row,) = bench.store.rows("parked")
    assert (row["reason"], row["error"]) == ("forged", "the message authentication code is not test's")
    assert Record.from_document(row) == logged(record)[0]
    assert bench.store.rows("beds") == []


async def test_a_forged_record_stands_in_no_subjects_way(bench: Bench) -> None:
    one, two, three = history("plant_1", [1, 2, 3])
    await bench.process(logged(one, forged("plant_1", 2, by=1_000), two, three))
    assert bench.bed()["order"] == [1, 2, 3]
    assert bench.bed()["total"] == 6
    assert bench.inbox() == (3, 0)
    assert bench.parked() == {at(1): "forged"}


async def test_what_a_forged_record_says_of_itself_is_not_used(bench: Bench) -> None:
    await bench.process(logged(forged("plant_1", 1)))
    (row,) = bench.store.rows("parked")
    assert [row[name] for name in ("subject", "sequence", "type", "hash")] == [None, None, None, ""]
    assert bench.store.rows("inbox") == []


async def test_the_position_moves_past_a_forged_record(bench: Bench) -> None:
    await bench.process(logged(forged("plant_1", 1), forged("plant_1", 1)))
    assert bench.next() == 2
    assert set(bench.parked()) == {at(0), at(1)}


async def test_whoever_forges_cannot_stop_the_consumer(bench: Bench) -> None:
    garbage = Record(PLANTS.name, b"", b"", ())
    await bench.process(logged(*(forged("plant_1", n) for n in range(1, 3 * IN_A_ROW)), *(garbage,) * 3 * IN_A_ROW))
    assert not bench.processor.breaker.is_open
    await bench.process(logged(grown("plant_1", 1), offset=6 * IN_A_ROW))
    assert bench.bed()["order"] == [1]


async def test_whoever_copies_records_and_adds_to_them_cannot_stop_the_consumer(bench: Bench) -> None:
    copies = [
        record._replace(headers=(*record.headers, ("anything", b"\xff"))) for record in history("plant_1", [1] * 30)
    ]
    await bench.process(logged(*copies))
    assert bench.bed()["order"] == list(range(1, 31))


async def test_forged_records_do_not_hide_from_the_breaker_what_is_wrong_here(bench: Bench) -> None:
    bad = [record for n in range(IN_A_ROW) for record in (grown(f"plant_{n}", 1, REFUSED), forged("plant_99", 1))]
    await bench.process(logged(*bad[:-1]))
    assert bench.processor.breaker.is_open


async def test_an_event_in_a_gap_is_not_filled_by_a_forged_one(bench: Bench) -> None:
    one, _, three = history("plant_1", [1, 2, 3])
    await bench.process(logged(one, three, forged("plant_1", 2)))
    assert bench.bed()["order"] == [1]
    assert bench.parked() == {"plant_1:0000000003": "gap", at(2): "forged"}


async def test_a_forged_record_that_is_replayed_is_still_forged(bench: Bench) -> None:
    await bench.process(logged(forged("plant_1", 1)))
    (done,) = await letters(bench).replay(Selection(reason="forged"))
    assert (done.outcome, done.detail) == ("failed", "the message authentication code is not test's")
    assert [row["attempts"] for row in bench.store.rows("parked")] == [1]
    assert bench.store.rows("beds") == []


async def test_what_was_forged_for_want_of_a_key_takes_effect_in_its_order_once_there_is_one(bench: Bench) -> None:
    records = history("plant_1", [1] * 12)
    await bench.process(logged(*(with_mac(record, FORGED) for record in records)))
    right = ProducerKeys({"test": [TEXT, FORGED.decode()]})
    done = await letters(bench, right).replay(Selection(reason="forged"))
    assert {each.outcome for each in done} == {"applied"}
    assert bench.bed()["order"] == list(range(1, 13))
    assert bench.parked() == {}


async def test_with_them_goes_what_came_in_the_meantime_and_found_a_gap(bench: Bench) -> None:
    one, two, three = history("plant_1", [1, 2, 3])
    await bench.process(logged(with_mac(one, FORGED), with_mac(two, FORGED), three))
    assert bench.parked()["plant_1:0000000003"] == "gap"
    await letters(bench, ProducerKeys({"test": [TEXT, FORGED.decode()]})).replay(Selection(reason="forged"))
    assert bench.bed()["order"] == [1, 2, 3]
    assert bench.parked() == {}


async def test_a_forged_record_can_be_given_up_and_changes_nothing_for_its_subject(bench: Bench) -> None:
    await bench.process(logged(grown("plant_1", 1), forged("plant_1", 2)))
    (done,) = await discard(bench, at(1))
    assert done.outcome == "discarded"
    assert (bench.parked(), bench.inbox()) == ({}, (1, 0))
    assert [row["reason"] for row in bench.store.rows("discarded")] == ["forged"]


# contradicting


async def test_a_duplicate_of_what_took_effect_last_is_dropped_where_it_says_the_same(bench: Bench) -> None:
    await bench.process(logged(grown("plant_1", 1), grown("plant_1", 1)))
    assert bench.parked() == {}


async def test_a_duplicate_that_says_something_else_is_kept_and_changes_nothing(bench: Bench) -> None:
    await bench.process(logged(grown("plant_1", 1, by=1)))
    await bench.process(logged(grown("plant_1", 1, by=1_000), offset=1))
    (row,) = bench.store.rows("parked")
    assert (row["_id"], row["reason"]) == (f"{GROUP}|{at(1)}", "contradicting")
    assert "plant_1:0000000001 is known with the hash" in row["error"]
    assert bench.bed()["total"] == 1


async def test_one_that_comes_in_the_same_batch_is_kept_too(bench: Bench) -> None:
    await bench.process(logged(grown("plant_1", 1, by=1), grown("plant_1", 1, by=1_000)))
    assert bench.parked() == {at(1): "contradicting"}


async def test_a_contradiction_stands_in_no_subjects_way(bench: Bench) -> None:
    await bench.process(logged(grown("plant_1", 1), grown("plant_1", 1, by=1_000), grown("plant_1", 2)))
    assert bench.bed()["order"] == [1, 2]
    assert bench.inbox() == (2, 0)


async def test_contradictions_do_not_open_the_breaker(bench: Bench) -> None:
    again = (grown("plant_1", 1, by=n) for n in range(2, 3 * IN_A_ROW))
    await bench.process(logged(grown("plant_1", 1), *again))
    assert not bench.processor.breaker.is_open


async def test_what_contradicts_an_event_that_waits_is_kept_and_the_first_one_stays(bench: Bench) -> None:
    await bench.process(logged(grown("plant_1", 2, by=5), grown("plant_1", 2, by=1_000)))
    assert bench.parked() == {"plant_1:0000000002": "gap", at(1): "contradicting"}
    await bench.process(logged(grown("plant_1", 1), grown("plant_1", 2, by=5), offset=2))
    assert bench.bed()["total"] == 6
    assert bench.parked() == {at(1): "contradicting"}


async def test_an_older_duplicate_cannot_be_compared_and_is_dropped(bench: Bench) -> None:
    await bench.process(logged(*history("plant_1", [1, 1]), grown("plant_1", 1, by=1_000)))
    assert bench.parked() == {}
    assert bench.bed()["total"] == 2


async def test_a_contradiction_is_never_replayed(bench: Bench) -> None:
    await bench.process(logged(grown("plant_1", 1), grown("plant_1", 1, by=1_000), grown("plant_1", 2)))
    (done,) = await letters(bench).replay(Selection(reason="contradicting"))
    assert done.outcome == "failed"
    assert "only be discarded" in done.detail
    assert bench.parked() == {at(1): "contradicting"}


async def test_a_contradiction_can_be_given_up(bench: Bench) -> None:
    await bench.process(logged(grown("plant_1", 1), grown("plant_1", 1, by=1_000)))
    assert [done.outcome for done in await discard(bench, at(1))] == ["discarded"]
    assert (bench.parked(), bench.inbox()) == ({}, (1, 0))


async def test_after_an_event_was_given_up_another_of_its_number_contradicts_it(bench: Bench) -> None:
    await bench.process(logged(grown("plant_1", 1, REFUSED)))
    await discard(bench, "plant_1:0000000001")
    await bench.process(logged(grown("plant_1", 1, REFUSED), grown("plant_1", 1, by=7), offset=1))
    assert bench.parked() == {at(2): "contradicting"}


async def test_after_events_that_never_came_nothing_is_known_to_contradict(bench: Bench) -> None:
    await bench.process(logged(grown("plant_1", 3, REFUSED)))
    await letters(bench).replay(Selection(), give_up_missing="lost with their log")
    await bench.process(logged(grown("plant_1", 2, by=7), offset=1))
    assert bench.parked() == {"plant_1:0000000003": "gap"}
