"""Metrics: how the zone is doing, from events alone."""

from services.chassis.module import Module
from services.chassis.service import Service
from services.metrics.alerts.module import alerts
from services.metrics.handlers import on
from services.metrics.reading.routes import router
from services.metrics.rebuilds import clocks
from services.metrics.rebuilds.queries import PROJECTED, VERSIONS
from services.metrics.rebuilds.rebuild import Rebuild
from services.metrics.rebuilds.routes import router as rebuilding
from services.metrics.targets.module import targets
from services.metrics.trends.module import trends

figures = Module(
    "figures",
    "How the zone is doing, computed from events.",
    routers=[router],
    documents=PROJECTED,
    handlers=on,
    projects=VERSIONS,
)
rebuilds = Module(
    "rebuilds",
    "The figures made anew from the log, beside live traffic.",
    routers=[rebuilding],
    documents=[Rebuild],
    clocks=clocks.CLOCKS,
    jobs=clocks.JOBS,
)

service = Service("metrics", modules=[figures, targets, trends, rebuilds, alerts])
