"""What each thing adds is what the buckets hold, for whatever was heard in whatever order."""

import asyncio
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.domain.events import Event
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.moments import NOON, day
from services.metrics.catalogue.all import source_of
from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.contributors.contributed import contributed, made_by
from services.metrics.figures.entity import Entity
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
