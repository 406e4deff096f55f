"""The seven services of the zone's brochure: each row of the README names a route, and a step of the tour."""

import re
from itertools import pairwise

import pytest

from deploy.machine.zone_folder import ROOT

SERVICES = (
    *("co-working space", "water", "electricity", "consulting", "recruitment", "investment"),
    "financial management",
)
ROW = re.compile(
    r"^\| (?P<service>[^|]+) \| [^|]+ \| (?P<where>[^|]*services/incubator/[^|]+) \| (?P<step>[^|]+) \|$", re.M
)
ROUTE = re.compile(r"\[`(?P<method>GET|POST) (?P<path>/v1/incubator/[^`]+)`\]\((?P<file>[^)]+)\)")
STEP = re.compile(r"\(docs/tour-incubator\.md#([^)]+)\)")
ROWS = {row["service"]: row for row in ROW.finditer((ROOT / "README.md").read_text())}
TOUR = (ROOT / "docs" / "tour-incubator.md").read_text()


def test_there_are_seven() -> None:
    assert tuple(ROWS) == SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_a_row_names_a_route_that_the_file_it_links_to_declares(service: str) -> None:
    route = ROUTE.search(ROWS[service]["where"])
    assert route, ROWS[service]["where"]
    operations = {
        tuple(line.split("\t")[:2]) for line in (ROOT / "gateway" / "operations.tsv").read_text().splitlines()
    }
    assert (route["method"], route["path"]) in operations
    code = (ROOT / route["file"]).read_text()
    prefix = re.search(r'APIRouter\(prefix="([^"]+)"', code)
    assert prefix
    assert f'@router.{route["method"].lower()}("{route["path"].removeprefix(prefix[1])}"' in code


@pytest.mark.parametrize("service", SERVICES)
def test_a_row_links_to_a_step_of_the_tour_with_commands(service: str) -> None:
    link = STEP.search(ROWS[service]["step"])
    assert link, ROWS[service]["step"]
    headings = [*re.finditer(r"^## (.+)$", TOUR, re.M), None]
    steps = {anchor(one[1]): TOUR[one.end() : two.start() if two else None] for one, two in pairwise(headings) if one}
    assert "```sh tour" in steps[link[1]]


def anchor(heading: str) -> str:
    """How a heading is linked to: in lower case, without punctuation, with hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
