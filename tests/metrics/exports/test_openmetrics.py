"""The zone's figures as a scraper gets them (M5): the strict parser and promtool find nothing wrong with them."""

import asyncio
import shutil
import subprocess
from typing import Any

import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from services.metrics.catalogue.all import KPIS, SUBJECTS
from services.metrics.exports.gauge import gauge_of
from tests.metrics.happenings import MILLION, hear, registered, resumed, suspended
from tests.refusals import reason

PATH = "/v1/metrics/kpis/openmetrics"


@pytest.fixture
async def heard(store: Any) -> None:
    """Two industrial businesses, one of which was suspended for a while, and one in the cloud."""
    opening = {"valuation": {"amount": 8_100 * MILLION, "currency": "CNY"}, "employees": 30}
    await hear(
        store,
        [
            registered(1, on="2024-03-15", opening=opening),
            suspended(1, on="2025-06-10", sequence=2),
            resumed(1, on="2025-06-24", sequence=3),
            registered(2, on="2025-11-20", sector="0111"),
            registered(3, on="2026-01-01", kind="cloud", sector="6513"),
        ],
    )


async def scraped(api: Any, **params: str) -> str:
    answer = await api.get(PATH, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    text: str = answer.text
    return text


def parsed(text: str) -> list[Metric]:
    return list(text_string_to_metric_families(text))  # type: ignore[no-untyped-call]  # it has no types


async def families(api: Any, **params: str) -> dict[str, Metric]:
    return {each.name: each for each in parsed(await scraped(api, **params))}


async def samples(api: Any, name: str, **params: str) -> dict[str, float]:
    found = (await families(api, **params))[name].samples
    return {",".join(f"{key}={value}" for key, value in each.labels.items()): each.value for each in found}


@pytest.mark.usefixtures("heard")
async def test_every_kpi_is_a_gauge_with_one_type_and_one_help(api: Any) -> None:
    text = await scraped(api)
    assert text.endswith("\n# EOF\n")
    for keyword in ("HELP", "TYPE"):
        named = [line.split()[2] for line in text.splitlines() if line.startswith(f"# {keyword} ")]
        assert named == [gauge_of(kpi).name for kpi in KPIS.values()]
    assert {each.type for each in (await families(api)).values()} == {"gauge"}


def test_no_gauge_has_a_name_that_is_kept_for_counters_and_no_two_have_one() -> None:
    names = [gauge_of(kpi).name for kpi in KPIS.values()]
    assert len(set(names)) == len(names)
    reserved = ("_total", "_count", "_sum", "_bucket", "_created", "_info", "_gauge")
    assert not [name for name in names if name.endswith(reserved)]


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("zone_valuation_cny_fen", 810_000_000_000.0),
        ("zone_businesses", 3.0),
        ("zone_suspension_seconds", 14 * 86_400.0),
        ("zone_cloud_share", 0.3333),
    ],
)
async def test_a_sample_is_in_the_unit_of_its_name(api: Any, name: str, value: float) -> None:
    assert await samples(api, name) == {"": value}


@pytest.mark.usefixtures("heard")
async def test_by_a_dimension_the_cells_stand_alone_and_add_up(api: Any) -> None:
    assert await samples(api, "zone_businesses", by="kind") == {"kind=industrial": 2.0, "kind=cloud": 1.0}
    assert "zone_cloud_share" not in await families(api, by="kind")


@pytest.mark.usefixtures("heard")
async def test_what_has_no_value_is_no_sample(api: Any) -> None:
    assert await samples(api, "zone_valuation_cny_fen", by="kind") == {"kind=industrial": 810_000_000_000.0}
    assert await samples(api, "zone_graduation_rate") == {}


@pytest.mark.usefixtures("heard")
async def test_no_label_names_a_business(api: Any) -> None:
    names = {each.name for subject in SUBJECTS for each in subject.dimensions}
    for name in sorted(names):
        text = await scraped(api, by=name)
        assert "biz_" not in text
        labels = {key for each in parsed(text) for one in each.samples for key in one.labels}
        assert labels <= {name}


async def test_a_dimension_that_no_kpi_has_is_refused(api: Any) -> None:
    answer = await api.get(PATH, params={"by": "colour"})
    assert (answer.status_code, reason(answer)) == (422, "dimension_not_declared")


@pytest.mark.usefixtures("heard")
@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not here (Debian: apt-get install prometheus)")
@pytest.mark.parametrize("params", [{}, {"by": "kind"}], ids=["in total", "by kind"])
async def test_promtool_finds_nothing_wrong(api: Any, params: dict[str, str]) -> None:
    text = await scraped(api, **params)
    promtool = ["promtool", "check", "metrics"]
    ran = await asyncio.to_thread(subprocess.run, promtool, input=text, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")
