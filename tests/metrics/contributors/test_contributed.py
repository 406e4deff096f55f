"""What each thing adds is what the buckets hold, for whatever was heard in whatever order."""

import asyncio
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.domain.events import Event
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.moments import NOON, day
from services.metrics.catalogue.all import source_of
from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.catalogue.recruitment import OPENINGS_OPEN, POSTING
from services.metrics.contributors import contributed as module
from services.metrics.contributors.contributed import MOST_TRIED, contributed, made_by
from services.metrics.figures.entity import Entity, Fact
from services.metrics.figures.kept import Kept
from services.metrics.figures.kpi import Part
from services.metrics.figures.queries import CellDays, sums_of
from services.metrics.figures.subject import cell_name
from services.metrics.figures.sums import Sum
from tests.metrics.figures.test_any_order import DAYS, History, stored, zones


@given(zones(), st.sampled_from(DAYS), st.sampled_from(BUSINESS.kpis), st.sampled_from(({}, {"kind": "cloud"})))
@settings(max_examples=40, deadline=None)
def test_all_things_that_have_a_cell_add_up_to_it(
    zone: tuple[list[History], list[list[Event]]], on: str, kpi: Kept, dims: dict[str, str]
) -> None:
    async def check() -> None:
        store = await stored(*zone)
        tx, end = Tx(store, now=NOON), date.fromordinal(day(on).toordinal() + 1)
        (asked,) = await sums_of(tx, source_of, [CellDays(Part(kpi, dims), None)], end)
        cell, together = cell_name(kpi.id, dims), Sum()
        for entity in await tx.select(Entity, {"cells": cell}, limit=100):
            added = contributed(BUSINESS, kpi, entity.facts, dims, None, end)
            together.add(added)
            made = made_by(BUSINESS, kpi, entity.facts, dims, None, end)
            assert contributed(BUSINESS, kpi, made, dims, None, end) == added
            assert {fact.event_id for fact in made} <= {fact.event_id for fact in entity.facts}
        assert together.settled() == asked.settled()

    asyncio.run(check())


def test_a_thing_of_many_events_is_explained_by_few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    posted = {"posted_on": "2026-01-01", "status": "published", "sector": "I", "fresh_graduate": True}
    overtaken = [Fact("2025-12-31", "jpo_1", number, {"openings": number}) for number in range(1, 100)]
    hires = [Fact("2026-01-02", f"jap_{number:03}", 1, {f"hired jap_{number:03}": True}) for number in range(200)]
    facts = [*overtaken, Fact("2026-01-01", "jpo_1", 100, posted | {"openings": 300}), *hires]
    tries = Counter[str]()

    def counted(*said: Any) -> Sum:
        tries["made"] += 1
        return contributed(*said)

    monkeypatch.setattr(module, "contributed", counted)
    made = made_by(POSTING, OPENINGS_OPEN, facts, {}, None, date(2026, 12, 31))
    assert tries["made"] <= 1 + MOST_TRIED
    assert {fact.subject for fact in hires} < {fact.subject for fact in made}
    assert len(made) < len(facts) - 90
    assert contributed(POSTING, OPENINGS_OPEN, made, {}, None, date(2026, 12, 31)).m == 100
