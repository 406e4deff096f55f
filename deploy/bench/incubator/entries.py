"""Entries posted by 50 writers on one book, on which each waits for the one before, and on fifty."""

import itertools
from collections.abc import Sequence
from functools import partial

from deploy.bench.contest import Clock, Contest, Line, Took
from deploy.bench.incubator.scene import A_DAY, TODAY, V1, opened, routes_on, tenants
from deploy.bench.stage import Stage
from deploy.bench.write import repeated
from services.chassis.http.client import Client
from services.chassis.store.grouping.group_commit import GroupCommit
from services.chassis.store.mongo import MongoStore
from services.incubator.finance.entry import Entry
from services.incubator.tenants.tenant import book_id

WRITERS, SECONDS, ROUNDS = 50, 1.5, 4
ONE, FIFTY, ALONE = "one book", "fifty books", "one writer"
ENTRY = {
    "effective_on": str((TODAY - A_DAY).date()),
    "description": "示例 (synthetic)",
    "currency": "CNY",
    "lines": [{"code": "6602", "debit": 1}, {"code": "1002", "credit": 1}],
}


async def post(api: Client, books: Sequence[str], writers: int, clock: Clock) -> Took:
    """Entries of these books in turn; every one is accepted, or it raises."""
    turns = itertools.cycle(books)

    async def one(_: int) -> None:
        path = f"{V1}/books/{next(turns)}/entries"
        (await api.post(path, json={**ENTRY, "reference": f"r{next(NUMBERS)}"})).raise_for_status()

    return await repeated(one, writers, clock, SECONDS)


NUMBERS = itertools.count()


async def gaps(store: MongoStore) -> int:
    """Numbers that are missing or given twice, over all books."""
    numbers: dict[tuple[str, str], list[int]] = {}
    async for each in store.database[Entry.collection].find({}, {"book_id": 1, "period": 1, "number": 1}):
        numbers.setdefault((each["book_id"], each["period"]), []).append(each["number"])
    return sum(len(set(found) ^ set(range(1, len(found) + 1))) for found in numbers.values())


async def measure(stage: Stage) -> list[Line]:
    store = await opened(stage, "entries")
    books = [book_id(business) for business in await tenants(store, WRITERS)]
    api, clock = routes_on(GroupCommit(store)), stage.clock("mongod")
    found = await Contest.of(
        {
            ALONE: partial(post, api, books[:1], 1, clock),
            ONE: partial(post, api, books[:1], WRITERS, clock),
            FIFTY: partial(post, api, books, WRITERS, clock),
        },
        ROUNDS,
    )
    missing = await gaps(store)
    await api.aclose()
    store.close()
    return [
        found.line(f"POST /entries, {ALONE}", ALONE),
        found.line(f"POST /entries, {WRITERS} writers on {ONE}", ONE, ALONE),
        found.line(f"POST /entries, {WRITERS} writers on {FIFTY}", FIFTY, ONE),
        Line("numbers of entries that are missing or given twice", str(missing), goal="0"),
    ]
