"""A page whose rows are large: it ends early, and leads on."""

from typing import ClassVar

from services.chassis.domain.aggregate import Row
from services.chassis.domain.ownership import PUBLIC
from services.chassis.http.paging import Page, PageRequest
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import memory_tx

MEGABYTE = 1024 * 1024


class Scroll(Row):
    collection: ClassVar[str] = "scrolls"
    shown_to: ClassVar = PUBLIC

    text: str


async def kept(*sizes: int) -> MemoryStore:
    """Scrolls of so many bytes, in order."""
    store = MemoryStore()
    tx = memory_tx(store)
    for number, size in enumerate(sizes):
        tx.add(Scroll(id=f"scr_{number}", text="x" * size))
    await tx.commit()
    return store


async def page(store: MemoryStore, cursor: str | None = None) -> Page[str]:
    asked = PageRequest(200, cursor, None, "query", b"secret")
    return await asked.of(memory_tx(store), Scroll, {}, lambda scroll: scroll.id)


async def test_a_page_of_large_rows_ends_early_and_leads_to_the_rest() -> None:
    store = await kept(*[MEGABYTE * 4 // 5] * 5)
    first = await page(store)
    second = await page(store, first.next_cursor)
    third = await page(store, second.next_cursor)
    assert [first.data, second.data, third.data] == [["scr_0", "scr_1"], ["scr_2", "scr_3"], ["scr_4"]]
    assert third.next_cursor is None


async def test_a_row_that_is_larger_than_a_page_is_a_page() -> None:
    store = await kept(10, 3 * MEGABYTE, 10)
    assert (await page(store)).data == ["scr_0"]
    assert (await page(store, (await page(store)).next_cursor)).data == ["scr_1"]


async def test_a_page_of_small_rows_has_as_many_as_were_asked_for() -> None:
    store = await kept(*[10] * 201)
    assert len((await page(store)).data) == 200
