"""Metrics: how the zone is doing, from events alone."""

from services.chassis.service import Service
from services.metrics.figures.bucket import Bucket
from services.metrics.figures.entity import Entity
from services.metrics.handlers import on
from services.metrics.reading.routes import router

service = Service("metrics", routers=[router], documents=[Entity, Bucket], handlers=on)
