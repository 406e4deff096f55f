"""The canvas of a service: what of its README follows from the code, written between markers.

    <!-- routes:begin -->
    <!-- routes:end -->

What stands beside the markers is a person's; what stands between them is written anew by `./zone canvas`.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from deploy.documents.events import published_events
from deploy.machine.zone_folder import ROOT
from deploy.services import WITH_GATEWAY, assembled, files_of
from services.chassis.domain.events import service_of
from services.chassis.domain.moves import mermaid
from services.chassis.http.security import CallerOf

NOTHING: Final = "None.\n"


def readme_of(service: str) -> Path:
    """Where the canvas of a service stands."""
    return ROOT.joinpath(*WITH_GATEWAY[service].split("."), "README.md")


def drawn(service: str, text: str) -> str:
    """A README with its canvas as the code is now.

    Raises:
        ValueError: the markers of a section are missing, or stand more than once.
    """
    for name, section in SECTIONS.items():
        between = re.compile(rf"(<!-- {name}:begin -->\n).*?(<!-- {name}:end -->)", re.DOTALL)
        if len(between.findall(text)) != 1:
            raise ValueError(f"{name}: its two markers stand once in the README of {service}")
        content = "".join(section(service)) or NOTHING
        text = between.sub(lambda found, content=content: f"{found[1]}{content}{found[2]}", text)  # type: ignore[misc]  # bound at once
    return text


def routes(service: str) -> Iterator[str]:
    """Every public route: method and path, scope, what it does."""
    yield from header("Route", "Scope", "What it does")
    for route in assembled(service).routes():
        method = next(iter(sorted(route.methods or ())))
        scopes = ", ".join(f"`{scope}`" for scope in sorted(scopes_of(route))) or "none"
        yield row(f"`{method} {route.path_format}`", scopes, first_sentence(route.endpoint))


def events_out(service: str) -> Iterator[str]:
    """Every event that the service publishes."""
    told = [event for event in published_events() if service_of(event.wire_name) == service]
    if told:
        yield from header("Topic", "Event", "For", "What happened")
    for event in sorted(told, key=lambda event: (event.topic.name, event.wire_name)):
        yield row(f"`{event.topic.name}`", f"`{event.__name__}`", event.audience, first_sentence(event))


def events_in(service: str) -> Iterator[str]:
    """Every event that the service reacts to, with each reaction in the order in which it runs."""
    handlers = assembled(service).handlers
    heard = list(handlers.listed()) if handlers is not None else []
    if heard:
        yield from header("From", "Event", "What happens")
    for event, handler in sorted(heard, key=lambda each: each[0].wire_name):
        yield row(service_of(event.wire_name), f"`{event.__name__}`", first_sentence(handler))


def collections(service: str) -> Iterator[str]:
    """Every collection that the service owns."""
    documents = assembled(service).documents
    if documents:
        yield from header("Collection", "What it holds")
    for document in sorted(documents, key=lambda each: each.collection):
        yield row(f"`{document.collection}`", first_sentence(document))


def states(service: str) -> Iterator[str]:
    """Every table of moves, as a diagram."""
    for name, moves in moves_of(service):
        yield f"`{name}`:\n\n```mermaid\n{mermaid(moves)}\n```\n\n"


SECTIONS: Final[Mapping[str, Callable[[str], Iterable[str]]]] = {
    "collections": collections,
    "routes": routes,
    "events-out": events_out,
    "events-in": events_in,
    "states": states,
}


def moves_of(service: str) -> Iterator[tuple[str, Mapping[StrEnum, frozenset[StrEnum]]]]:
    """File → its table of moves, for every file of a service that has one of its own."""
    package = WITH_GATEWAY[service]
    for file in files_of(package):
        table: Mapping[StrEnum, frozenset[StrEnum]] = vars(file).get("MOVES", {})
        if any(type(status).__module__ == file.__name__ for status in table):
            yield f"{file.__name__.removeprefix(f'{package}.').replace('.', '/')}.py", table


def scopes_of(route: APIRoute) -> set[str]:
    """The scopes that an operation asks for."""
    return set(_scopes(route.dependant))


def _scopes(dependant: Dependant) -> Iterator[str]:
    if isinstance(dependant.call, CallerOf):
        yield from dependant.own_oauth_scopes or dependant.parent_oauth_scopes or ()
    for inner in dependant.dependencies:
        yield from _scopes(inner)


def first_sentence(thing: Any) -> str:
    """The first sentence of a docstring, on one line."""
    paragraph = (inspect.getdoc(inspect.unwrap(thing)) or "").split("\n\n")[0]
    text = " ".join(paragraph.split())
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]


def header(*names: str) -> tuple[str, str]:
    """The head of a Markdown table."""
    return row(*names), "|" + "---|" * len(names) + "\n"


def row(*cells: str) -> str:
    """One row of a Markdown table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
