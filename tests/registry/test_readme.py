"""The canvas of the registry shows what the code says."""

import re
from pathlib import Path
from pkgutil import resolve_name

import services.registry
from services.chassis.domain.moves import mermaid
from services.registry.businesses import business
from services.registry.filings import status
from services.registry.main import service

README = (Path(services.registry.__path__[0]) / "README.md").read_text(encoding="utf-8")


def test_the_state_diagrams_are_those_of_the_moves() -> None:
    printed = README.split("<!-- states:begin -->")[1].split("<!-- states:end -->")[0]
    expected = "".join(
        f"\n{title}\n\n```mermaid\n{picture}\n```\n"
        for title, picture in (("A filing:", mermaid(status.MOVES)), ("A business:", mermaid(business.MOVES)))
    )
    assert printed == expected


def test_every_route_stands_on_the_canvas() -> None:
    routes = {
        f"{method.upper()} {path.removeprefix('/v1/registry')}"
        for path, operations in service.openapi()["paths"].items()
        for method in operations
    }
    printed = {line.split("`")[1] for line in README.splitlines() if line.startswith(("| `GET ", "| `POST "))}
    assert printed == routes


def test_the_code_that_a_reader_is_sent_to_is_there() -> None:
    names = re.findall(r"`([a-z_]+\.\w[\w.]*)`", README.split("## One registration, followed through the code")[1])
    assert {"filings.routes.approve_filing", "filings.types.registration.Registration.effect"} <= set(names)
    for name in names:
        assert resolve_name(f"services.registry.{name}")
