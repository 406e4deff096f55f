"""Whatever happened, and in whatever order it was heard: the figures are those of the facts, to the last fen."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.consuming.heard import Heard
from services.chassis.domain.events import Event
from services.chassis.domain.money import Money
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, day
from services.metrics.catalogue.all import KPIS, dimensions_of
from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.catalogue.dimensions.sections import section_of
from services.metrics.catalogue.dimensions.sizes import size_of
from services.metrics.figures.contributions import contributions
from services.metrics.figures.entity import Entity, Fact
from services.metrics.figures.kpi import Kpi
from services.metrics.main import service
from services.metrics.reading.queries import breakdown, value
from services.metrics.reading.question import Question
from services.metrics.reading.views import Answer, CellValue
from tests.metrics.happenings import (
    Cell,
    dissolution_cancelled,
    dissolution_started,
    dissolved,
    figures,
    hear,
    moved_cells,
    registered,
    reported,
    resumed,
    suspended,
)

DAYS = ["2016-12-31", "2017-01-01", "2018-04-30", "2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01", "2026-11-24"]
YEARS = ["2016", "2017", "2024", "2025"]

Dated = tuple[str, int, dict[str, Any]]
"""A day, the sequence of the event that said so, and what was said."""


@dataclass
class History:
    """One business: its events as they would be published, and what they mean, written down independently."""

    events: list[Event] = field(default_factory=list)
    meant: list[Dated] = field(default_factory=list)

    def state_on(self, on: str) -> dict[str, Any]:
        """Everything that was true at the end of a day, the later statement winning."""
        state: dict[str, Any] = {}
        for dated, _, members in sorted(self.meant, key=lambda each: each[:2]):
            if dated <= on:
                state |= members
        return state

    def dims_on(self, on: str) -> dict[str, str]:
        """The dimensions on a day; what had not been stated by then, as it first was."""
        state: dict[str, Any] = {}
        for _, _, members in sorted(self.meant, key=lambda each: each[:2], reverse=True):
            state |= members
        return dims_of(state | self.state_on(on))


def dims_of(state: Mapping[str, Any]) -> dict[str, str]:
    sizes = {"size": size_of(state.get("employees"))}
    return sizes | {name: state[name] for name in ("kind", "sector", "entry_year")}


amounts = st.integers(0, 10**12)
money = st.builds(
    lambda amount, foreign: Money(amount=amount, currency="USD" if foreign else "CNY"), amounts, st.booleans()
)
employees = st.sampled_from([3, 50, 500, 5_000])
opening_figures: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"as_of": st.sampled_from(DAYS)},
    optional={"valuation": money, "employees": employees, "revenue": money},
)


@st.composite
def histories(draw: st.DrawFn, number: int) -> History:
    """A business that is registered, reports, is suspended and resumes, leaves and stays, some of it back-dated."""
    history = History()
    kind, sector, entered = draw(st.sampled_from([("industrial", "3111", "2012"), ("cloud", "5292", "2015")]))
    opening = draw(st.none() | opening_figures)
    on = draw(st.sampled_from(DAYS))
    figures = dict(opening) if opening else {}
    if "revenue" in figures:
        figures["revenue_period"] = draw(st.sampled_from(YEARS))
    event = registered(
        number, on=on, kind=kind, sector=sector, entered=f"{entered}-05-01", opening=figures if opening else None
    )
    history.events.append(event)
    dims = {"kind": kind, "sector": section_of(sector), "entry_year": entered}
    history.meant.append((on, 1, {"registered": True, "status": "active"} | dims))
    if opening:
        stated: dict[str, Any] = {name: figures[name] for name in ("valuation", "employees") if name in figures}
        history.meant.append((figures["as_of"], 1, stated))
        if "revenue" in figures:
            history.meant.append((f"{figures['revenue_period']}-12-31", 1, {"revenue": figures["revenue"]}))
    for sequence in range(2, 2 + draw(st.integers(0, 5))):
        match draw(st.sampled_from(["suspended", "resumed", "leaves", "stays", "left", "reported"])):
            case "suspended":
                on = draw(st.sampled_from(DAYS))
                history.events.append(suspended(number, on=on, sequence=sequence))
                history.meant.append((on, sequence, {"status": "suspended"}))
            case "resumed":
                on = draw(st.sampled_from(DAYS))
                history.events.append(resumed(number, on=on, sequence=sequence))
                history.meant.append((on, sequence, {"status": "active"}))
            case "leaves":
                on = draw(st.sampled_from(DAYS))
                history.events.append(dissolution_started(number, on=on, sequence=sequence))
                history.meant.append((on, sequence, {"status": "dissolving"}))
            case "stays":
                on, status = draw(st.sampled_from(DAYS)), draw(st.sampled_from(["active", "suspended"]))
                history.events.append(dissolution_cancelled(number, on=on, sequence=sequence, status=status))
                history.meant.append((on, sequence, {"status": status}))
            case "left":
                on = draw(st.sampled_from(DAYS))
                history.events.append(dissolved(number, on=on, sequence=sequence))
                history.meant.append((on, sequence, {"status": "dissolved", "deregistered": True}))
            case _:
                year = draw(st.sampled_from(YEARS))
                said: dict[str, Any] = draw(
                    st.fixed_dictionaries({}, optional={"revenue": money, "valuation": money, "employees": employees})
                )
                history.events.append(reported(number, year=year, sequence=sequence, **said))
                history.meant.append((f"{year}-12-31", sequence, said))
    return history


@st.composite
def zones(draw: st.DrawFn) -> tuple[list[History], list[list[Event]]]:
    """A few businesses, and their events in any order, cut into batches."""
    businesses = [draw(histories(number)) for number in range(1, 1 + draw(st.integers(1, 4)))]
    heard = draw(st.permutations([event for each in businesses for event in each.events]))
    cuts = sorted(draw(st.sets(st.integers(0, len(heard)), max_size=4)) | {0, len(heard)})
    return businesses, [heard[start:end] for start, end in pairwise(cuts)]


Amount = Money | tuple[Money, int] | int | None
"""What a business adds: money, money beside employees, a number of days, or nothing but itself."""
Shown = tuple[int, int | None, tuple[int | None, ...]]
"""How many contribute, the value, and the numbers behind it: numerator and denominator, or quantiles."""


def counted(kpi: Kpi, history: History, on: str) -> list[tuple[Amount, dict[str, str]]]:
    """What a business adds to a KPI by the end of a day, by the words of its definition alone."""
    state = history.state_on(on)
    is_active = state.get("status") == "active" and "kind" in state
    match kpi.id:
        case "businesses_registered":
            return [(None, history.dims_on(at)) for at, _, said in history.meant if "registered" in said and at <= on]
        case "businesses_deregistered":
            left = {at for at, _, said in history.meant if "deregistered" in said and at <= on}
            return [(None, history.dims_on(at)) for at in left]
        case "revenue_reported":
            years: dict[str, Money] = {}
            for at, _, said in sorted(history.meant, key=lambda each: each[:2]):
                if "revenue" in said and at <= on:
                    years[at] = said["revenue"]
            return [(revenue, history.dims_on(at)) for at, revenue in years.items()]
        case "suspension_days":
            return [(days, history.dims_on(at)) for at, days in suspensions(history) if at <= on]
        case "revenue_per_employee":
            has_both = is_active and "revenue" in state and "employees" in state
            return [((state["revenue"], state["employees"]), dims_of(state))] if has_both else []
        case _:
            member = {"valuation_total": "valuation", "revenue_total": "revenue"}.get(kpi.id)
            if not is_active or (member and member not in state):
                return []
            return [(state[member] if member else None, dims_of(state))]


def suspensions(history: History) -> list[tuple[str, int]]:
    """The day on which each suspension ended with a business that trades again, and how many days it had lasted."""
    found, since = [], None
    for at in sorted({at for at, _, _ in history.meant}):
        status = history.state_on(at).get("status")
        if status == "suspended":
            since = since or at
        elif since is not None:
            found += [(at, (day(at) - day(since)).days)] if status == "active" else []
            since = None
    return found


def expected(kpi: Kpi, businesses: list[History], on: str, names: tuple[str, ...]) -> dict[str, Shown]:
    """Cell → what is shown of it at the end of a day, one business after the other."""
    cells: defaultdict[str, list[Amount]] = defaultdict(list)
    for history in businesses:
        for amount, dims in counted(kpi, history, on):
            money = amount[0] if isinstance(amount, tuple) else amount
            if not isinstance(money, Money) or money.currency == "CNY":
                cells["&".join(f"{name}={dims[name]}" for name in names)].append(amount)
    return {cell: in_all(amounts) for cell, amounts in cells.items()}


def in_all(amounts: list[Any]) -> Shown:
    """What several businesses come to together; they all add the same kind of thing."""
    n, first = len(amounts), amounts[0]
    match first:
        case None:
            return n, n, ()
        case Money():
            return n, sum(money.amount for money in amounts), ()
        case int():
            ranked = sorted(amounts)
            p50, p90, p95 = (ranked[ceil(Fraction(percent, 100) * n) - 1] for percent in (50, 90, 95))
            return n, p50, (p50, p90, p95)
        case _:
            fen, employees = sum(money.amount for money, _ in amounts), sum(count for _, count in amounts)
            return n, rounded(Fraction(fen, 100) / employees), (fen, employees)


def rounded(number: Fraction) -> int:
    """Half up at the fourth decimal."""
    return floor(number * 10_000 + Fraction(1, 2))


async def stored(businesses: list[History], batches: list[list[Event]]) -> MemoryStore:
    """The batches, in turn by each of three workers."""
    store = MemoryStore.of(service)
    for number, batch in enumerate(batches):
        await hear(store, batch, worker=number % 3)
    return store


@settings(max_examples=60)
@given(zones())
def test_the_buckets_are_the_same_in_whatever_order_and_batches_the_events_come(
    zone: tuple[list[History], list[list[Event]]],
) -> None:
    businesses, batches = zone
    in_order = asyncio.run(stored(businesses, [[event for each in businesses for event in each.events]]))
    shuffled = asyncio.run(stored(businesses, batches))
    assert figures(shuffled) == figures(in_order)


@settings(max_examples=60)
@given(zones(), st.sampled_from([*DAYS, "2016-01-01", "2017-12-31", "2018-05-01", "2026-02-27"]))
def test_every_kpi_in_every_dimension_is_what_counting_the_businesses_one_by_one_gives(
    zone: tuple[list[History], list[list[Event]]], on: str
) -> None:
    businesses, batches = zone

    async def check() -> None:
        store = await stored(businesses, batches)
        for kpi in BUSINESS.kpis:
            for names in ((), *BUSINESS.breakdowns):
                assert await shown(store, kpi, names, day(on)) == expected(kpi, businesses, on, names), (kpi.id, names)

    asyncio.run(check())


@settings(max_examples=60)
@given(zones(), st.sampled_from(DAYS))
def test_the_share_of_the_cloud_is_that_of_the_businesses_one_by_one(
    zone: tuple[list[History], list[list[Event]]], on: str
) -> None:
    businesses, batches = zone
    kinds = [dims["kind"] for history in businesses for _, dims in counted(KPIS["businesses_active"], history, on)]

    async def share() -> int | None:
        store = await stored(businesses, batches)
        question = Question(KPIS["cloud_share"], {}, None, None, day(on))
        return (await value(Tx(store, now=NOON), Heard(store), question)).value

    exact = rounded(Fraction(kinds.count("cloud"), len(kinds))) if kinds else None
    assert asyncio.run(share()) == exact


async def shown(store: MemoryStore, kpi: Kpi, names: tuple[str, ...], on: date) -> dict[str, Shown]:
    """Cell → what the API would answer of the end of a day; empty cells left out."""
    tx, heard = Tx(store, now=NOON), Heard(store)
    if not names:
        answer = await value(tx, heard, Question(kpi, {}, None, None, on))
        return {"": numbers(answer)} if answer.n else {}
    *fixed, by = names
    found = {}
    for first in dimensions_of(kpi)[fixed[0]].values if fixed else ("",):
        dims = {fixed[0]: first} if fixed else {}
        for cell in (await breakdown(tx, heard, Question(kpi, dims, by, None, on), by)).cells:
            if cell.n:
                found["&".join(f"{name}={cell.dims[name]}" for name in names)] = numbers(cell)
    return found


def numbers(shown: Answer | CellValue) -> Shown:
    """What is shown of a cell."""
    if shown.quantiles is not None:
        return shown.n, shown.value, (shown.quantiles.p50, shown.quantiles.p90, shown.quantiles.p95)
    return shown.n, shown.value, () if shown.numerator is None else (shown.numerator, shown.denominator)


members = st.fixed_dictionaries(
    {},
    optional={
        "registered": st.just(True),
        "status": st.sampled_from(["active", "suspended"]),
        "employees": employees,
        "valuation": st.fixed_dictionaries({"amount": amounts, "currency": st.sampled_from(["CNY", "EUR"])}),
        "revenue": st.fixed_dictionaries({"amount": amounts, "currency": st.just("CNY")}),
    },
)
dimensions = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["industrial", "cloud"]),
        "sector": st.sampled_from("CFI"),
        "entry_year": st.sampled_from(["2012", "2015"]),
    }
)
said = st.builds(lambda one, other: one | (other or {}), members, st.none() | dimensions).filter(
    lambda each: "registered" not in each or "kind" in each
)


@st.composite
def facts(draw: st.DrawFn) -> list[Fact]:
    """Facts of any kind about one business: reclassified, corrected, suspended, in no order."""
    count = draw(st.integers(1, 8))
    return [
        Fact(on=draw(st.sampled_from(DAYS)), subject="biz_1", sequence=number, set=draw(said))
        for number in range(count)
    ]


@settings(max_examples=300)
@given(facts())
def test_what_each_fact_moves_adds_up_to_what_all_of_them_give(known: list[Fact]) -> None:
    entity, found = Entity(id="business|biz_1"), Counter[tuple[Cell, str]]()
    for fact in known:
        before = contributions(BUSINESS, entity.facts)
        entity.learn([fact])
        for cell, counters in moved_cells(BUSINESS, before, contributions(BUSINESS, entity.facts)).items():
            for name, added in counters.items():
                found[cell, name] += added
    at_once = {
        (cell, name): added
        for cell, counters in moved_cells(BUSINESS, {}, contributions(BUSINESS, known)).items()
        for name, added in counters.items()
    }
    assert {place: added for place, added in found.items() if added} == at_once


@settings(max_examples=300)
@given(facts(), st.sampled_from(DAYS))
def test_a_business_is_in_exactly_one_cell_of_each_breakdown_or_in_none(known: list[Fact], on: str) -> None:
    inside: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for cell, counters in moved_cells(BUSINESS, {}, contributions(BUSINESS, known)).items():
        if cell.on <= on:
            inside[cell.kpi, cell.by] += counters.get("n", 0)
    for kpi in BUSINESS.kpis:
        if kpi.timing == "stock":
            everywhere = {inside[kpi.id, names] for names in ((), *BUSINESS.breakdowns)}
            assert everywhere in ({0}, {1}), kpi.id
