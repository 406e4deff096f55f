"""Alert rules, dashboards and the table of metrics name what the processes really show at `/metrics`."""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.documents.figures_dashboard import BY_KIND, TOTALS, text
from deploy.documents.metrics_table import families_in, table
from deploy.figures_key import FIGURES as FIGURES_ROUTE
from deploy.machine.zone_folder import ROOT
from deploy.services import WITH_GATEWAY
from services.chassis.telemetry import instruments
from services.metrics.catalogue.all import KPIS, dimensions_of
from services.metrics.exports.views import GAUGES

FOLDER = ROOT / "deploy" / "observability"
ALERTS = FOLDER / "alerts.yaml"
DASHBOARDS = sorted((FOLDER / "grafana" / "dashboards").glob("*.json"))
GROUPS: list[dict[str, Any]] = yaml.safe_load(ALERTS.read_text())["groups"]
RULES = [rule for group in GROUPS for rule in group["rules"]]
ALERT_RULES = {rule["alert"]: rule for rule in RULES if "alert" in rule}
RECORDED = {rule["record"] for rule in RULES if "record" in rule}
PROMETHEUS_OWN = {"up"}
LABELS_OF_PROMETHEUS = {"job", "instance"}
FIGURES = {GAUGES[id].name: set(dimensions_of(kpi)) for id, kpi in KPIS.items()}
"""The gauges of the zone's figures, and by what each is divided."""

WORDS = {"and", "or", "unless", "offset", "bool", "inf", "nan"}
NAMED = re.compile(r"(?<![\w:.])([A-Za-z_:][\w:]*)\s*(\{[^}]*\})?(\s*\()?")
"""A name with what stands in braces after it; before a parenthesis it is a function's."""
ASKED = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"")
GROUPED = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")
RANGE = re.compile(r"\[[^\]]*\]")


def expressions() -> Iterator[tuple[str, str]]:
    for rule in RULES:
        yield rule.get("alert", rule.get("record")), rule["expr"]
    for path in DASHBOARDS:
        for panel in panels_of(path):
            for target in panel["targets"]:
                yield f"{path.stem}: {panel['title']}", target["expr"]


def panels_of(path: Path) -> list[dict[str, Any]]:
    """The panels of a dashboard, without the rows that stand between them."""
    return [panel for panel in json.loads(path.read_text())["panels"] if panel["type"] != "row"]


EXPRESSIONS = list(expressions())


@pytest.fixture(scope="module")
def export() -> str:
    """What a process shows at `/metrics` once it has measured everything; measured in one of its own."""
    command = [sys.executable, "-m", "deploy.documents.metrics_table", "--text"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def shown(export: str) -> set[str]:
    """The names of all time series that a process shows, and of those that the zone's figures are."""
    return {sample.name for family in families_in(export) for sample in family.samples} | FIGURES.keys()


def metrics_of(expression: str) -> list[tuple[str, set[str]]]:
    """Every metric that an expression names, with the labels that it asks of it: in braces, and where it groups."""
    grouped = {label.strip() for labels in GROUPED.findall(expression) for label in labels.split(",")} - {""}
    named = NAMED.findall(RANGE.sub("", GROUPED.sub("", expression)))
    return [
        (name, grouped | set(ASKED.findall(braces)))
        for name, braces, called in named
        if not called and name not in WORDS
    ]


@cache
def recorded_labels() -> dict[str, set[str]]:
    """The attributes that the source gives to each instrument, both as Prometheus writes them."""
    recorded: dict[str, set[str]] = {}
    for path in (*(ROOT / "services").rglob("*.py"), *(ROOT / "gateway").rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text())))
        variables = {ast.unparse(node.targets[0]): node.value for node in nodes if isinstance(node, ast.Assign)}
        answers = {
            node.name: node.body[-1].value
            for node in nodes
            if isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Return)
        }
        for node in nodes:
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id)), args=[_, labels]) if hasattr(instruments, id):
                    given: ast.expr | None = variables.get(ast.unparse(labels), labels)
                    if isinstance(given, ast.Call):
                        given = answers.get(ast.unparse(given.func))
                    assert isinstance(given, ast.Dict), f"{path}: the labels of {id} cannot be read"
                    keys = {str(ast.literal_eval(key)).replace(".", "_") for key in given.keys if key}
                    name = vars(instruments)[id]._name.replace(".", "_")
                    recorded[name] = recorded.get(name, set()) | keys
    return recorded


def wrong_in(expression: str, shown: set[str]) -> set[str]:
    """The metrics of an expression that nobody emits, and the labels that nobody gives to its metrics."""
    wrong: set[str] = set()
    for metric, asked in metrics_of(expression):
        given = [labels for name, labels in recorded_labels().items() if metric.startswith(name)]
        own = LABELS_OF_PROMETHEUS.union(FIGURES.get(metric, ()), *given, {"le"} if metric.endswith("_bucket") else ())
        wrong |= {metric} - shown - RECORDED - PROMETHEUS_OWN | {f"{metric}{{{label}}}" for label in asked - own}
    return wrong


@pytest.mark.parametrize(("place", "expression"), EXPRESSIONS, ids=[place for place, _ in EXPRESSIONS])
def test_an_expression_names_only_metrics_and_labels_that_are_emitted(
    place: str, expression: str, shown: set[str]
) -> None:
    assert metrics_of(expression), f"{place} names no metric"
    assert wrong_in(expression, shown) == set()


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ("sum(rate(zone_outbox_agee_seconds[1m])) > 0 and up", {"zone_outbox_agee_seconds"}),
        ("node_load1 offset 5m", {"node_load1"}),
        ("zone_relay_published", {"zone_relay_published"}),
        ('zone_outbox_age_seconds{job="registry", reason="x"}', {"zone_outbox_age_seconds{reason}"}),
        ("max by (topic) (zone_consumer_lag) / zone_outbox_depth", {"zone_outbox_depth{topic}"}),
        ("sum by (le) (zone_consumer_batch_size_sum)", {"zone_consumer_batch_size_sum{le}"}),
        ("max(zone_businesses_active)", {"zone_businesses_active"}),
        ("max by (kind) (zone_water_m3)", {"zone_water_m3{kind}"}),
    ],
)
def test_a_wrong_name_would_be_found(expression: str, wrong: set[str], shown: set[str]) -> None:
    assert wrong_in(expression, shown) == wrong


def test_durations_are_measured_in_buckets_that_tell_milliseconds_apart(export: str) -> None:
    durations = [each for each in families_in(export) if each.type == "histogram" and each.name.endswith("_seconds")]
    smallest = [
        min(float(sample.labels["le"]) for sample in each.samples if "le" in sample.labels) for each in durations
    ]
    assert smallest == [0.005, 0.005, 0.005]


def test_every_alert_has_its_runbook_and_every_runbook_an_alert() -> None:
    pages = {rule["annotations"]["runbook"] for rule in ALERT_RULES.values()}
    assert pages == {str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "runbooks").glob("*.md")}
    for name, rule in ALERT_RULES.items():
        assert f"`{name}`" in (ROOT / rule["annotations"]["runbook"]).read_text(), name


def test_every_alert_is_tried_where_it_fires_and_where_it_does_not() -> None:
    cases = yaml.safe_load((Path(__file__).with_name("alerts_test.yaml")).read_text())["tests"]
    tried = {(rule["alertname"], "exp_alerts" in rule) for case in cases for rule in case["alert_rule_test"]}
    assert tried == {(name, fires) for name in ALERT_RULES for fires in (True, False)}


with_promtool = pytest.mark.skipif(
    not shutil.which("promtool"), reason="promtool is not here (Debian: apt-get install prometheus)"
)


@with_promtool
def test_promtool_finds_nothing_wrong_with_the_configuration(tmp_path: Path) -> None:
    for name in ("prometheus.yaml", "alerts.yaml"):
        shutil.copy(FOLDER / name, tmp_path)
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "figures.key").write_text("zk_live_synthetic")
    assert said_by("promtool", "check", "config", tmp_path / "prometheus.yaml") == ""


@with_promtool
def test_promtool_finds_every_alert_where_it_should_be() -> None:
    assert said_by("promtool", "test", "rules", Path(__file__).with_name("alerts_test.yaml")) == ""


def said_by(*command: str | Path) -> str:
    """What a tool says that finds something wrong; nothing where it does not."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr if ran.returncode else ""


@pytest.mark.parametrize("path", DASHBOARDS, ids=[path.stem for path in DASHBOARDS])
def test_a_dashboard_shows_each_panel_once_and_asks_the_source_that_is_provisioned(path: Path) -> None:
    panels = panels_of(path)
    sources = yaml.safe_load((FOLDER / "grafana/provisioning/datasources/zone.yaml").read_text())["datasources"]
    assert {panel["datasource"]["uid"] for panel in panels} <= {source["uid"] for source in sources}
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len({panel["title"] for panel in panels}) == len(set(places)) == len(places)


JOBS = {job["job_name"]: job for job in yaml.safe_load((FOLDER / "prometheus.yaml").read_text())["scrape_configs"]}


def test_prometheus_asks_every_process_and_the_zone_for_its_figures() -> None:
    others = {"collector", "alertmanager", TOTALS, BY_KIND}
    assert JOBS.keys() == WITH_GATEWAY.keys() | others


def test_prometheus_asks_for_figures_by_the_public_route_with_a_key_of_its_own() -> None:
    for job in (JOBS[TOTALS], JOBS[BY_KIND]):
        assert job["metrics_path"] == FIGURES_ROUTE
        assert job["authorization"] == {"credentials_file": "figures/figures.key"}
        assert job["static_configs"] == JOBS["gateway"]["static_configs"]
    assert (JOBS[TOTALS].get("params"), JOBS[BY_KIND]["params"]) == (None, {"by": ["kind"]})


def test_every_figure_has_its_tile() -> None:
    page = FOLDER / "grafana" / "dashboards" / "figures.json"
    assert text() == page.read_text(), (
        f"{page.name} is out of date: it is what `.venv/bin/python -m deploy.documents.figures_dashboard` prints"
    )
    shown = {name for panel in panels_of(page) for target in panel["targets"] for name, _ in metrics_of(target["expr"])}
    assert shown == FIGURES.keys()


def test_the_page_on_operations_says_what_each_metric_means(export: str) -> None:
    assert table(export) in (ROOT / "docs" / "operations.md").read_text(), (
        "docs/operations.md is out of date: paste what `.venv/bin/python -m deploy.documents.metrics_table` prints"
    )
