"""Metrics: how the zone is doing, from events alone."""

from services.chassis.module import Module
from services.chassis.service import Service
from services.metrics.figures.bucket import Bucket
from services.metrics.figures.entity import Entity
from services.metrics.handlers import on
from services.metrics.reading.routes import router
from services.metrics.targets.module import targets
from services.metrics.trends.module import trends

figures = Module(
    "figures", "How the zone is doing, computed from events.", routers=[router], documents=[Entity, Bucket], handlers=on
)

service = Service("metrics", modules=[figures, targets, trends])
