"""The registry, assembled."""

from services.chassis.service import Service
from services.registry.businesses.module import businesses
from services.registry.filings.module import filings
from services.registry.objections.module import objections
from services.registry.partners.module import partners

service = Service("registry", modules=[businesses, filings, objections, partners], keeps_outbox=True)
