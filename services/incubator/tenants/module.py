"""Tenants, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.tenants.handlers import on
from services.incubator.tenants.routes import router
from services.incubator.tenants.tenant import Tenant

tenants = Module(
    "tenants",
    "The businesses that the incubator knows, and whether its offerings are open to them.",
    routers=[router],
    documents=[Tenant],
    handlers=on,
)
