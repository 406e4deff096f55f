"""The house grows by the steps that its plan says: a filing type, an offering and a KPI, in a scratch copy of it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.growth import LINES, NEW_FILES

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
OF_THE_HOUSE = ("services", "gateway", "deploy", "tests", "pyproject.toml", "docker-compose.yml", "README.md", "docs")
NOT_OF_IT = shutil.ignore_patterns("__pycache__", ".*_cache")
TYPES = ".mypy_cache"
"""What mypy knows of files that are the same in the copy; it is slow without, where nobody has checked before."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The house in another place, with what its tools remember of it."""
    for name in OF_THE_HOUSE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=NOT_OF_IT)
        else:
            shutil.copy(source, tmp_path / name)
    if (ROOT / TYPES).is_dir():
        shutil.copytree(ROOT / TYPES, tmp_path / TYPES)
    return tmp_path


def run(copy: Path, *module: str) -> subprocess.CompletedProcess[str]:
    """A module, run in the copy."""
    return subprocess.run(
        [sys.executable, "-m", *module], cwd=copy, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.server  # it needs none, but a minute of a processor: a quick run leaves it out
def test_a_filing_type_an_offering_and_a_kpi_each_take_the_steps_that_the_plan_says(copy: Path) -> None:
    for name, content in NEW_FILES.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(content)
    for name, changes in LINES.items():
        text = (copy / name).read_text()
        for before, after in changes:
            assert text.count(before) == 1, f"{name} no longer has {before!r}"
            text = text.replace(before, after)
        (copy / name).write_text(text)
    for command in ("operations", "canvas", "check"):
        done = run(copy, "deploy", command)
        assert done.returncode == 0, done.stdout + done.stderr
    done = run(copy, "pytest", "-q", "tests/deploy/documents")
    assert done.returncode == 0, done.stdout + done.stderr
