"""Sites, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.sites.routes import router
from services.incubator.sites.site import Site

sites = Module(
    "sites",
    "The places of the Demonstration Base, where rooms, desks and meters are.",
    routers=[router],
    documents=[Site],
)
