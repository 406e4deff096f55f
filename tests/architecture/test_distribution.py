"""How a whole run is shared out among workers."""

from pathlib import Path

import pytest

from tests.distribution import unit_of

ROOT = Path(__file__).resolve().parents[2]
GROUPED = [
    str(path.relative_to(ROOT))
    for path in sorted((ROOT / "tests").rglob("test_*.py"))
    if "mark.xdist_group(" in path.read_text(encoding="utf-8") and path != Path(__file__)
]


def test_tests_that_share_a_zone_go_to_one_worker() -> None:
    assert unit_of("tests/e2e/test_readme.py::test_a") == unit_of("tests/e2e/test_one_registration.py::test_b[x::y]")


def test_tests_that_start_zones_of_their_own_may_go_to_different_workers() -> None:
    assert unit_of("tests/faults/test_chaos.py::test_a") != unit_of("tests/faults/test_each_fault_once.py::test_b")


@pytest.mark.parametrize("file", GROUPED)
def test_a_group_that_a_file_names_is_found(file: str) -> None:
    assert unit_of(f"{file}::test_a") != file


def test_all_other_tests_stay_with_those_of_their_file() -> None:
    assert unit_of("tests/architecture/test_routes.py::test_a[b]") == "tests/architecture/test_routes.py"
