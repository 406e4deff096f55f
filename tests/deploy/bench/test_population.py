"""A zone that the benchmark writes straight into the store is the one that metrics makes of the events."""

from deploy.bench.metrics.population import KINDS, TODAY, count, entities, registered
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.heard import hear
from services.chassis.testing.memory_store import MemoryStore
from services.metrics.main import service

FEW = 2 * KINDS + 5


async def test_figures_and_entities_are_those_of_a_zone_that_heard_of_each_business() -> None:
    told, written = MemoryStore.of(service), MemoryStore.of(service)
    tx = Tx(told, now=TODAY)
    await hear(service.handlers, tx, *(registered(number) for number in range(FEW)))
    await tx.commit()
    tx = Tx(written, now=TODAY)
    count(tx, FEW)
    await tx.commit()
    assert list(entities(range(FEW))) == list(told.rows("entities"))
    assert {row["_id"]: row["cells"] for row in written.rows("buckets")} == {
        row["_id"]: row["cells"] for row in told.rows("buckets")
    }
