"""Businesses, as a module of the registry."""

from services.chassis.module import Module
from services.registry.businesses.business import Business
from services.registry.businesses.routes import router
from services.registry.businesses.versions import BusinessVersion

businesses = Module(
    "businesses",
    "The register: who may do business in the zone, as it is and as it was.",
    routers=[router],
    documents=[Business, BusinessVersion],
)
