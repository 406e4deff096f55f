"""A consumer's log lines carry the trace of what they are about: one search finds what became of a request."""

from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.chassis.consuming.dead_letters import DeadLetters, Selection
from services.chassis.consuming.handlers import Handlers
from services.chassis.consuming.processor import Processor
from services.chassis.kafka.mac import with_mac
from services.chassis.kafka.records import Record
from services.chassis.store.unit_of_work import Tx
from services.chassis.telemetry.logs import with_trace
from services.chassis.telemetry.tracing import LINKS_AT_MOST
from services.chassis.testing.event_keys import KEY
from tests.chassis.consuming.bench import Bench
from tests.chassis.garden import REFUSED, Grown, grown, logged

FIRST, SECOND = "a" * 32, "b" * 32


@pytest.fixture
def bench() -> Bench:
    return Bench()


def caused_by(trace_id: str, record: Record) -> Record:
    header = ("traceparent", f"00-{trace_id}-{'1' * 16}-00".encode())
    return with_mac(record._replace(headers=(*record.headers, header)), KEY)


def lines(logs: list[Any], event: str) -> list[Any]:
    return [line for line in logs if line["event"] == event]


async def test_each_line_of_a_handler_has_the_trace_of_its_own_event(bench: Bench) -> None:
    seen: list[dict[str, Any]] = []
    on = Handlers()
    bench.processor = Processor(replace(bench.group, handlers=on), bench.condition)

    @on(Grown)
    async def note(event: Grown, tx: Tx) -> None:
        seen.append(dict(with_trace(None, "", {"event": event.plant_id})))

    one, other = caused_by(FIRST, grown("plant_1", 1)), caused_by(SECOND, grown("plant_2", 1))
    await bench.process(logged(one, other, grown("plant_3", 1)))
    first, second, untold = seen
    assert (first["trace_id"], second["trace_id"]) == (FIRST, SECOND)
    assert untold.get("trace_id") not in (FIRST, SECOND)
    assert with_trace(None, "", {}).get("trace_id") not in (FIRST, SECOND)


async def test_what_took_effect_is_one_line_a_poll_with_the_traces(bench: Bench) -> None:
    with capture_logs() as logs:
        await bench.process(logged(caused_by(FIRST, grown("plant_1", 1))))
        await bench.process(
            logged(caused_by(FIRST, grown("plant_1", 2)), caused_by(SECOND, grown("plant_2", 1)), offset=1)
        )
    alone, both = lines(logs, "events_applied")
    assert (alone["count"], alone["trace_id"], alone["id"]) == (1, FIRST, "plant_1:0000000001")
    assert (both["count"], both["trace_ids"]) == (2, [FIRST, SECOND])


async def test_a_large_poll_names_as_many_traces_as_a_span_has_links(bench: Bench) -> None:
    many = [caused_by(f"{number:032x}", grown("plant_1", number)) for number in range(1, LINKS_AT_MOST + 10)]
    with capture_logs() as logs:
        await bench.process(logged(*many))
    (line,) = lines(logs, "events_applied")
    assert (line["count"], len(line["trace_ids"])) == (LINKS_AT_MOST + 9, LINKS_AT_MOST)


async def test_nothing_is_said_of_a_poll_that_has_no_effect(bench: Bench) -> None:
    first = logged(caused_by(FIRST, grown("plant_1", 1)))
    await bench.process(first)
    with capture_logs() as logs:
        await bench.process(logged(first[0], offset=1))
    assert lines(logs, "events_applied") == []


async def test_a_parked_event_is_told_with_the_trace_that_it_came_from(bench: Bench) -> None:
    with capture_logs() as logs:
        await bench.process(logged(caused_by(FIRST, grown("plant_1", 1, by=REFUSED)), grown("plant_2", 1)))
    (line,) = lines(logs, "event_parked")
    assert (line["id"], line["trace_id"]) == ("zone.test|plant_1:0000000001", FIRST)


async def test_what_nobody_of_the_zone_wrote_gives_no_trace(bench: Bench) -> None:
    forged = caused_by(FIRST, grown("plant_1", 1))
    with capture_logs() as logs:
        await bench.process(logged(forged._replace(value=b"{}")))
    (line,) = lines(logs, "event_parked")
    assert (line["reason"], "trace_id" in line) == ("forged", False)


async def test_a_person_who_gives_an_event_up_leaves_its_trace_too(bench: Bench) -> None:
    await bench.process(logged(caused_by(FIRST, grown("plant_1", 1, by=REFUSED))))
    with capture_logs() as logs:
        await DeadLetters(bench.group).discard(Selection(), because="a test")
    (line,) = lines(logs, "event_discarded")
    assert line["trace_id"] == FIRST
