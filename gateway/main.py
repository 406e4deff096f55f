"""The gateway, assembled: the edge around the gateway's own routes."""

import contextlib
import sys
from collections.abc import AsyncIterator

from fastapi import FastAPI
from starlette.types import ASGIApp

from gateway.access.authenticate import Authenticate
from gateway.access.bootstrap import open_office
from gateway.access.module import access
from gateway.connection.guard import Guard
from gateway.edge.edge import Edge
from gateway.edge.health_door import HealthDoor
from gateway.edge.identity import Identity
from gateway.edge.operations import load
from gateway.pages.module import pages
from gateway.process import GatewayProcess
from gateway.settings import GatewaySettings
from services.chassis.http.serving import HeadAsGet
from services.chassis.service import Service

CALLS_FINISH_WITHIN = 31
"""Seconds for calls under way once a stop was asked for: their whole deadline (`Deadlines.total`), and a little."""
STOP_SECONDS = 5.0


@contextlib.asynccontextmanager
async def during(process: GatewayProcess) -> AsyncIterator[None]:
    """Open the zone's office before anyone is let in; let calls that are under way finish before it closes."""
    told = process.told
    if told.role == "worker":
        yield
        return
    await open_office(process.store, pepper=told.key_pepper.encode(), key_file=told.operator_key_file)
    try:
        yield
    finally:
        await process.upstream.close(within=STOP_SECONDS)


def around(process: GatewayProcess, app: FastAPI) -> ASGIApp:
    """The edge around the gateway's own routes. A worker has no edge: it serves its health and nothing else."""
    settings = process.told
    if settings.role == "worker":
        return app
    table = load()
    elsewhere = table.services - {prefix_of(route.path) for route in service.routes()}
    if missing := sorted(elsewhere - settings.upstreams.keys()):
        sys.exit(f"ZONE_UPSTREAMS has no address of {', '.join(missing)}")
    own = HeadAsGet(app)
    hsts = settings.strict_transport_security
    edge = Edge(
        table=table,
        services=settings.upstreams,
        own=own,
        authenticate=Authenticate(process.store, settings.key_pepper.encode(), now=process.clock),
        identity=Identity(settings.identity_private_key),
        upstream=process.upstream,
        body_at_most=settings.body_limit,
        strict_transport_security=hsts.encode() if hsts else None,
    )
    return HealthDoor(own, edge, settings.health_networks)


def prefix_of(path: str) -> str:
    """`partners` of `/v1/partners/{partner_id}`: the service that answers it, or what the gateway answers itself."""
    return path.split("/")[2]


service = Service(
    "gateway",
    modules=[access, pages],
    settings=GatewaySettings,
    process=GatewayProcess,
    during=during,
    around=around,
    server={"http": Guard, "ws": "none", "finish_within": CALLS_FINISH_WITHIN},
)
