"""Access, as a module of the gateway."""

from gateway.access.client import Client
from gateway.access.key import Key
from gateway.access.partner import Partner
from gateway.access.routes import router
from services.chassis.module import Module

access = Module(
    "access",
    "Who may call the zone: partners, their clients and keys.",
    routers=[router],
    documents=[Partner, Client, Key],
)
