"""What a load leaves of the Demonstration Base is in the figures, and the load knows when."""

from datetime import date

import pytest

from deploy.documents.kpi_table import counted_by
from deploy.documents.target_table import Survey
from deploy.korla.base.demonstration_base import Base
from services.chassis.consuming.heard import Heard
from services.chassis.domain.times import zone_date
from services.chassis.kafka.decoding import decode
from services.chassis.publishing.publisher import record_of_row
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.event_keys import KEY
from services.chassis.testing.heard import hear
from services.chassis.testing.memory_store import MemoryStore
from services.metrics.catalogue.all import KPIS
from services.metrics.main import service as metrics
from services.metrics.reading import queries
from tests.deploy.korla.base.conftest import NewZone, Zone

OFFERINGS = {
    "space": {"site", "resource", "holder", "booking", "membership"},
    "utilities": {"consumption", "supplied"},
    "finance": {"invoice"},
    "programmes": {"incubation", "admission"},
    "consulting": {"consultation"},
    "recruitment": {"posting", "hire"},
    "investment": {"commitment", "round"},
}
"""Offering → what of it is counted."""


@pytest.fixture
async def loaded(new_zone: NewZone) -> tuple[Zone, Base]:
    zone = await new_zone()
    return zone, await zone.load()


async def figures_of(zone: Zone) -> Survey:
    """The figures after all events of the incubator."""
    counted = MemoryStore.of(metrics)
    assert metrics.handlers is not None
    tx = Tx(counted, now=zone.clock.at)
    for row in zone.store.rows("outbox"):
        if metrics.handlers.decodes(row["type"]):
            event = decode(record_of_row(row, "/incubator", KEY).envelope())
            assert event is not None
            await hear(metrics.handlers, tx, event)
    await tx.commit()
    today: date = zone_date(zone.clock.at)
    asked = Tx(counted, now=zone.clock.at)
    answer = await queries.headline(asked, Heard(counted), list(KPIS.values()), "kind", today)
    return Survey(answer.model_dump(mode="json", by_alias=True), {}, [])


async def test_the_headline_shows_a_figure_of_each_offering_with_a_real_value(loaded: tuple[Zone, Base]) -> None:
    shown = (await figures_of(loaded[0])).headline().figures["data"]
    real = {counted_by(answer["kpi"]) for answer in shown if answer["value"]}
    assert [offering for offering, counted in OFFERINGS.items() if not counted & real] == []


async def test_a_load_knows_the_last_event_of_all_that_the_figures_count_but_calendars(
    loaded: tuple[Zone, Base],
) -> None:
    zone, base = loaded
    assert metrics.handlers is not None
    calendars = {row["_id"] for row in zone.store.rows("resources") if row["kind"] == "consultant"}
    last: dict[str, str] = {}
    for row in zone.store.rows("outbox"):
        if metrics.handlers.decodes(row["type"]):
            last[row["_id"].partition(":")[0]] = row["_id"]
    assert {id for id, told in last.items() if base.told.get(id, "") < told} == calendars
