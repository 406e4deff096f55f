"""The trial balance of a book of a thousand entries and of a million: sums of turnovers, whatever the entries."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from deploy.bench.asking import Asked, compared
from deploy.bench.contest import Line
from deploy.bench.incubator.scene import TODAY, V1, insert, opened, routes_on, tenants
from deploy.bench.stage import Stage
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.incubator.finance.book import Book
from services.incubator.finance.chart import FIRST_ACCOUNTS
from services.incubator.finance.entry import Entry, Posting, line
from services.incubator.finance.turnover import Turnover, moves_of
from services.incubator.tenants.tenant import book_id

SIZES: Final = (1_000, 1_000_000)
DAYS: Final = 500
"""On which entries count: those of the thousand are on all of them, and so are those of the million."""
FIRST: Final = date(2025, 7, 1)
PATTERN: Final = SIZES[0]
"""Entries that differ; of the others there are copies."""


def pattern(book: Book) -> Iterator[Entry]:
    """A thousand entries, two a day, on accounts in turn."""
    codes = [code for code, *_ in FIRST_ACCOUNTS]
    for number in range(PATTERN):
        one, other = codes[number % len(codes)], codes[(number + 1) % len(codes)]
        day = date.fromordinal(FIRST.toordinal() + number % DAYS)
        lines = [line(book.id, one, 100), line(book.id, other, 0, 100)]
        yield Entry.post(Posting(day, f"r{number}", "示例 (synthetic)", lines), book, at=TODAY)


async def fill(store: MongoStore, number: int) -> str:
    """A book with so many entries and their turnovers. Returns its id."""
    [business] = await tenants(store, 1)
    book = await Tx(store, now=TODAY).get(Book, book_id(business))
    await insert(store, book.first_accounts())
    entries, copies = list(pattern(book)), number // PATTERN
    moved: Counter[tuple[str, str]] = Counter()
    rows: dict[str, dict[str, Any]] = {}
    for entry in entries:
        for move in moves_of(entry):
            rows[move.id] = {"_id": move.id, "version": 1, **move.create}
            for side, amount in move.by.items():
                moved[move.id, side] += amount * copies
    turnovers = [row | {side: moved[id, side] for side in ("debit", "credit")} for id, row in rows.items()]
    await store.database[Turnover.collection].insert_many(turnovers)
    await store.database["pattern"].insert_many([each.to_document() for each in entries])
    copied: list[dict[str, Any]] = [
        {"$set": {"copy": {"$range": [0, copies]}}},
        {"$unwind": "$copy"},
        {"$set": {"_id": {"$concat": ["$_id", ".", {"$toString": "$copy"}]}}},
        {"$unset": "copy"},
        {"$out": Entry.collection},
    ]
    await store.database[Entry.collection].drop_indexes()  # no statement reads an entry, and they take a minute
    await store.database["pattern"].aggregate(copied, bypassDocumentValidation=True).to_list(None)
    return book.id


async def measure(stage: Stage) -> list[Line]:
    sizes = {}
    for number in SIZES:
        store = await opened(stage, f"trial_balance_{number}")
        question = f"{V1}/books/{await fill(store, number)}/trial-balance"
        sizes[f"{number:,} entries"] = Asked(store, routes_on(store), question)
    lines = await compared("GET trial-balance", sizes)
    for asked in sizes.values():
        await asked.api.aclose()
        asked.store.close()
    return lines
