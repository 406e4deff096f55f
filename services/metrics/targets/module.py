"""Targets, as a module of metrics."""

from services.chassis.module import Module
from services.metrics.targets.routes import router
from services.metrics.targets.target import Target

targets = Module(
    "targets", "What figures are to come to by a day, and how they stand.", routers=[router], documents=[Target]
)
