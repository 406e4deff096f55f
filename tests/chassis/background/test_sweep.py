"""A sweep over rows that are large: it reads them page by page, and leaves none out."""

from typing import ClassVar

from services.chassis.background.sweep import for_each
from services.chassis.domain.aggregate import Aggregate
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import memory_tx

MEGABYTE = 1024 * 1024


class Crate(Aggregate):
    collection: ClassVar[str] = "crates"

    content: str
    opened: bool = False


async def test_a_sweep_of_large_rows_acts_on_every_one() -> None:
    store = MemoryStore()
    tx = memory_tx(store)
    for number in range(5):
        tx.save(Crate(id=f"crt_{number}", content="x" * MEGABYTE))
    await tx.commit()

    async def open_it(crate: Crate, tx: Tx) -> None:
        crate.opened = True
        tx.save(crate)

    await for_each(Crate, {"opened": False}, open_it, lambda: memory_tx(store))
    assert [row["opened"] for row in store.rows("crates")] == [True] * 5


async def test_a_sweep_of_nothing_ends() -> None:
    async def never(crate: Crate, tx: Tx) -> None:
        raise AssertionError("there is none")

    await for_each(Crate, {}, never, lambda: memory_tx(MemoryStore()))
