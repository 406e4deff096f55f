"""What a partner is told of money: small cells are withheld in every read, and follow from no others."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.contracts.incubator.startups.rounds import RoundClosed
from services.metrics.catalogue.businesses import VALUATION
from services.metrics.figures.dimensions import key_of
from services.metrics.main import service
from services.metrics.reading.disclosure.queries import equations
from services.metrics.targets.examples import TARGET
from tests.metrics.happenings import TODAY, hear, id_of, noon, registered, reported, sample, told_by
from tests.metrics.reading.attack import worked_out
from tests.refusals import reason

V1 = "/v1/metrics/kpis"
SECTORS = {"A": "0111", "C": "3111", "F": "5292", "I": "6513"}
BUSINESSES = (
    *(("industrial", "C", 2020),) * 6,
    *(("industrial", "A", 2020),) * 3,
    ("industrial", "F", 2021),
    *(("cloud", "I", 2022),) * 4,
    *(("cloud", "F", 2022),) * 2,
    ("cloud", "C", 2022),
)
"""Kind, sector and year of entry; each is worth a power of two, so that any sum tells of whom it is."""
TOLD = {"", "kind=industrial", "kind=cloud", "sector=C", "size=micro", "entry_year=2020"}
DAYS = ("2024-12-30", "2024-12-31", "2025-06-30", "2025-12-30", "2025-12-31", "2026-01-01", "2026-11-23", "2026-11-24")


@pytest.fixture
async def heard(store: MemoryStore) -> None:
    await hear(
        store,
        [
            registered(
                number,
                on=f"{entered}-03-02",
                kind=kind,
                sector=SECTORS[sector],
                entered=f"{entered}-03-02",
                opening={
                    "valuation": {"amount": 2**number, "currency": "CNY"},
                    "as_of": f"{entered}-03-02",
                    "employees": 5,
                },
            )
            for number, (kind, sector, entered) in enumerate(BUSINESSES)
        ],
    )


@pytest.fixture
async def partner(store: MemoryStore) -> AsyncIterator[httpx.AsyncClient]:
    app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
    async with client_of(app, caller("partner", scopes="metrics:read"), audience="metrics") as client:
        yield client


pytestmark = pytest.mark.usefixtures("heard")


async def get(api: Any, path: str, **params: str) -> Any:
    answer = await api.get(f"{V1}{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_who_decides_and_who_audits_sees_a_cell_of_one(api: Any) -> None:
    answer = await get(api, "/valuation_total/value", kind="industrial", sector="F")
    assert (answer["n"], answer["value"], "suppressed" in answer) == (1, 2**9, False)


async def test_a_partner_sees_how_many_have_a_small_cell_and_that_it_is_withheld(partner: Any) -> None:
    answer = await get(partner, "/valuation_total/value", kind="industrial", sector="F")
    assert (answer["n"], answer["value"], answer["suppressed"]) == (1, None, True)


async def test_a_partner_sees_large_ones(partner: Any) -> None:
    answer = await get(partner, "/valuation_total/value")
    assert (answer["n"], answer["value"]) == (len(BUSINESSES), 2 ** len(BUSINESSES) - 1)
    assert "suppressed" not in answer


async def test_counts_are_no_money(partner: Any) -> None:
    answer = await get(partner, "/businesses_active/value", kind="industrial", sector="F")
    assert (answer["value"], answer["as_of"]) == (1, "2026-11-24")


async def test_money_is_told_a_partner_as_it_stood_at_the_end_of_a_year(partner: Any) -> None:
    told = [(await get(partner, "/valuation_total/value", as_of=day))["as_of"] for day in DAYS]
    assert told == ["2023-12-31", *["2024-12-31"] * 3, *["2025-12-31"] * 4]


async def everything(partner: Any) -> dict[tuple[str, str], dict[str, set[int | None]]]:
    """Day and read → cell → what a partner is told of the worth of the zone."""
    found: dict[tuple[str, str], dict[str, set[int | None]]] = {}

    def told(read: str, answer: Any, shown: Any, dims: Any) -> None:
        cells = found.setdefault((answer["as_of"], read), {})
        cells.setdefault(key_of(dims), set()).add(shown["value"] if shown["n"] else 0)

    cells = [{}, *({"kind": kind} for kind in ("industrial", "cloud")), *({"sector": each} for each in SECTORS)]
    pairs = [{"kind": kind, "sector": sector} for kind in ("industrial", "cloud") for sector in SECTORS]
    for day in DAYS:
        for dims in (*cells, *pairs, *({"entry_year": year} for year in ("2020", "2021", "2022"))):
            answer = await get(partner, "/valuation_total/value", as_of=day, **dims)
            told("value", answer, answer, dims)
        for dims, by in (
            ({}, "kind"),
            ({}, "sector"),
            ({}, "size"),
            ({}, "entry_year"),
            ({"kind": "industrial"}, "sector"),
            ({"kind": "cloud"}, "sector"),
            *(({"sector": sector}, "kind") for sector in SECTORS),
        ):
            answer = await get(partner, "/valuation_total/breakdown", as_of=day, by=by, **dims)
            told("breakdown", answer, answer, dims)
            for cell in answer["cells"]:
                told("breakdown", answer, cell, cell["dims"])
        for by in ("kind", "sector", "entry_year"):
            for each in (await get(partner, "", as_of=day, by=by))["data"]:
                if each["kpi"] == "valuation_total":
                    told("headline", each, each, each["dims"])
    for dims in (*cells, *pairs):
        for granularity in ("year", "quarter", "month"):
            answer = await get(
                partner, "/valuation_total/series", **{"from": "2023", "granularity": granularity}, **dims
            )
            for point in answer["points"]:
                if point["period"] in ("2024", "2025", "2024-Q4", "2025-Q4", "2024-12", "2025-12"):
                    told("series", {"as_of": f"{point['period'][:4]}-12-31"}, point, dims)
                elif point["n"]:
                    assert point["value"] is None or point["period"][:4] == "2023"
    return found


async def test_an_attacker_who_asks_for_everything_works_out_no_small_cell(partner: Any) -> None:
    found = await everything(partner)
    counts = {cell: 0 for cells in found.values() for cell in cells}
    for kind, sector, entered in BUSINESSES:
        for dims in ({}, {"kind": kind}, {"sector": sector}, {"kind": kind, "sector": sector}):
            counts[key_of(dims)] += 1
        counts[f"entry_year={entered}"] += 1
        counts["size=micro"] += 1
    for day in {day for day, _ in found}:
        known: dict[str, set[int | None]] = {}
        for (other, _), cells in found.items():
            if other == day:
                for cell, values in cells.items():
                    known.setdefault(cell, set()).update(values)
        assert all(len(values) == 1 for values in known.values()), "every read withholds the same, and tells the same"
        shown = {cell for cell, (value,) in known.items() if value}
        assert not {cell for cell in shown if counts[cell] < 3}
        assert worked_out(counts, shown, equations(VALUATION, counts)) == set()
        assert shown >= TOLD or day < "2024"


async def test_between_two_days_of_a_year_nothing_differs(partner: Any, store: MemoryStore) -> None:
    await hear(store, [registered(99, on="2026-05-04", opening={"valuation": {"amount": 7_777, "currency": "CNY"}})])
    before, after = [await get(partner, "/valuation_total/value", as_of=day) for day in ("2026-05-03", "2026-05-04")]
    assert before == after


async def test_what_is_told_by_days_and_months_is_withheld(partner: Any, store: MemoryStore) -> None:
    for period in ("2026", "2026-05", "2026-Q2", "2026-05-04", "2025-06"):
        answer = await get(partner, "/valuation_total/value", period=period)
        assert (answer["value"], answer.get("suppressed")) == (None, True)


async def test_of_what_happens_whole_years_alone_are_told_never_their_sum(partner: Any, store: MemoryStore) -> None:
    closed = [year for year, rounds in (("2023", 4), ("2024", 5), ("2025", 2)) for _ in range(rounds)]
    await hear(
        store,
        [
            told_by(
                id_of("rnd", place),
                sample(RoundClosed, round_id=id_of("rnd", place), raised={"amount": 2**place, "currency": "CNY"}),
                effective_at=noon(f"{year}-05-04"),
            )
            for place, year in enumerate(closed)
        ],
    )
    years = {year: await get(partner, "/investment_closed/value", period=year) for year in ("2023", "2024", "2025")}
    assert {year: each["n"] for year, each in years.items()} == {"2023": 4, "2024": 5, "2025": 2}
    assert {year: each["value"] is None for year, each in years.items()} == {"2023": False, "2024": False, "2025": True}
    whole = await get(partner, "/investment_closed/value")
    series = await get(partner, "/investment_closed/series", **{"from": "2023"})
    assert [(each["value"], each["suppressed"]) for each in (whole, series)] == [(None, True)] * 2
    points = {each["period"]: each["value"] for each in series["points"] if each["n"]}
    assert points == {year: each["value"] for year, each in years.items()}


async def test_two_figures_of_one_money_do_not_tell_together_what_one_business_has(
    partner: Any, store: MemoryStore
) -> None:
    said = [(number, year) for number in range(4) for year in ("2023", "2024") if (number, year) != (3, "2024")]
    reports = [
        reported(number, year=year, sequence=int(year), revenue=2**place) for place, (number, year) in enumerate(said)
    ]
    await hear(store, reports)
    stands = await get(partner, "/revenue_total/value", as_of="2024-12-31", kind="industrial")
    assert (stands["n"], stands["value"] is None) == (4, False)
    of_a_year = await get(partner, "/revenue_reported/value", period="2024", kind="industrial")
    assert (of_a_year["n"], of_a_year["value"], of_a_year["suppressed"]) == (3, None, True)
    each = await get(partner, "/revenue_per_employee/value", as_of="2024-12-31", kind="industrial")
    assert each["value"] is not None
    assert not {"numerator", "denominator"} & each.keys()


async def test_a_year_is_told_once_it_is_reported_as_late_reports_are_what_two_reads_differ_by(
    store: MemoryStore,
) -> None:
    opening = {"valuation": {"amount": 7, "currency": "CNY"}, "as_of": "2021-03-02", "employees": 5}
    said: Any = {"on": "2021-03-02", "entered": "2021-03-02", "sector": SECTORS["F"], "opening": opening}
    await hear(store, [registered(number, **said) for number in (50, 51)])
    told = []
    for day in ("2026-06-30", "2026-07-01"):
        app = service.routes_on(store, settings(), clock=FixedClock(noon(day)))
        async with client_of(app, caller("partner", scopes="metrics:read"), audience="metrics") as client:
            stands = await get(client, "/valuation_total/value")
            of_a_year = await get(client, "/valuation_total/value", period="2025")
            goes_on = await get(client, "/valuation_total/forecast", last="4")
            told.append((stands["as_of"], of_a_year["value"] is None, goes_on["forecast"][0]["period"]))
    assert told == [("2024-12-31", True, "2025"), ("2025-12-31", False, "2026")]


async def test_growth_is_of_what_is_told(partner: Any) -> None:
    small = await get(partner, "/valuation_total/growth", period="2025", kind="industrial", sector="F")
    assert (small["value"], small["suppressed"], small["yoy"]["value"], small["yoy"]["suppressed"]) == (None, True) * 2
    assert small["yoy"]["growth"] is None
    large = await get(partner, "/valuation_total/growth", period="2025")
    assert large["yoy"]["growth"] == 0


async def test_a_forecast_is_made_of_what_is_told(partner: Any) -> None:
    answer = await partner.get(f"{V1}/valuation_total/forecast?kind=industrial&sector=F")
    assert (answer.status_code, reason(answer)) == (422, "too_few_points")


async def test_the_progress_of_a_target_tells_no_more(partner: Any, store: MemoryStore) -> None:
    tx = Tx(store, now=TODAY)
    tx.save(TARGET.model_copy(update={"version": 0, "dims": {"kind": "industrial", "sector": "F"}}))
    await tx.commit()
    answer = (await partner.get(f"/v1/metrics/targets/{TARGET.id}/progress")).json()
    assert (answer["value"], answer["suppressed"], answer["n"]) == (None, True, 1)
    assert [answer[name] for name in ("attainment", "pace", "observed_growth", "growth_vs_baseline")] == [None] * 4


async def test_a_target_is_judged_on_the_day_that_is_told(api: Any, partner: Any, store: MemoryStore) -> None:
    tx = Tx(store, now=TODAY)
    tx.save(TARGET.model_copy(update={"version": 0, "dims": {"kind": "cloud"}, "due_on": date(2026, 12, 31)}))
    await tx.commit()
    path = f"/v1/metrics/targets/{TARGET.id}/progress"
    there, then = [
        (await partner.get(path)).json(),
        (await api.get(path, params={"as_of": "2025-12-31"})).json(),
    ]
    assert there["as_of"] == "2025-12-31"
    assert there == then


async def test_money_of_other_currencies_is_not_told_to_a_partner(api: Any, partner: Any, store: MemoryStore) -> None:
    await hear(store, [registered(98, on="2024-05-04", opening={"valuation": {"amount": 7, "currency": "USD"}})])
    excluded = [(await get(each, "/valuation_total/value"))["excluded"] for each in (api, partner)]
    assert [len(each) for each in excluded] == [1, 0]
