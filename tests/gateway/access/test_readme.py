"""The canvas of the gateway shows what the code says."""

from pathlib import Path

import gateway
from gateway.access.standing import MOVES
from gateway.main import service
from services.chassis.domain.events import Event
from services.chassis.domain.moves import mermaid
from services.contracts.gateway.access import PARTNERS

README = (Path(gateway.__path__[0]) / "README.md").read_text(encoding="utf-8")


def test_the_state_diagram_is_that_of_the_moves() -> None:
    printed = README.split("<!-- states:begin -->")[1].split("<!-- states:end -->")[0]
    assert printed == f"\nA partner, and a client:\n\n```mermaid\n{mermaid(MOVES)}\n```\n"


def test_every_operation_stands_on_the_canvas_with_its_scope() -> None:
    operations = {
        (f"{method.upper()} {path}", operation["security"][0]["zone"][0])
        for path, item in service.openapi()["paths"].items()
        for method, operation in item.items()
    }
    rows = [line.split("`") for line in README.splitlines() if "/v1/" in line and line.startswith("| `")]
    assert {(row[1], row[3]) for row in rows} == operations


def test_every_event_stands_on_the_canvas() -> None:
    (row,) = [line for line in README.splitlines() if line.startswith("| `zone.gateway.partners`")]
    told = {
        event.__name__
        for event in Event.types.values()
        if event.topic is PARTNERS and event.__module__ == "services.contracts.gateway.access"
    }
    assert set(row.split("`")[3::2]) == told
