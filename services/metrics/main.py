"""Metrics: how the zone is doing, from events alone."""

from services.chassis.module import Module
from services.chassis.service import Service
from services.metrics.alerts.module import alerts
from services.metrics.charts.module import charts
from services.metrics.contributors.module import contributors
from services.metrics.exports.module import exports
from services.metrics.handlers import on
from services.metrics.reading.routes import router
from services.metrics.rebuilds.module import rebuilds
from services.metrics.rebuilds.queries import PROJECTED, VERSIONS
from services.metrics.scorecards.module import scorecards
from services.metrics.targets.module import targets
from services.metrics.trends.module import trends
from services.metrics.vintages.module import vintages

figures = Module(
    "figures",
    "How the zone is doing, computed from events.",
    routers=[router],
    documents=PROJECTED,
    handlers=on,
    projects=VERSIONS,
)

service = Service(
    "metrics",
    modules=[figures, contributors, targets, trends, charts, scorecards, vintages, alerts, exports, rebuilds],
)
