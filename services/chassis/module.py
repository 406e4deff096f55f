"""A module: one room of a service, with all that the service must know of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter

from services.chassis.background.clocks import Clock
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
    """

    name: str
    about: str
    routers: Sequence[APIRouter] = ()
    documents: Sequence[type[Row]] = ()
    handlers: Handlers | None = None
    clocks: Sequence[Clock] = ()
