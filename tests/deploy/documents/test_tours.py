"""The tours that pages print, without a zone: they wait for nothing for ever, and say what is wrong."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from deploy.korla.codes import make_uscc
from deploy.machine.ports import free_port
from tests.e2e.printed_tour import blocks_of, needs_its_programs, told

TOURS = ("README.md", "docs/tour-incubator.md")
MADE = re.compile(r"^CODE=.*?\$all\[\.:\. \+ 1\]\)'\)$", re.MULTILINE | re.DOTALL)
each_tour = pytest.mark.parametrize("page", TOURS)


def run(script: str, folder: Path, *, timeout: float = 20) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shutil.which("bash") or "bash", "-euo", "pipefail", "-c", script],
        cwd=folder, capture_output=True, text=True, timeout=timeout, check=False,
    )  # fmt: skip


@each_tour
def test_every_loop_of_a_tour_ends(page: str) -> None:
    script = "\n".join(blocks_of(page))
    assert re.findall(r"(?:^|[;&|]) *(?:while|until) .*", script, re.MULTILINE) == []
    assert "--max-time" in script


@each_tour
@needs_its_programs
def test_a_tour_without_a_zone_says_so_at_once(page: str, tmp_path: Path) -> None:
    (tmp_path / ".zone").mkdir()
    (tmp_path / ".zone" / "operator.key").write_text("zk_live_1\n")
    ended = run(told("\n".join(blocks_of(page)), free_port()), tmp_path)
    assert ended.returncode != 0
    assert "partners" in ended.stderr
    assert "onnect" in ended.stderr  # in curl's words


@each_tour
@needs_its_programs
def test_what_is_waited_for_in_vain_is_named_with_what_was_refused(page: str, tmp_path: Path) -> None:
    printed = next(block for block in blocks_of(page) if "wait_for()" in block)
    waiting = printed[printed.index("wait_for()") :].partition("\n}\n")[0] + "\n}"
    at_once = "seq() { echo 1; }; sleep() { :; }"
    never = "never() { echo 'was refused' >&2; return 1; }"
    ended = run("\n".join((waiting, at_once, never, "wait_for never x")), tmp_path)
    assert (ended.returncode, ended.stderr) == (1, "was refused\nwaited in vain for: never x\n")


@each_tour
@needs_its_programs
@pytest.mark.parametrize("number", ["0000000000", "4294967295", "1234314159", "0000000004", "0000999999"])
def test_a_tour_makes_a_code_that_passes_every_check(page: str, number: str, tmp_path: Path) -> None:
    made = MADE.search("\n".join(blocks_of(page)))
    assert made is not None
    first = "MA" if page == "README.md" else "MB"
    said = run(f"RUN={number}\n{made[0]}\necho $CODE", tmp_path)
    assert said.stdout.strip() == make_uscc("1", f"{first}{number[4:]}"), said.stderr
