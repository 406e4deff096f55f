"""What one process of a service gives its routes: configuration, store, clock, and who reads identities."""

import gc
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from fastapi import FastAPI, Request

from services.chassis.background.turns import Turns
from services.chassis.domain.caller import Caller
from services.chassis.settings import Settings
from services.chassis.store.document_store import Store
from services.chassis.store.generations.current import Shown

Check = Callable[[], Awaitable[dict[str, Any]]]
"""Answers `{"state": "ok" | "degraded" | "down", …}`; raising is `down`."""


async def _never_full() -> bool:
    return False


@dataclass
class Process:
    """The surroundings of every request, kept once in the state of the application.

    Attributes:
        identify: the caller that an identity token speaks for; raises Unauthenticated.
        shown: the store as readers see it: of a projection that is built anew, one generation.
        turns: of the requests that lost a race.
        outbox_is_full: whether a write must wait, as events cannot be published.
        checks: what readiness asks, by the name of the dependency.
    """

    settings: Settings
    store: Store
    clock: Callable[[], datetime]
    identify: Callable[[str | None], Caller]
    shown: Shown = field(init=False)
    turns: Turns = field(default_factory=Turns)
    outbox_is_full: Callable[[], Awaitable[bool]] = _never_full
    checks: dict[str, Check] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shown = Shown(self.store)

    def surround(self, app: FastAPI) -> None:
        """Give it to the routes of an application."""
        app.state.process = self

    @classmethod
    def of(cls, request: Request) -> Self:
        """That of the application which answers a request.

        Raises:
            TypeError: the application was assembled for another kind of process.
        """
        found = request.app.state.process
        if not isinstance(found, cls):
            raise TypeError(f"this route needs a {cls.__name__} around it")
        return found


def freeze() -> None:
    """Take what is there from the garbage collector, for good: what a process is made of lives as long as it does.

    Each full collection would look through all of it again, which cost the relay a quarter of its time.
    """
    gc.collect()
    gc.freeze()
