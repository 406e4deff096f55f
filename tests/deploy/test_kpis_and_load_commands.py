"""`./zone kpis` and `./zone load korla`, as a person at the keyboard sees them."""

import dataclasses
import json
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from deploy.commands import kpis as kpis_command
from deploy.commands import load as load_command
from deploy.commands.kpis import kpis
from deploy.commands.load import load
from deploy.documents.kpi_table import shown, sparkline, table_of
from deploy.documents.target_table import Survey, targets_of
from deploy.korla.load import Loaded, Report
from deploy.korla.progress_bar import load_with_bar
from deploy.korla.registrar import Progress
from deploy.public_api import Access, UnexpectedAnswer
from services.metrics.catalogue.businesses import BUSINESS
from tests.deploy.korla.base.conftest import BASE

UNCHANGED = dataclasses.replace(BASE, changed=False)
ACCESS = Access("http://zone.example", "zk_live_1")


def figure(kpi: str, value: int | None, kind: str | None = None, unit: str | None = None, decimals: int = 0) -> Any:
    dims = {"kind": kind} if kind else {}
    return {"kpi": kpi, "dims": dims, "value": value, "unit": unit, "decimals": decimals, "n": 1}


BODY = {
    "data": [
        figure("businesses_active", 451),
        figure("businesses_active", 429, "cloud"),
        figure("businesses_active", 22, "industrial"),
        figure("valuation_total", 810_000_000_000, unit="CNY", decimals=2),
        figure("valuation_total", 810_000_000_000, "industrial", unit="CNY", decimals=2),
        figure("valuation_total", None, "cloud", unit="CNY", decimals=2),
        figure("cloud_share", 7_500, unit="ratio", decimals=4),
    ],
    "next_cursor": None,
}
TABLE = """\
KPI                                 total            industrial  cloud
business
  businesses_active                   451                    22    429
  valuation_total    8,100,000,000.00 CNY  8,100,000,000.00 CNY      –
derived
  cloud_share                      0.7500                     –      –"""
POINTS = [{"period": f"{year}", "value": value} for year, value in ((2024, None), (2025, 22), (2026, 451))]
TARGET = {
    "id": "tgt_1",
    "kpi": "valuation_total",
    "dims": {"kind": "industrial"},
    "unit": "CNY",
    "decimals": 2,
    "goal": 3_240_000_000_000,
    "due_on": "2023-04-30",
}
PROGRESS = {
    "target": TARGET,
    "value": 810_000_000_000,
    "attainment": 0,
    "status": "not_available",
    "reason": "no_statements",
    "no_statements_since": "2018-04-30",
}
PRINTED = """\
KPI                                 total            industrial  cloud  2024-2026
business
  businesses_active                   451                    22    429  ·▁█
  valuation_total    8,100,000,000.00 CNY  8,100,000,000.00 CNY      –  ·▁█
derived
  cloud_share                      0.7500                     –      –  ·▁█

TARGET                                            goal          by                 value  attained  status
valuation_total kind=industrial  32,400,000,000.00 CNY  2023-04-30  8,100,000,000.00 CNY    0.00 %  not available: no statements since 2018-04-30
"""  # noqa: E501 – as it is printed


def run(command: Callable[..., None], *arguments: str) -> Any:
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """A running zone with the figures of BODY and one target, and what it was asked."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        path = request.url.path.removeprefix("/v1/metrics/")
        if path.endswith("/series"):
            return httpx.Response(200, json={"points": POINTS})
        if path.startswith("targets"):
            body = PROGRESS if path == "targets/tgt_1/progress" else {"data": [TARGET], "next_cursor": None}
            return httpx.Response(200, json=body)
        return httpx.Response(200, text=json.dumps(BODY, indent=1))

    def connect(url: str, key: str) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.AsyncClient(base_url=url, headers=headers, transport=httpx.MockTransport(answer))

    monkeypatch.setattr(kpis_command, "access", lambda url, key: ACCESS)
    monkeypatch.setattr("deploy.documents.kpi_table.connect", connect)
    monkeypatch.setattr("deploy.documents.target_table.connect", connect)
    return requests


def test_the_table_has_a_column_for_all_and_for_each_kind() -> None:
    assert table_of(BODY) == TABLE


def test_a_zone_without_figures_has_a_table_with_a_head_only() -> None:
    assert table_of({"data": []}) == "KPI  total  industrial  cloud"


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        (350_000_000_000, "CNY", 2, "3,500,000,000.00 CNY"),
        (1, "CNY", 2, "0.01 CNY"),
        (-1_250, "CNY", 2, "-12.50 CNY"),
        (2**53 - 1, "JPY", 0, "9,007,199,254,740,991 JPY"),
        (9_007_199_254_740_991, "CNY", 2, "90,071,992,547,409.91 CNY"),
        (0, None, 0, "0"),
        (1_234, "businesses", 0, "1,234"),
        (None, "CNY", 2, "–"),
    ],
)
def test_a_value_is_shown_exactly(value: int | None, unit: str | None, decimals: int, text: str) -> None:
    assert shown(figure("any", value, unit=unit, decimals=decimals)) == text


def test_kpis_asks_as_the_operator_and_prints_figures_their_past_and_the_targets(asked: list[httpx.Request]) -> None:
    result = run(kpis)
    assert (result.exit_code, result.output) == (0, PRINTED)
    paths = {request.url.path.removeprefix("/v1/metrics/") for request in asked}
    figures = {
        "kpis",
        *(f"kpis/{kpi}/series" for kpi in ("businesses_active", "valuation_total", "cloud_share")),
    }
    assert paths == figures | {"targets", "targets/tgt_1/progress"}
    assert {request.headers["Authorization"] for request in asked} == {"Bearer zk_live_1"}


def test_the_headline_is_the_first_figures_of_each_thing_that_have_a_value() -> None:
    business = [each.id for each in BUSINESS.kpis]
    data = [figure(kpi, None if kpi == "revenue_total" else 1) for kpi in business]
    data += [figure(f"share_{n}", n) for n in range(4)]
    chosen = [each["kpi"] for each in Survey({"data": data}, {}, []).headline().figures["data"]]
    assert chosen == [
        *("businesses_active", "businesses_registered", "valuation_total", "revenue_reported", "revenue_per_employee"),
        *("share_0", "share_1"),
    ]


@pytest.mark.parametrize(
    ("values", "bars"),
    [([], ""), ([5], "▁"), ([0, 0], "▁▁"), ([1, 2, 3, 8], "▁▂▃█"), ([-7, 0, None], "▁█·"), ([None], "·")],
)
def test_bars_reach_from_the_lowest_to_the_highest_value(values: list[int | None], bars: str) -> None:
    assert sparkline([{"value": value} for value in values]) == bars


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "on_track", "reason": None}, "on track"),
        ({"reason": "too_early", "no_statements_since": None}, "not available: too early"),
        ({"no_statements_since": None}, "not available: no statements"),
    ],
)
def test_a_target_says_how_it_stands_or_why_nobody_knows(changes: Any, status: str) -> None:
    assert targets_of([PROGRESS | changes]).endswith(f"  {status}")


@pytest.mark.usefixtures("asked")
def test_kpis_json_prints_the_answer_as_it_came() -> None:
    assert run(kpis, "--json").output == json.dumps(BODY, indent=1) + "\n"


def loader(outcome: Loaded | Exception) -> Callable[..., Coroutine[Any, Any, Loaded]]:
    async def load_opening_figures(base_url: str, operator_key: str, progress: Progress) -> Loaded:
        assert Access(base_url, operator_key) == ACCESS
        progress(1, 2, "示例一")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return load_opening_figures


def test_load_says_what_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_command, "access", lambda url, key: ACCESS)
    loaded = Loaded(Report(registered=0, found=451), UNCHANGED)
    monkeypatch.setattr("deploy.korla.progress_bar.load_opening_figures", loader(loaded))
    result = run(load, "korla")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "korla: all 451 businesses are registered already; nothing was changed",
        "Demonstration Base: 8 start-ups, 24 desks, 3 rooms, 6 memberships, 15 bookings,",
        "16 bills of water and electricity, 10 invoices (4 paid, 1 overdue),",
        "2 in a programme that 2 have left and 2 wait for, 6 appointments with consultants,",
        "2 postings (3 hired), 1 closed round of 1,000,000.00 CNY, 1 open round with 350,000.00 CNY pledged",
    ]


def test_a_load_that_changed_something_of_the_base_says_so() -> None:
    base = dataclasses.replace(UNCHANGED, changed=True)
    register = "all 451 businesses are registered already"
    assert str(Loaded(Report(registered=0, found=451), base)) == f"{register}; the Demonstration Base is open"


def test_a_load_says_how_many_targets_it_set() -> None:
    loaded = Loaded(Report(registered=451, found=0), UNCHANGED, targets=3)
    assert str(loaded) == "451 businesses registered; 3 targets set"


def test_load_knows_no_other_figures() -> None:
    result = run(load, "atlantis")
    assert result.exit_code == 2
    assert "atlantis" in result.output


async def test_a_failing_load_ends_the_bar_and_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.korla.progress_bar.load_opening_figures", loader(UnexpectedAnswer("No.")))
    console = Console(record=True, force_terminal=True, width=100)
    with pytest.raises(UnexpectedAnswer, match=r"No\."):
        await load_with_bar(ACCESS, console)
    assert "1/2" in console.export_text()
