"""Vintages, as a module of metrics."""

from services.chassis.module import Module
from services.metrics.vintages.routes import router
from services.metrics.vintages.snapshot import FrozenFigure, Snapshot

vintages = Module(
    "vintages",
    "What was reported of a period, kept beside what is known of it now.",
    routers=[router],
    documents=[Snapshot, FrozenFigure],
)
