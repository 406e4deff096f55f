"""One projection for every event of every subject."""

from dataclasses import replace

from services.chassis.domain.events import Event
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Adjust
from services.chassis.testing import heard
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON
from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.handlers import on, projecting
from services.metrics.main import service
from tests.metrics.happenings import figures, registered
from tests.metrics.rides import RIDE, RideBegun, begun, rated


async def metrics_of_two_that_heard(*events: Event) -> MemoryStore:
    """Metrics as it would be with rides on bicycles in the catalogue, after these events."""
    store = MemoryStore.of(service)
    tx = Tx(store, now=NOON)
    await heard.hear(projecting((BUSINESS, RIDE)), tx, *events)
    await tx.commit()
    return store


async def test_two_subjects_make_of_one_event_what_each_needs() -> None:
    store = await metrics_of_two_that_heard(registered(1, on="2026-03-02"))
    facts = {
        row["_id"].partition("|")[0]: [fact["set"].keys() for fact in row["facts"]] for row in store.rows("entities")
    }
    assert facts["ride"] == [{"member"}]
    assert facts["business"] == [{"registered", "status", "kind", "sector", "entry_year"}]


async def test_both_entities_of_an_event_are_read_before() -> None:
    event = registered(7, on="2026-03-02")
    ((reaction, _),) = projecting((BUSINESS, RIDE)).due(event.envelope, event)
    assert reaction.loads is not None
    assert [id for _, id in reaction.loads(event)] == [BUSINESS.key_of(event), RIDE.key_of(event)]


async def test_events_of_one_thing_count_in_one_unit_of_work_as_in_several() -> None:
    events = [registered(1, on="2026-03-02"), begun(1, on="2026-03-02"), rated(1, on="2026-03-09", score=4)]
    together = await metrics_of_two_that_heard(*events)
    apart = MemoryStore.of(service)
    for event in events:
        tx = Tx(apart, now=NOON)
        await heard.hear(projecting((BUSINESS, RIDE)), tx, event)
        await tx.commit()
    assert figures(together) == figures(apart)


async def test_a_subject_beside_another_keeps_figures_of_its_own() -> None:
    store = await metrics_of_two_that_heard(begun(1, on="2026-03-02"), rated(1, on="2026-03-09", score=4))
    assert {id.partition("|")[0] for id in figures(store)} == {each.id for each in RIDE.kpis}


def test_every_event_of_a_subject_is_heard_and_no_other() -> None:
    assert all(on.hears(event) for event in BUSINESS.events)
    assert not on.hears(RideBegun)


async def test_a_registration_with_all_its_figures_writes_three_buckets_a_kpi() -> None:
    money = {"amount": 1_000, "currency": "CNY"}
    opening = {"valuation": money, "revenue": money, "revenue_period": "2017"}
    tx = Tx(MemoryStore.of(service), now=NOON)
    await heard.hear(service.handlers, tx, registered(1, on="2026-03-02", opening=opening))
    buckets = [write.id for write in tx.pending() if isinstance(write, Adjust)]
    kept_by_day = ("businesses_active", "businesses_registered", "valuation_total", "revenue_total")
    assert sorted(buckets) == sorted(
        ["revenue_reported|y||0"] + [f"{kpi}|{span}|0" for kpi in kept_by_day for span in ("d|2026-03", "m|2026", "y|")]
    )


async def test_an_event_that_is_about_nothing_of_a_subject_leaves_it_alone() -> None:
    nobodys = replace(RIDE, id_of=lambda event: None)
    tx = Tx(MemoryStore.of(service), now=NOON)
    await heard.hear(projecting((nobodys,)), tx, begun(1, on="2026-03-02"))
    assert not tx.has_writes
