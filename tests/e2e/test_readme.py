"""The tour of the README, run as it is printed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.zone_under_test import ZoneUnderTest

README = Path(__file__).parent.parent.parent / "README.md"
BLOCK = re.compile(r"^```sh tour\n(.*?)^```$", re.MULTILINE | re.DOTALL)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("zone")]


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="the tour needs curl and jq")
def test_the_tour_works_as_printed(zone: ZoneUnderTest, tmp_path: Path) -> None:
    (tmp_path / ".zone").mkdir()
    (tmp_path / ".zone" / "operator.key").write_text(zone.operator_key)
    printed = "\n".join(BLOCK.findall(README.read_text()))
    script = printed.replace("http://127.0.0.1:8000", zone.url).replace("/tmp/", f"{tmp_path}/")
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    words = ran.stdout.split()
    for said in ('"submitted",', '"in_review"', '"completed",', '"active",', '"validation_failed",', "401,"):
        assert said in words, f"{said} is missing in:\n{ran.stdout}"
    assert '"valuation_total",' in words
    assert "123400," in words
