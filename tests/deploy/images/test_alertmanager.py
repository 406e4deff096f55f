"""Whom alerts reach: nobody but a page, or the webhook that one variable names."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.images.compose import compose_file
from deploy.machine.zone_folder import ROOT

FOLDER = ROOT / "deploy" / "observability" / "alertmanager"
SERVICE = compose_file()["services"]["alertmanager"]
WEBHOOK = "https://alerts.example/hook?token=a%20b&c"
URL_FILE_SINCE = (0, 26)


def config(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text())
    return loaded


def begun(folder: Path, webhook: str) -> list[str]:
    """What the container's entrypoint runs, as the program that it names hears it; `/tmp` is a folder of the test's."""
    program = folder / "alertmanager"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    program.chmod(0o755)
    entrypoint = [each.replace("/tmp/", f"{folder}/") for each in SERVICE["entrypoint"]]
    told = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "ZONE_ALERT_WEBHOOK": webhook}
    ran = subprocess.run([*entrypoint, *SERVICE["command"]], env=told, capture_output=True, text=True, check=True)
    return ran.stdout.splitlines()


@pytest.mark.parametrize(("webhook", "chosen"), [("", "alertmanager.yaml"), (WEBHOOK, "alertmanager-webhook.yaml")])
def test_one_variable_decides_and_the_address_is_no_argument(webhook: str, chosen: str, tmp_path: Path) -> None:
    assert begun(tmp_path, webhook) == [f"--config.file=/etc/alertmanager/{chosen}", *SERVICE["command"]]
    assert (tmp_path / "webhook").read_text() == webhook
    assert (FOLDER / chosen).is_file()


def test_the_webhook_hears_of_an_alert_and_of_its_end_at_the_address_that_was_written() -> None:
    page, webhook = config("alertmanager.yaml"), config("alertmanager-webhook.yaml")
    assert webhook["receivers"] == [
        {"name": "webhook", "webhook_configs": [{"url_file": "/tmp/webhook", "send_resolved": True}]}
    ]
    assert page["receivers"] == [{"name": "page"}]
    assert {**webhook["route"], "receiver": "page"} == page["route"]


def amtool_is_too_old() -> bool:
    """Whether there is no amtool here, or one that does not know `url_file`; who builds one gives it no version."""
    if not shutil.which("amtool"):
        return True
    said = subprocess.run(["amtool", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"version (\d+)\.(\d+)", said.stdout + said.stderr)
    return found is not None and (int(found[1]), int(found[2])) < URL_FILE_SINCE


@pytest.mark.skipif(amtool_is_too_old(), reason="amtool 0.26 or newer is not here (it comes with Alertmanager)")
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_amtool_finds_nothing_wrong(path: Path) -> None:
    ran = subprocess.run(["amtool", "check-config", path], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_prometheus_sends_its_alerts_there() -> None:
    told = yaml.safe_load((ROOT / "deploy/observability/prometheus.yaml").read_text())["alerting"]
    assert told == {"alertmanagers": [{"static_configs": [{"targets": ["alertmanager:9093"]}]}]}
