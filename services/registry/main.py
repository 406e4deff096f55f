"""The registry, assembled."""

from services.chassis.service import Service
from services.registry import routes_businesses, routes_filings
from services.registry.business import Business
from services.registry.clocks import CLOCKS
from services.registry.filing import Filing
from services.registry.versions import BusinessVersion

service = Service(
    "registry",
    routers=[routes_businesses.router, routes_filings.router],
    documents=[Business, BusinessVersion, Filing],
    clocks=CLOCKS,
    keeps_outbox=True,
)
