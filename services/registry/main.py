"""The registry, assembled."""

from services.chassis.service import Service
from services.registry.businesses import routes as businesses
from services.registry.businesses.business import Business
from services.registry.businesses.versions import BusinessVersion
from services.registry.filings import routes as filings
from services.registry.filings.clocks import CLOCKS
from services.registry.filings.filing import Filing

service = Service(
    "registry",
    routers=[businesses.router, filings.router],
    documents=[Business, BusinessVersion, Filing],
    clocks=CLOCKS,
    keeps_outbox=True,
)
