"""A cap table at the end of a day: the fold of all events until then, of a thousand and of as many as there may be."""

from datetime import timedelta
from statistics import median
from typing import Final

from deploy.bench.asking import Asked, ask, documents_examined
from deploy.bench.contest import Line, Stopwatch, in_words
from deploy.bench.incubator.founded import FOUNDED, founded, investors
from deploy.bench.incubator.scene import AT_ONCE, TODAY, V1, opened, routes_on
from deploy.bench.stage import Stage
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.incubator.investment.shares.cap_event import MOST_EVENTS, CapEvent
from services.incubator.investment.shares.cap_table import CapTable, When, cap_table_id

SIZES: Final = (1_000, MOST_EVENTS)
HOLDERS, ASKED = 100, 15
DAYS: Final = 250
"""On which events count."""


async def fill(store: MongoStore, number: int) -> str:
    """A table of so many events: a hundred are issued shares, which go from one to the next. Returns whose it is."""
    tenant, shares = await founded(store)
    who = await investors(store, HOLDERS)
    table = await Tx(store, now=TODAY).get(CapTable, cap_table_id(tenant.business_id))
    events = list[CapEvent]()
    while table.seq < number:
        day = FOUNDED.effective_on + timedelta(days=DAYS * table.seq // number)
        turn, when = len(events), When(day, TODAY)
        if turn < HOLDERS:
            events.append(table.issue(shares, who[turn].id, 100, 10_000, when))
        else:
            source = next(iter(table.standing.holdings.values()))
            to = who[turn % HOLDERS].id
            events.append(table.transfer(shares, source, source.shares, to, when, cancel_rest=False))
        table.recorded.clear()
    for start in range(0, len(events), AT_ONCE):
        rows = [event.to_document() for event in events[start : start + AT_ONCE]]
        await store.database["cap_events"].insert_many(rows, ordered=False)
    for each in (table, shares):
        await store.database[each.collection].replace_one({"_id": each.id}, {**each.to_document(), "version": 9})
    return tenant.business_id


async def cold(asked: Asked) -> float:
    """Seconds for the first question: no connection is open, no plan and no page of the collection is at hand."""
    await asked.store.database.command("planCacheClear", "cap_events")
    return await ask(asked.api, asked.question)


async def measure(stage: Stage) -> list[Line]:
    """Raises nothing but what the servers do."""
    lines, clock = [], stage.clock("mongod")
    for number in SIZES:
        name = f"cap_table_{number}"
        filled = await opened(stage, name)
        path = f"{V1}/businesses/{await fill(filled, number)}/cap-table"
        day = FOUNDED.effective_on + timedelta(days=DAYS)
        for what, question in {"of that day": f"{path}?as_of={day}", "now": path}.items():
            store = await opened(stage, name)
            asked = Asked(store, routes_on(store), question)
            first = await cold(asked)
            watch = Stopwatch(clock)
            warm = median([await ask(asked.api, asked.question) for _ in range(ASKED)])
            watch.end()
            examined = await documents_examined(store, ask(asked.api, asked.question))
            cpu = in_words(watch.took(ASKED).cpu / ASKED)
            measured = f"cold {first * 1000:,.0f} ms, warm {warm * 1000:,.1f} ms, cpu {cpu}"
            lines.append(Line(f"GET cap-table {what}, {number:,} events", measured, f"{examined:,} documents examined"))
            await asked.api.aclose()
            store.close()
        filled.close()
    return lines
