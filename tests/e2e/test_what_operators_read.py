"""What operators read of a running zone: each process' health and measurements, and figures by a scraper's key."""

import json
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from deploy.__main__ import command_line
from deploy.figures_key import FIGURES
from deploy.services import WITH_GATEWAY
from tests.zone_under_test import ZoneUnderTest

pytestmark = pytest.mark.xdist_group("zone")


@pytest.fixture
def here(zone: ZoneUnderTest, monkeypatch: pytest.MonkeyPatch) -> ZoneUnderTest:
    """The zone, as the one that commands are about."""
    monkeypatch.setenv("ZONE_FOLDER", str(zone.folder.path))
    return zone


def run(*words: str) -> str:
    answer = CliRunner().invoke(command_line(words[:1]), words)
    assert answer.exit_code == 0, (answer.output, answer.exception)
    return answer.stdout


def test_every_process_shows_how_it_is_and_what_it_measures(here: ZoneUnderTest) -> None:
    healths = json.loads(run("health"))
    assert {name: each["dependencies"]["mongodb"]["state"] for name, each in healths.items()} == dict.fromkeys(
        WITH_GATEWAY, "ok"
    )
    for name in WITH_GATEWAY:
        assert "zone_outbox_depth" in {each.name for each in text_string_to_metric_families(run("metrics", name))}


def test_a_scraper_reads_the_figures_with_a_key_that_opens_nothing_else(here: ZoneUnderTest, tmp_path: Path) -> None:
    file = tmp_path / "figures.key"
    run("figures-key", str(file))
    key = file.read_text()
    run("figures-key", str(file))
    assert file.read_text() == key
    with httpx.Client(base_url=here.url, headers={"Authorization": f"Bearer {key}"}, trust_env=False) as scraper:
        assert scraper.get(FIGURES, params={"by": "kind"}).headers["content-type"].startswith("application/openmetrics")
        elsewhere = ("/v1/registry/businesses", "/v1/incubator/tenants", "/v1/partners")
        assert {scraper.get(path).status_code for path in elsewhere} == {403}
        assert scraper.post("/v1/metrics/targets", json={}).status_code == 403
