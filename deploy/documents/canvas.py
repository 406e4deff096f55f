"""The canvas of a service: what of its README follows from the code, written between markers.

    <!-- routes:begin -->
    <!-- routes:end -->

What stands beside the markers is a person's; what stands between them is written anew by `./zone canvas`.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from deploy.complaint import Complaint
from deploy.documents import figures_table
from deploy.documents.events import published_events
from deploy.machine.zone_folder import ROOT
from deploy.services import WITH_GATEWAY
from services.chassis.domain.aggregate import Row
from services.chassis.domain.events import Event, Topic, service_of
from services.chassis.domain.moves import mermaid
from services.chassis.http.security import CallerOf
from services.chassis.module import Module
from services.chassis.service import Service
from services.chassis.specs.docstrings import summary_of

NOTHING: Final = "None.\n"


def readme_of(service: str) -> Path:
    """Where the canvas of a service stands."""
    return ROOT.joinpath(*WITH_GATEWAY[service].split("."), "README.md")


def drawn(service: Service, text: str) -> str:
    """A README with its canvas as the code is now.

    Raises:
        Complaint: the two markers of a section do not stand in it, or stand more than once.
    """
    for name, section in (SECTIONS | OF_ONE.get(service.name, {})).items():
        begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        if [text.count(begin), text.count(end), rest.count(end)] != [1, 1, 1]:
            raise Complaint(f"The README of {service.name} needs {begin.strip()} and {end}, each once, in this order.")
        text = before + begin + (section(service) or NOTHING) + end + after
    return text


def collections(service: Service) -> str:
    """Every collection that the service owns."""
    rows = sorted((code(document.collection), summary_of(document)) for document in service.documents)
    return table(("Collection", "What it holds"), rows)


def routes(service: Service) -> str:
    """Every public route, room by room: method and path, the scopes that it asks for, what it does."""
    rooms = (module for module in service.modules if module.routes())
    return "\n".join(f"**{room.name}**: {room.about}\n\n{_routes_of(room)}" for room in rooms)


def _routes_of(room: Module) -> str:
    rows = [
        (code(f"{method} {route.path}"), listed(scopes_of(route)), summary_of(route.endpoint))
        for route in room.routes()
        for method in sorted(route.methods or ())
    ]
    return table(("Route", "Scope", "What it does"), rows)


def events_out(service: Service) -> str:
    """Every event that the service publishes, with its audience."""
    rows = sorted(
        (code(event.topic.name), code(event.__name__), event.audience, summary_of(event))
        for event in published_events()
        if service_of(event.wire_name) == service.name
    )
    return table(("Topic", "Event", "For", "What happened"), rows)


def events_in(service: Service) -> str:
    """Every reaction of the service, room by room as they run, with the events that it is a reaction to."""
    reactions: dict[tuple[str, Callable[..., Any]], list[type[Event] | Topic]] = {}
    for module in service.modules:
        for heard, handler in module.handlers.listed() if module.handlers is not None else ():
            reactions.setdefault((module.name, handler), []).append(heard)
    rows = [
        (
            ", ".join(sorted({_publisher_of(each) for each in heard})),
            ", ".join(
                f"all of {code(each.name)}" if isinstance(each, Topic) else code(each.__name__) for each in heard
            ),
            room,
            summary_of(handler),
        )
        for (room, handler), heard in reactions.items()
    ]
    return table(("From", "Events", "Room", "What happens"), rows)


def _publisher_of(heard: type[Event] | Topic) -> str:
    return service_of(heard.name if isinstance(heard, Topic) else heard.wire_name)


def clocks(service: Service) -> str:
    """Every periodic task of the service."""
    rows = [(code(clock.name), f"{clock.every:g} s", summary_of(clock.task)) for clock in service.clocks]
    return table(("Clock", "Every", "What it does"), rows)


def states(service: Service) -> str:
    """Every table of moves as a diagram, under the nouns that move by it."""
    nouns: dict[str, list[str]] = {}
    for document in service.documents:
        if moves := moves_of(document):
            nouns.setdefault(mermaid(moves), []).append(document.__name__)
    return "\n".join(f"{listed(names)}:\n\n```mermaid\n{diagram}\n```\n" for diagram, names in nouns.items())


def figures(service: Service) -> str:
    """Every figure, as it is declared."""
    return table(("KPI", "Name", "Kind", "What it is", "By", "Office", "From"), figures_table.figures(service))


SECTIONS: Final[dict[str, Callable[[Service], str]]] = {
    "collections": collections,
    "routes": routes,
    "events-out": events_out,
    "events-in": events_in,
    "clocks": clocks,
    "states": states,
}
"""By the name in their markers; every canvas has all of them, and says of what there is not that there is none."""

OF_ONE: Final[Mapping[str, dict[str, Callable[[Service], str]]]] = {"metrics": {"figures": figures}}
"""Those that the canvas of one service has besides."""


def moves_of(document: type[Row]) -> Mapping[StrEnum, frozenset[StrEnum]]:
    """The `MOVES` by which the status of a document changes, as its file or that of a base knows them; else none."""
    status = document.model_fields.get("status")
    for each in document.__mro__:
        moves: Mapping[StrEnum, frozenset[StrEnum]] = vars(sys.modules[each.__module__]).get("MOVES", {})
        if status is not None and {type(state) for state in moves} == {status.annotation}:
            return moves
    return {}


def scopes_of(route: APIRoute) -> list[str]:
    """The scopes that an operation asks for, sorted."""
    return sorted(set(_scopes(route.dependant)))


def _scopes(dependant: Dependant) -> Iterator[str]:
    if isinstance(dependant.call, CallerOf):
        yield from dependant.parent_oauth_scopes or ()
        yield from dependant.own_oauth_scopes or ()
    for inner in dependant.dependencies:
        yield from _scopes(inner)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table; nothing where there are no rows. A `|` in a cell does not end it."""
    lines = [" | ".join(cell.replace("|", "\\|") for cell in cells) for cells in rows]
    if not lines:
        return ""
    ruled = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {line} |" for line in lines)]
    return "\n".join(ruled) + "\n"


def listed(names: Iterable[str]) -> str:
    """Names as code, with commas between; `none` where there are none."""
    return ", ".join(code(name) for name in names) or "none"


def code(name: str) -> str:
    """A name as it stands in the code."""
    return f"`{name}`"
