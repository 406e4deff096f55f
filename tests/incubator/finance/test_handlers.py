"""What becomes of books as the registry speaks."""

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.conftest import Hear
from tests.incubator.registry_says import business, partner, registered, suspended


async def test_a_registered_business_gets_a_book_whose_accounts_are_no_documents_yet(
    store: MemoryStore, hear: Hear
) -> None:
    await hear(registered())
    (book,) = store.rows("books")
    assert book["owner"] == business()
    assert store.rows("accounts") == []


async def test_an_opened_book_is_told_under_its_business(store: MemoryStore, hear: Hear) -> None:
    await hear(registered())
    assert [(row["type"], row["key"]) for row in store.rows("outbox")] == [
        ("zone.incubator.book.opened.v1", business())
    ]


async def test_an_opened_book_is_told_to_the_partner_of_its_business(store: MemoryStore, hear: Hear) -> None:
    await hear(registered(by=7))
    assert [row["partner_id"] for row in store.rows("outbox")] == [partner(7)]


async def test_hearing_of_a_registration_twice_opens_one_book(store: MemoryStore, hear: Hear) -> None:
    await hear(registered())
    before = {name: store.rows(name) for name in ("books", "accounts", "outbox")}
    await hear(registered())
    assert {name: store.rows(name) for name in before} == before


async def test_a_suspension_leaves_the_book_as_it_is(store: MemoryStore, hear: Hear) -> None:
    await hear(registered())
    before = store.rows("books"), store.rows("accounts")
    await hear(suspended())
    assert (store.rows("books"), store.rows("accounts")) == before
