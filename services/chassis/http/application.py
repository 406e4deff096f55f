"""The application of a service: FastAPI, past which requests of planned routes go."""

from collections.abc import Iterable
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from services.chassis.http.bodies.body import StrictRequest
from services.chassis.http.problems import told
from services.chassis.http.route import TransactionalRoute
from services.chassis.http.routing.path_tree import PathTree

log = structlog.get_logger("zone.problems")

Place = tuple[TransactionalRoute, tuple[tuple[int, str], ...]]
"""A route, and which segments of its path are parameters."""


def planned(routes: Iterable[APIRoute]) -> PathTree[Place]:
    """Those routes that have a plan, by path and method."""
    tree: PathTree[Place] = PathTree()
    for route in routes:
        if isinstance(route, TransactionalRoute) and route.plan is not None:
            segments = enumerate(route.path_format.split("/")[1:])
            names = tuple((place, segment[1:-1]) for place, segment in segments if segment.startswith("{"))
            here = tree.at(route.path_format)
            for method in route.methods or ():
                here.setdefault(method, (route, names))
    return tree


class Application(FastAPI):
    """FastAPI, but for requests of planned routes, which need none of what it puts around a request.

    Those are its layers (whatever is raised is told in the same way), its search through all routes one by one, and the
    stacks of contexts that dependencies with `yield` would need. What is not found here is FastAPI's to answer.

    Attributes:
        directly: see `planned`.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.directly: PathTree[Place] = PathTree()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        segments = scope["path"].split("/")[1:] if scope["type"] == "http" else []
        place = (self.directly.find(segments) or {}).get(scope.get("method", ""))
        if place is None:
            await super().__call__(scope, receive, send)
            return
        route, names = place
        scope["app"], scope["route"] = self, route
        scope["path_params"] = {name: segments[at] for at, name in names}
        request = StrictRequest(scope, receive)
        try:
            response = await route.answer(request)
        except Exception as error:
            response = await told(request, error)
        try:
            await response(scope, receive, send)
        except Exception as error:
            log.error("request_failed", exc_info=error)
            raise
