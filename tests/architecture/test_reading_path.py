"""A reader of the READMEs is sent to what is there."""

import re
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FOLDERS = ("services", "gateway", "deploy", "tests", "docs")
PLACE = re.compile(r"`(\w[\w./-]*(?:/|\.(?:py|toml|tsv|csv|json|yaml|yml|svg|lock)))`")
"""A folder or a file as a text names it, from the root or from a folder on the way; an address begins with `/`."""
LINK = re.compile(r"\]\((?!\w+:|/)([^)#\s]+)")
"""A link to a file or a folder of the repository, without the place in it; an address begins with `/` or a scheme."""


def places() -> Iterator[str]:
    """Every folder, with a `/` at its end, and every file of the repository."""
    yield from (path.name for path in ROOT.iterdir() if path.is_file())
    for folder in FOLDERS:
        yield f"{folder}/"
        for path in (ROOT / folder).rglob("*"):
            yield f"{path.relative_to(ROOT).as_posix()}{'/' * path.is_dir()}"


def texts() -> list[Path]:
    """Every text for readers but the decision records, which say what was so when they were written."""
    return [
        ROOT / "README.md",
        *(path for name in FOLDERS for path in (ROOT / name).rglob("*.md") if "decisions" not in path.parts),
    ]


@pytest.mark.parametrize("text", texts(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_place_that_a_text_names_is_there(text: Path) -> None:
    named = set(PLACE.findall(text.read_text(encoding="utf-8")))
    known = tuple(places())
    assert [name for name in sorted(named) if not any(f"/{place}".endswith(f"/{name}") for place in known)] == []


def test_every_text_is_reached_from_the_front_page_by_links_that_lead_somewhere() -> None:
    to_read, reached, broken = [ROOT / "README.md"], set[Path](), list[str]()
    while to_read:
        text = to_read.pop()
        if text in reached:
            continue
        reached.add(text)
        places = [(text.parent / link).resolve() for link in LINK.findall(text.read_text(encoding="utf-8"))]
        broken += [f"{text.relative_to(ROOT)}: {place}" for place in places if not place.exists()]
        to_read += [place for place in places if place.suffix == ".md" and place.is_file()]
        to_read += [page for place in places if place.is_dir() for page in place.glob("*.md")]
    assert broken == []
    assert {*texts(), *(ROOT / "docs").rglob("*.md")} - reached == set()


def test_one_registration_can_be_followed_through_three_functions_that_exist() -> None:
    way = README.split("To follow one registration from route to KPI, read three functions in three files:")[1]
    three, beside = way.split("\n\n")[0].split("What lies between")
    names = re.findall(r"`([\w.]+)`", three)
    assert [name.rpartition(".")[2] for name in names] == ["approve_filing", "effect", "project"]
    files = {resolve_name(name).__code__.co_filename for name in names}
    assert len(files) == 3
    for name in re.findall(r"`([\w.]+)`", beside):
        assert callable(resolve_name(name))


def test_each_step_of_a_registration_that_the_registry_tells_of_is_there() -> None:
    text = (ROOT / "services" / "registry" / "README.md").read_text(encoding="utf-8")
    names = re.findall(r"`([a-z_]+\.\w[\w.]*)`", text.split("## One registration, followed through the code")[1])
    assert {"filings.routes.approve_filing", "filings.types.registration.Registration.effect"} <= set(names)
    for name in names:
        assert resolve_name(f"services.registry.{name}")
