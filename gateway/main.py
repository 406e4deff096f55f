"""The gateway, assembled: the edge around the gateway's own routes."""

import contextlib
import json
import sys
from collections.abc import AsyncIterator

from fastapi import FastAPI
from starlette.types import ASGIApp

from gateway.access import routes
from gateway.access.authenticate import Authenticate
from gateway.access.bootstrap import open_office
from gateway.access.client import Client
from gateway.access.key import Key
from gateway.access.partner import Partner
from gateway.connection.guard import Guard
from gateway.edge.edge import Edge
from gateway.edge.health_door import HealthDoor
from gateway.edge.identity import Identity
from gateway.edge.operations import Table
from gateway.pages import routes as pages
from gateway.pages.routes import DOCUMENT
from gateway.settings import GatewaySettings
from gateway.upstream.httpunk_client import HttpunkUpstream
from services.chassis.http.serving import HeadAsGet
from services.chassis.service import Service

STOP_SECONDS = 5.0
OWN_PREFIXES = frozenset({"partners", "clients", "keys"})
"""What stands under /v1 and is answered here; every other prefix is a service's name."""


@contextlib.asynccontextmanager
async def during(app: FastAPI) -> AsyncIterator[None]:
    """Open the zone's office before anyone is let in; let calls that are under way finish before it closes."""
    settings: GatewaySettings = app.state.settings
    if settings.role == "worker":
        yield
        return
    await open_office(app.state.store, pepper=settings.key_pepper.encode(), key_file=settings.operator_key_file)
    try:
        yield
    finally:
        await app.state.upstream.close(within=STOP_SECONDS)


def around(app: FastAPI) -> ASGIApp:
    """The edge around the gateway's own routes. A worker has no edge: it serves its health and nothing else."""
    settings: GatewaySettings = app.state.settings
    if settings.role == "worker":
        return app
    document = json.loads(DOCUMENT.read_bytes())
    prefixes = {path.split("/")[2] for path in document["paths"]}
    if missing := sorted(prefixes - OWN_PREFIXES - settings.upstreams.keys()):
        sys.exit(f"ZONE_UPSTREAMS has no address of {', '.join(missing)}")
    app.state.upstream = HttpunkUpstream()
    own = HeadAsGet(app)
    hsts = settings.strict_transport_security
    edge = Edge(
        table=Table(document),
        services=settings.upstreams,
        own=own,
        authenticate=Authenticate(app.state.store, settings.key_pepper.encode(), now=app.state.clock),
        identity=Identity(settings.identity_private_key),
        upstream=app.state.upstream,
        body_at_most=settings.body_limit,
        strict_transport_security=hsts.encode() if hsts else None,
    )
    return HealthDoor(own, edge, settings.health_networks)


service = Service(
    "gateway",
    routers=[routes.router, pages.router],
    documents=[Partner, Client, Key],
    settings=GatewaySettings,
    during=during,
    around=around,
    server={"http": Guard, "ws": "none"},
)
