"""The canvas of the incubator shows what the code says."""

from pathlib import Path

import services.incubator
from services.chassis.domain.events import Event
from services.chassis.domain.moves import mermaid
from services.incubator.main import service
from services.incubator.tenants.tenant import MOVES

EVENTS = {event.__name__: event for event in Event.types.values()}
README = (Path(services.incubator.__path__[0]) / "README.md").read_text(encoding="utf-8")


def test_the_state_diagram_is_that_of_the_moves() -> None:
    printed = README.split("<!-- states:begin -->")[1].split("<!-- states:end -->")[0]
    assert printed == f"\nA tenant:\n\n```mermaid\n{mermaid(MOVES)}\n```\n"


def test_every_route_stands_on_the_canvas() -> None:
    routes = {
        f"{method.upper()} {path.removeprefix('/v1/incubator')}"
        for path, operations in service.openapi()["paths"].items()
        for method in operations
    }
    assert {line.split("`")[1] for line in README.splitlines() if line.startswith("| `GET ")} == routes


def test_every_event_that_is_heard_stands_on_the_canvas() -> None:
    printed = {line.split("`")[1] for line in README.splitlines() if line.startswith("| registry | ")}
    assert service.handlers is not None
    assert printed == {name for name, event in EVENTS.items() if service.handlers.hears(event.wire_name)}


def test_every_collection_stands_on_the_canvas() -> None:
    owned = README.split("## Owns")[1].split("## API")[0]
    printed = {line.split("`")[1] for line in owned.splitlines() if line.startswith("| `")}
    assert printed == {document.collection for document in service.documents}
