"""Statements of a book as of any day, by either basis, in three forms: made of turnovers alone."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock
from services.incubator.finance.chart import account_id
from services.incubator.tenants.tenant import book_id
from tests.incubator.registry_says import business

BOOK = f"/v1/incubator/books/{book_id(business())}"
BANK = f"{BOOK}/accounts/{account_id(book_id(business()), '1002')}/statement"
SHEET, INCOME = f"{BOOK}/statements/balance-sheet", f"{BOOK}/statements/income"


async def entered(api: httpx.AsyncClient, on: str, debit: str, credit: str, amount: int) -> None:
    """One account is debited and another credited, for a day."""
    lines = [{"code": debit, "debit": amount}, {"code": credit, "credit": amount}]
    entry = {"reference": f"{on} {debit} {credit} {amount}", "effective_on": on, "description": "x", "currency": "CNY"}
    answer = await api.post(f"{BOOK}/entries", json=entry | {"lines": lines})
    assert answer.status_code == 201, answer.text


@pytest.fixture
async def three_years(api: httpx.AsyncClient) -> None:
    await entered(api, "2024-01-01", "1002", "4001", 1_000_00)
    for year, earned, spent in ((2024, 500_00, 200_00), (2025, 300_00, 400_00), (2026, 80_00, 10_00)):
        await entered(api, f"{year}-02-10", "1002", "6001", earned)
        await entered(api, f"{year}-02-28", "6602", "1002", spent)


def amounts(lines: list[dict[str, Any]]) -> dict[str, int]:
    return {each["code"]: each["amount"] for each in lines}


@pytest.mark.usefixtures("three_years")
@pytest.mark.parametrize(
    ("as_of", "retained", "of_year", "assets"),
    [
        ("2023-12-31", 0, 0, 0),
        ("2024-02-10", 0, 500_00, 1_500_00),
        ("2024-12-31", 0, 300_00, 1_300_00),
        ("2025-01-01", 300_00, 0, 1_300_00),
        ("2025-02-28", 300_00, -100_00, 1_200_00),
        ("2026-03-02", 200_00, 70_00, 1_270_00),
    ],
)
async def test_f12_the_balance_sheet_of_any_day_shows_former_years_and_this_one_as_two_lines_and_balances(
    api: httpx.AsyncClient, as_of: str, retained: int, of_year: int, assets: int
) -> None:
    sheet = (await api.get(SHEET, params={"as_of": as_of})).json()
    assert (sheet["retained_earnings"], sheet["result_of_year"], sheet["total_assets"]) == (retained, of_year, assets)
    assert sheet["total_assets"] == sheet["total_liabilities"] + sheet["total_equity"]


@pytest.mark.usefixtures("three_years")
async def test_f12_the_statements_of_a_closed_year_stay_as_they_were(api: httpx.AsyncClient) -> None:
    before = (await api.get(SHEET, params={"as_of": "2024-12-31"})).json()
    assert (await api.post(f"{BOOK}/close-period", json={"period": "2025-12"})).status_code == 200
    assert (await api.get(SHEET, params={"as_of": "2024-12-31"})).json() == before


@pytest.mark.usefixtures("three_years")
@pytest.mark.parametrize("as_of", ["2024-02-10", "2024-02-27", "2025-12-31", "2026-03-02"])
@pytest.mark.parametrize("basis", ["effective", "recorded"])
async def test_the_debits_of_a_trial_balance_are_as_much_as_its_credits(
    api: httpx.AsyncClient, as_of: str, basis: str
) -> None:
    balance = (await api.get(f"{BOOK}/trial-balance", params={"as_of": as_of, "basis": basis})).json()
    assert balance["debit"] == balance["credit"] == sum(line["debit"] for line in balance["lines"])
    assert bool(balance["lines"]) is (basis == "effective" or as_of == "2026-03-02")


async def test_by_the_recorded_day_a_late_entry_counts_when_it_was_posted(
    api: httpx.AsyncClient, clock: FixedClock
) -> None:
    await entered(api, "2026-02-10", "1002", "6001", 5)
    clock.at = NOON + timedelta(days=1)
    await entered(api, "2026-02-11", "1002", "6001", 7)
    found = {}
    for basis, as_of in (("effective", "2026-02-10"), ("effective", "2026-02-11"), ("recorded", "2026-02-11"),
                         ("recorded", "2026-03-02"), ("recorded", "2026-03-03")):  # fmt: skip
        answer = await api.get(f"{BOOK}/trial-balance", params={"as_of": as_of, "basis": basis})
        found[basis, as_of] = answer.json()["debit"]
    assert list(found.values()) == [5, 12, 0, 5, 12]


@pytest.mark.usefixtures("three_years")
async def test_an_income_statement_is_of_the_days_that_are_asked_for(api: httpx.AsyncClient) -> None:
    some = (await api.get(INCOME, params={"from": "2024-02-11", "to": "2025-02-10"})).json()
    assert (amounts(some["income"]), amounts(some["expenses"]), some["result"]) == (
        {"6001": 300_00},
        {"6602": 200_00},
        100_00,
    )
    assert (await api.get(INCOME)).json()["result"] == 70_00


@pytest.mark.usefixtures("three_years")
async def test_an_account_statement_opens_with_what_was_held_and_closes_with_what_is(api: httpx.AsyncClient) -> None:
    some = (await api.get(BANK, params={"from": "2025-02-11", "to": "2026-02-10"})).json()
    assert (some["opening"], some["closing"]) == (1_600_00, 1_280_00)
    assert [(day["on"], day["debit"], day["credit"], day["balance"]) for day in some["days"]] == [
        ("2025-02-28", 0, 400_00, 1_200_00),
        ("2026-02-10", 80_00, 0, 1_280_00),
    ]


@pytest.mark.usefixtures("three_years")
@pytest.mark.parametrize("path", [f"{BOOK}/trial-balance", SHEET, INCOME, BANK])
async def test_every_statement_is_a_table_for_spreadsheets_and_a_page_to_print(
    api: httpx.AsyncClient, path: str
) -> None:
    table, page = await api.get(f"{path}.csv"), await api.get(f"{path}.html")
    assert (table.headers["content-type"], page.headers["content-type"]) == (
        "text/csv; charset=utf-8",
        "text/html; charset=utf-8",
    )
    assert table.headers["content-disposition"].startswith("attachment;")
    assert "0.00" in table.text
    assert "default-src 'none'; style-src 'sha256-" in page.headers["content-security-policy"]
    assert "0.00</td>" in page.text


async def test_r6_the_name_of_an_account_is_no_formula_in_a_spreadsheet(api: httpx.AsyncClient) -> None:
    await api.post(f"{BOOK}/accounts", json={"code": "100201", "name": "=HYPERLINK(1)", "type": "asset"})
    await entered(api, "2026-02-10", "1002", "100201", 5)
    assert (await api.get(f"{SHEET}.csv")).text.splitlines()[1:3] == [
        "Assets,1002,bank,0.05",
        "Assets,100201,'=HYPERLINK(1),-0.05",
    ]


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        (SHEET, {"as_of": "2026-02-29"}, "date_invalid"),
        (SHEET, {"as_of": "0001-01-01"}, "date_range"),
        (SHEET, {"as_of": "9999-12-31"}, "date_range"),
        (SHEET, {"basis": "other"}, "not_one_of"),
        (INCOME, {"from": "2026-03-02", "to": "2026-03-01"}, "period_order"),
        (BANK, {"from": "1990-01-01", "to": "2026-03-01"}, "date_range"),
    ],
)
async def test_days_that_no_statement_is_of_are_refused_by_their_parameter(
    api: httpx.AsyncClient, path: str, query: dict[str, str], code: str
) -> None:
    for form in ("", ".csv", ".html"):
        answer = await api.get(f"{path}{form}", params=query)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
        assert answer.json()["errors"][0]["parameter"] in query


@pytest.mark.usefixtures("three_years")
async def test_an_unchanged_statement_is_not_sent_again(api: httpx.AsyncClient) -> None:
    first = await api.get(SHEET)
    known = {"If-None-Match": first.headers["etag"]}
    assert (await api.get(SHEET, headers=known)).status_code == 304
    await entered(api, "2026-03-01", "1002", "6001", 1)
    assert (await api.get(SHEET, headers=known)).status_code == 200


async def test_the_book_of_another_has_no_statements(api: httpx.AsyncClient) -> None:
    other = f"/v1/incubator/books/{book_id(business(2))}"
    for path in ("trial-balance", "statements/income.csv", "statements/balance-sheet.html"):
        assert (await api.get(f"{other}/{path}")).status_code == 404


@pytest.mark.usefixtures("three_years")
async def test_a_statement_looks_at_no_entry(api: httpx.AsyncClient, store: MemoryStore) -> None:
    before = [(await api.get(path)).json() for path in (SHEET, INCOME, BANK)]
    store.collections["entries"].clear()
    assert [(await api.get(path)).json() for path in (SHEET, INCOME, BANK)] == before
