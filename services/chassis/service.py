"""A whole service around its routes, documents and handlers: everything that is not business, in one place."""

import argparse
import contextlib
import math
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

import stamina
import structlog
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from services.chassis.background.job import Job
from services.chassis.background.orphans import orphaned_uploads
from services.chassis.background.spent_claims import spent_claims
from services.chassis.consuming.generations.followers import Projection
from services.chassis.consuming.generations.leftovers import leftovers
from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import utc_now
from services.chassis.http import health
from services.chassis.http.application import Application, Place, planned
from services.chassis.http.bodies.upload import Takes
from services.chassis.http.problems import answer_with_problems
from services.chassis.http.request_span import RequestSpan
from services.chassis.http.routing.path_tree import PathTree
from services.chassis.http.security import Identities
from services.chassis.http.serving import HeadAsGet, serve
from services.chassis.module import Module
from services.chassis.process import Process, freeze
from services.chassis.settings import Settings
from services.chassis.specs.openapi import UNTRACED, describe
from services.chassis.store.document_store import Store
from services.chassis.store.generations.current import Shown
from services.chassis.store.generations.pointer import Pointer
from services.chassis.store.grouping.group_commit import GroupCommit
from services.chassis.store.mongo import TRANSIENT, MongoStore
from services.chassis.store.upload import Upload
from services.chassis.telemetry.export import flush_telemetry, set_up_telemetry
from services.chassis.telemetry.logs import set_up_logs
from services.chassis.workers import Workers, keys_of_producers

STOP_SECONDS = 20
log = structlog.get_logger("zone.service")


class Service:
    """One service of the zone.

    Args:
        name: `registry`, `incubator`, …: its prefix, database, source of events and audience of identities.
        modules: its rooms, in the order in which they react to an event that concerns several. The collections and
            indexes of their documents are made before it is ready. Where a route takes an upload, uploads are among
            them, and those that no act names are swept; where a module has jobs, jobs are.
        keeps_outbox: its rows are an audit log: none is ever pruned, whatever the configuration says.
        settings: the type of its configuration.
        process: what surrounds its requests, where that is more than usual.
        during: what goes on from before it is ready until it has stopped, given that process.
        around: puts a layer of its own around its application, under the request's span.
        server: options of `serve`; requests in flight have their deadline to finish in, where nothing else is said.
    """

    def __init__(
        self,
        name: str,
        *,
        modules: Sequence[Module],
        keeps_outbox: bool = False,
        settings: type[Settings] = Settings,
        process: type[Process] = Process,
        during: Callable[[Any], AbstractAsyncContextManager[None]] | None = None,
        around: Callable[[Any, FastAPI], ASGIApp] | None = None,
        server: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.modules = modules
        self.documents: list[type[Row]] = [row for module in modules for row in module.documents]
        if any(isinstance(getattr(route, "body", None), Takes) for route in self.routes()):
            self.documents.append(Upload)
        self.clocks = [clock for module in modules for clock in module.clocks]
        self.jobs = {kind: step for module in modules for kind, step in module.jobs.items()}
        if len(self.jobs) < sum(len(module.jobs) for module in modules):
            raise ValueError("two jobs of one service are of the same kind")
        if self.jobs:
            self.documents.append(Job)
        self.projection = self._projected()
        if self.projection:
            self.documents.append(Pointer)
        reacting = [module.handlers for module in modules if module.handlers is not None]
        self.handlers = Handlers.together(*reacting) if reacting else None
        self._settings, self._process = settings, process
        self._keeps_outbox = keeps_outbox
        self._during, self._around, self._server = during, around, server or {}

    def _projected(self) -> Projection | None:
        """What of it can be built anew from the log.

        Raises:
            ValueError: something else reacts to events too, and would do so again when that is built anew.
        """
        rooms = [module for module in self.modules if module.projects is not None]
        if not rooms:
            return None
        if any(module.handlers is not None and module.projects is None for module in self.modules):
            raise ValueError(f"in {self.name} a room reacts to events beside a projection")
        versions = {name: version for room in rooms for name, version in (room.projects or {}).items()}
        return Projection([row for room in rooms for row in room.documents], versions)

    def app(self, settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> ASGIApp:
        """The ASGI application of one process; its lifespan holds the store, the relay, the consumer and the clocks."""
        store = MongoStore(settings.mongo_url, f"{settings.database_prefix}_{self.name}", self.name)
        keys_of_producers(settings, self.handlers)  # without them it does not start

        @contextlib.asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[None]:
            await self._wait_for_store(store)
            during = self._during(process) if self._during else contextlib.nullcontext()
            async with during, self._workers(process, store):
                log.info("ready", role=settings.role, listen=settings.listen)
                yield
            store.close()

        process = self._surroundings(GroupCommit(store), settings, clock)
        app = self._application(process, lifespan)
        process.checks["mongodb"] = health.reachable(store)
        return RequestSpan(self._around(process, app)) if self._around else HeadAsGet(RequestSpan(app))

    def routes_on(self, store: Store, settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> FastAPI:
        """The routes alone, on any store: what a test of a route calls."""
        return self._application(self._surroundings(store, settings, clock))

    def _surroundings(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> Process:
        identities = Identities(settings.identity_public_key, self.name)
        process = self._process(settings, store, clock, identities.read)
        if self.projection:
            process.shown = Shown(store, self.projection.collections)
        return process

    def _application(self, process: Process, lifespan: Any = None) -> FastAPI:
        app = Application(
            title=f"Cloud economy zone: {self.name}",
            lifespan=lifespan,
            telemetry=UNTRACED,
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,  # it would redirect to whatever `Host` says
        )
        process.surround(app)
        app.include_router(health.router)
        if process.settings.role != "worker":
            app.router.routes.extend(self._included)
            app.directly = self._directly
        answer_with_problems(app)
        return app

    @cached_property
    def _included(self) -> list[BaseRoute]:
        """The modules' routes, which all applications of this process share.

        FastAPI works an included route out when an application is first called: tests, which make one each, would
        spend most of their time on it.
        """
        together = APIRouter()
        for module in self.modules:
            for router in module.routers:
                together.include_router(router)
        return together.routes

    @cached_property
    def _directly(self) -> PathTree[Place]:
        return planned(self.routes())

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document of this service's public routes."""
        return describe(self.name, self.modules)

    def routes(self) -> list[APIRoute]:
        """Its public routes, each with the function that answers it."""
        return [route for module in self.modules for route in module.routes()]

    def outbox_keep(self, settings: Settings) -> Literal["window", "all"]:
        """How long this service's outbox rows stay: as configured, or for ever where they are an audit log."""
        return "all" if self._keeps_outbox else settings.outbox_keep

    async def _wait_for_store(self, store: MongoStore) -> None:
        """Until MongoDB answers and all is made; a service that starts before its store, or loses it then, waits."""
        async for attempt in stamina.retry_context(on=TRANSIENT, attempts=None, timeout=60, wait_max=2):
            with attempt:
                await store.ping()
                await store.prepare(self.documents)

    def _workers(self, process: Process, store: MongoStore) -> AbstractAsyncContextManager[None]:
        clocks = [*self.clocks, spent_claims(store)]
        if Upload in self.documents:
            clocks.append(orphaned_uploads(store))
        if self.projection:
            clocks.append(leftovers(store, self.projection.collections))
        return Workers(self.name, self.handlers, clocks, self.jobs, self.projection).at_work(
            process, store, keep=self.outbox_keep(process.settings)
        )

    def run(self, arguments: Sequence[str] | None = None) -> None:
        """`python -m services.<name> --role api|worker|all [--listen HOST:PORT|unix:PATH]`: serve until SIGTERM."""
        parser = argparse.ArgumentParser(prog=f"python -m services.{self.name}", description=self.__doc__)
        parser.add_argument("--role", choices=["api", "worker", "all"])
        parser.add_argument("--listen", help="HOST:PORT or unix:PATH")
        chosen = {name: value for name, value in vars(parser.parse_args(arguments)).items() if value is not None}
        try:
            settings = self._settings(**chosen)
        except ValidationError as error:
            sys.exit("\n".join(_complaint(each["loc"], each["msg"], each.get("ctx", {})) for each in error.errors()))
        set_up_logs(self.name, log_format=settings.log_format, level=settings.log_level)
        try:
            set_up_telemetry(self.name)
        except ValueError as error:
            sys.exit(str(error))
        finish_within = math.ceil(settings.request_deadline) + 1
        app = self.app(settings)
        freeze()
        serve(app, settings.listen, **{"finish_within": finish_within, **self._server})
        flush_telemetry()


def _complaint(place: Sequence[int | str], message: str, context: Mapping[str, Any]) -> str:
    """What is wrong with the configuration: our own sentence where there is one, else the variable and pydantic's."""
    name = f"ZONE_{place[0]}".upper() if place else "The configuration"
    return str(context["error"]) if "error" in context else f"{name}: {message}"
