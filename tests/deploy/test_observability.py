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

from deploy.documents.metrics_table import families_in, table
from deploy.machine.zone_folder import ROOT
from services.chassis.telemetry import instruments

FOLDER = ROOT / "deploy" / "observability"
ALERTS = FOLDER / "alerts.yaml"
DASHBOARDS = sorted((FOLDER / "grafana" / "dashboards").glob("*.json"))
GROUPS: list[dict[str, Any]] = yaml.safe_load(ALERTS.read_text())["groups"]
RULES = [rule for group in GROUPS for rule in group["rules"]]
ALERT_RULES = {rule["alert"]: rule for rule in RULES if "alert" in rule}
RECORDED = {rule["record"] for rule in RULES if "record" in rule}
PROMETHEUS_OWN = {"up"}
LABELS_OF_PROMETHEUS = {"job", "instance"}

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
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel["targets"]:
                yield f"{path.stem}: {panel['title']}", target["expr"]


EXPRESSIONS = list(expressions())


@pytest.fixture(scope="module")
def export() -> str:
    """What a process shows at `/metrics` once it has measured everything; measured in one of its own."""
    command = [sys.executable, "-m", "deploy.documents.metrics_table", "--text"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def shown(export: str) -> set[str]:
    """The names of all time series that a process shows."""
    return {sample.name for family in families_in(export) for sample in family.samples}


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
        own = LABELS_OF_PROMETHEUS.union(*given, {"le"} if metric.endswith("_bucket") else ())
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


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not here (Debian: apt-get install prometheus)")
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", FOLDER / "prometheus.yaml"),
        ("test", "rules", Path(__file__).with_name("alerts_test.yaml")),
    ],
    ids=["configuration", "rules"],
)
def test_promtool_finds_nothing_wrong(arguments: tuple[str | Path, ...]) -> None:
    ran = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("path", DASHBOARDS, ids=[path.stem for path in DASHBOARDS])
def test_a_dashboard_shows_each_panel_once_and_asks_the_source_that_is_provisioned(path: Path) -> None:
    board = json.loads(path.read_text())
    sources = yaml.safe_load((FOLDER / "grafana/provisioning/datasources/zone.yaml").read_text())["datasources"]
    assert {panel["datasource"]["uid"] for panel in board["panels"]} <= {source["uid"] for source in sources}
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
    assert len({panel["title"] for panel in board["panels"]}) == len(set(places)) == len(places)


def test_prometheus_asks_every_service() -> None:
    jobs = yaml.safe_load((FOLDER / "prometheus.yaml").read_text())["scrape_configs"]
    assert {job["job_name"] for job in jobs} == {"registry", "incubator", "metrics", "gateway", "collector"}


def test_the_page_on_operations_says_what_each_metric_means(export: str) -> None:
    assert table(export) in (ROOT / "docs" / "operations.md").read_text(), (
        "docs/operations.md is out of date: paste what `.venv/bin/python -m deploy.documents.metrics_table` prints"
    )
