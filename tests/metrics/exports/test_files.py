"""Exports as files: every format has the same rows, whole numbers stay whole, and no cell is a formula."""

import csv
import importlib.util
import io
import itertools
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.metrics.exports import effects
from services.metrics.exports.rows import COLUMNS, ExportRow
from services.metrics.main import service
from services.metrics.reading import queries
from tests.metrics.happenings import MILLION, TODAY, hear, registered, reported
from tests.refusals import reason

PATH = "/v1/metrics/exports"
YEARS = {"format": "csv", "first": "2024"}
HAS_PARQUET = importlib.util.find_spec("pyarrow") is not None


@pytest.fixture
async def heard(store: MemoryStore) -> None:
    opening = {"valuation": {"amount": 8_100 * MILLION, "currency": "CNY"}}
    await hear(
        store,
        [
            registered(1, on="2024-03-15", opening=opening),
            reported(1, year="2025", sequence=2, revenue=70, valuation=200),
            registered(2, on="2026-01-01", kind="cloud", sector="6513"),
        ],
    )


async def client(store: MemoryStore, kind: Any, scopes: str = "metrics:read") -> AsyncIterator[httpx.AsyncClient]:
    app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
    async with client_of(app, caller(kind, scopes=scopes), audience="metrics") as found:
        yield found


@pytest.fixture
async def officer(store: MemoryStore) -> AsyncIterator[httpx.AsyncClient]:
    async for each in client(store, "officer"):
        yield each


@pytest.fixture
async def outsider(store: MemoryStore) -> AsyncIterator[httpx.AsyncClient]:
    async for each in client(store, "partner"):
        yield each


async def made(api: httpx.AsyncClient, **body: Any) -> Any:
    answer = await api.post(PATH, json=YEARS | body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def file_of(api: httpx.AsyncClient, export: Any) -> httpx.Response:
    answer = await api.get(f"{PATH}/{export['id']}/file")
    assert answer.status_code == 200, answer.text
    return answer


async def rows_of(api: httpx.AsyncClient, export: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((await file_of(api, export)).text)))


@pytest.mark.usefixtures("heard")
async def test_an_export_is_a_file_that_is_read_as_it_was_made(officer: Any) -> None:
    export = await made(officer, kpis=["valuation_total"])
    file = await file_of(officer, export)
    assert file.headers["content-type"].startswith("text/csv")
    assert f"{export['id']}.csv" in file.headers["content-disposition"]
    assert (len(file.content), export["rows"]) == (export["length"], 3)
    await hearing_nothing_changes(officer, export, file.content)


async def hearing_nothing_changes(api: httpx.AsyncClient, export: Any, content: bytes) -> None:
    assert (await api.get(f"{PATH}/{export['id']}")).json() == export
    assert (await api.get(PATH)).json()["data"] == [export]
    assert (await file_of(api, export)).content == content


@pytest.mark.usefixtures("heard")
async def test_money_is_in_whole_minor_units_with_its_currency(officer: Any) -> None:
    rows = await rows_of(officer, await made(officer, kpis=["valuation_total", "businesses_registered"]))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["period"], row["value"], row["currency"]) for row in rows[:3]] == [
        ("2024", "810000000000", "CNY"),
        ("2025", "200", "CNY"),
        ("2026", "200", "CNY"),
    ]
    assert rows[3] == {
        "kpi": "businesses_registered",
        "dims": "",
        "period": "2024",
        "first_day": "2024-01-01",
        "last_day": "2024-12-31",
        "complete": "true",
        "value": "1",
        "decimals": "0",
        "unit": "businesses",
        "currency": "",
        "n": "1",
        "numerator": "",
        "denominator": "",
        "definition_version": "1",
    }


@pytest.mark.usefixtures("heard")
async def test_a_file_says_no_more_was_heard_than_its_first_figure_has(officer: Any, monkeypatch: Any) -> None:
    heard = itertools.count(41)

    async def through_of(*_: Any) -> Any:
        return {"zone.registry.businesses": {"0": next(heard)}}

    monkeypatch.setattr(queries, "through_of", through_of)
    export = await made(officer, kpis=["valuation_total", "businesses_active"])
    assert export["computed_through"] == {"zone.registry.businesses": {"0": 41}}
    assert next(heard) > 42, "each figure is read by itself"


@pytest.mark.usefixtures("heard")
async def test_by_a_dimension_every_cell_is_a_row(officer: Any) -> None:
    rows = await rows_of(officer, await made(officer, kpis=["businesses_active"], by="kind", first="2026"))
    assert {row["dims"]: row["value"] for row in rows} == {"kind=industrial": "1", "kind=cloud": "1"}


@pytest.mark.usefixtures("heard")
async def test_without_names_all_figures_that_have_it_are_there(officer: Any) -> None:
    export = await made(officer, first="2026", by="topic")
    assert export["kpis"] == ["consultations_held", "consultation_score"]


def test_text_that_a_spreadsheet_would_evaluate_is_text_and_numbers_are_left_alone() -> None:
    row = ExportRow("=1+1", "@x", "\t2", None, None, True, -7, 0, "+u", "-c", 1, None, None, 1)  # type: ignore[arg-type]  # days are not what it is about
    assert effects.csv_of([row]).splitlines()[1].decode().startswith("'=1+1,'@x,'\t2,,,true,-7,0,'+u,'-c,1,")


@pytest.mark.usefixtures("heard")
@pytest.mark.skipif(not HAS_PARQUET, reason="pyarrow is not here (the extra `parquet`)")
async def test_parquet_has_the_same_rows_with_whole_numbers_and_days(officer: Any) -> None:
    import pyarrow.parquet

    asked: dict[str, Any] = {"kpis": ["valuation_total", "suspension_days"]}
    table = pyarrow.parquet.read_table(
        io.BytesIO((await file_of(officer, await made(officer, format="parquet", **asked))).content)
    )
    types = {field.name: str(field.type) for field in table.schema}
    assert (types["value"], types["first_day"], types["complete"]) == ("int64", "date32[day]", "bool")
    as_text = [
        {
            name: ""
            if value is None
            else str(value).lower()
            if value in (True, False) and isinstance(value, bool)
            else str(value)
            for name, value in row.items()
        }
        for row in table.to_pylist()
    ]
    assert as_text == await rows_of(officer, await made(officer, **asked))


async def test_without_its_library_parquet_is_refused(officer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "find_spec", lambda name: None)
    answer = await officer.post(PATH, json=YEARS | {"format": "parquet"})
    assert (answer.status_code, reason(answer)) == (422, "parquet_unavailable")


@pytest.mark.usefixtures("heard")
async def test_files_of_cells_are_for_no_partner(officer: Any, outsider: Any, api: Any) -> None:
    export = await made(officer, by="kind", first="2026")
    assert (await api.get(f"{PATH}/{export['id']}/file")).status_code == 200
    for answer in (
        await outsider.post(PATH, json=YEARS),
        await outsider.get(PATH),
        await outsider.get(f"{PATH}/{export['id']}"),
        await outsider.get(f"{PATH}/{export['id']}/file"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_kind_of_caller")


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ({"kpis": ["nothing"]}, "kpi_unknown", "/kpis/0"),
        ({"kpis": ["water_m3"], "by": "kind"}, "dimension_not_declared", "/by"),
        ({"by": "colour"}, "dimension_not_declared", "/by"),
        ({"kpis": ["revenue_reported"], "granularity": "month"}, "granularity_not_allowed", "/granularity"),
        ({"first": "2024-13"}, "period_invalid", "/first"),
        ({"first": "2025", "last": "2024"}, "period_order", "/last"),
        ({"first": "2027"}, "period_order", "/first"),
        ({"first": "2000", "granularity": "day"}, "export_too_large", "/kpis"),
        ({"first": "2000", "granularity": "month", "by": "kind"}, "export_too_large", "/kpis"),
        ({"format": "xlsx"}, "validation_failed", "/format"),
    ],
)
async def test_what_cannot_be_exported_is_refused_with_its_place(
    officer: Any, body: dict[str, Any], code: str, place: str
) -> None:
    answer = await officer.post(PATH, json=YEARS | body)
    assert answer.status_code == 422, answer.text
    assert place in [each["pointer"] for each in answer.json()["errors"]]
    assert code in (reason(answer), "validation_failed")


async def test_there_is_no_other_export(officer: Any) -> None:
    id = "exp_" + 32 * "0"
    assert {(await officer.get(f"{PATH}/{id}{tail}")).status_code for tail in ("", "/file")} == {404}
