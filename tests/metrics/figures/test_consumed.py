"""Metrics behind the chassis' consumer: duplicates, poison and its replay, and what a caller is told meanwhile."""

import asyncio
from collections.abc import Sequence
from typing import Any

from services.chassis.background.condition import Condition
from services.chassis.consuming.batch import Group, group_of
from services.chassis.consuming.positions import Positions
from services.chassis.consuming.processor import Processor
from services.chassis.domain.events import Event
from services.chassis.kafka.records import Partition, Record
from services.chassis.publishing.publisher import record_of
from services.chassis.store.outbox_row import canonical
from services.chassis.testing.event_keys import KEY, KEYS
from services.chassis.testing.memory_store import MemoryStore
from services.contracts.incubator.startups.shares import ROUNDS
from services.contracts.registry.businesses import BUSINESSES
from services.metrics.handlers import on
from services.metrics.main import service
from tests.metrics.happenings import business, figures, hear, registered, reported, resumed, suspended

GROUP = group_of("metrics")
PARTITION = Partition(BUSINESSES.name, 1)
HISTORY = [
    registered(1, on="2024-03-15", opening={"valuation": {"amount": 500, "currency": "CNY"}}),
    suspended(1, on="2025-06-10", sequence=2),
    reported(1, year="2024", sequence=3, revenue=70, valuation=600),
    resumed(1, on="2026-02-01", sequence=4),
]


def logged(events: Sequence[Event], offset: int = 0) -> list[Record]:
    """Events as they stand in a partition of the log."""
    return [
        record_of(event.envelope._replace(data=canonical(event)), KEY)._replace(partition=1, offset=offset + place)
        for place, event in enumerate(events)
    ]


async def consume(store: MemoryStore, records: list[Record]) -> None:
    """What the consumer does with one poll."""
    positions = await Positions.read(store, GROUP, "log-1", [PARTITION])
    await Processor(Group(GROUP, store, on, KEYS), Condition("metrics")).process(records, positions, asyncio.Event())


async def status(api: Any, sequence: int) -> dict[str, Any]:
    params = {"event_id": f"{business(1)}:{sequence:010d}"}
    answer: dict[str, Any] = (await api.get("/v1/metrics/projection/status", params=params)).json()
    return answer


async def valuation(api: Any) -> dict[str, Any]:
    answer: dict[str, Any] = (await api.get("/v1/metrics/kpis/valuation_total/value")).json()
    return answer


async def test_what_comes_from_the_log_is_in_the_figures_and_the_answer_says_how_far(
    api: Any, store: MemoryStore
) -> None:
    await consume(store, logged(HISTORY))
    answer = await valuation(api)
    assert (answer["value"], answer["computed_through"]) == (600, {BUSINESSES.name: {"1": 3}, ROUNDS.name: {}})
    assert [(await status(api, sequence))["status"] for sequence in (1, 4, 5)] == ["applied", "applied", "not_yet"]


async def test_what_is_delivered_again_is_not_counted_again(store: MemoryStore) -> None:
    await consume(store, logged(HISTORY))
    once = figures(store)
    await consume(store, logged(HISTORY, offset=4))
    assert figures(store) == once


async def test_one_poll_and_many_give_the_same_figures(store: MemoryStore) -> None:
    for place, record in enumerate(logged(HISTORY)):
        assert record.offset == place
        await consume(store, [record])
    together = MemoryStore.of(service)
    await hear(together, HISTORY)
    assert figures(store) == figures(together)


async def test_a_business_whose_sector_is_unknown_is_parked_with_all_that_follows(api: Any, store: MemoryStore) -> None:
    await consume(store, logged([registered(1, on="2024-03-15", sector="9999"), *HISTORY[1:]]))
    assert figures(store) == {}
    first, second = await status(api, 1), await status(api, 2)
    assert (first["status"], first["reason"], first["parked"]) == ("parked", "poison", 4)
    assert (second["status"], second["reason"]) == ("parked", "behind")


async def test_other_businesses_flow_past_a_parked_one(api: Any, store: MemoryStore) -> None:
    others = [registered(13, on="2024-03-15", opening={"valuation": {"amount": 7, "currency": "CNY"}})]
    await consume(store, logged([registered(1, on="2024-03-15", sector="9999"), *others]))
    assert (await valuation(api))["value"] == 7
