"""A module: one room of a service, with all that the service must know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter
from fastapi.routing import APIRoute

from services.chassis.background.clocks import Clock
from services.chassis.background.jobs import Step
from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.aggregate import Row


@dataclass(frozen=True)
class Module:
    """One noun of a service, or one offering: a folder, and one line in the service's `main.py`.

    Attributes:
        name: its tag in the API document; no two modules of the zone share one.
        about: what it is to a caller, in one sentence; shown with the tag.
        routers: its public routes.
        documents: its aggregates and rows.
        handlers: its reactions to events.
        clocks: its periodic tasks.
        projects: its documents follow from its handlers alone, and can be built anew from the log: each definition by
            which they do, with its version. None where they do not.
        jobs: its long work, kind → what does one step of it; a kind is unique in its service.
    """

    name: str
    about: str
    routers: Sequence[APIRouter] = ()
    documents: Sequence[type[Row]] = ()
    handlers: Handlers | None = None
    projects: Mapping[str, int] | None = None
    clocks: Sequence[Clock] = ()
    jobs: Mapping[str, Step] = field(default_factory=dict)

    def routes(self) -> list[APIRoute]:
        """Its public routes, each with the function that answers it."""
        found = (route for router in self.routers for route in router.routes)
        return [route for route in found if isinstance(route, APIRoute) and route.include_in_schema]
