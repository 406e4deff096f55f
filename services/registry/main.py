"""The registry, assembled."""

from services.chassis.service import Service
from services.registry.businesses.module import businesses
from services.registry.filings.module import filings

service = Service("registry", modules=[businesses, filings], keeps_outbox=True)
