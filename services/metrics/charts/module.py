"""Charts, as a module of metrics."""

from services.chassis.module import Module
from services.metrics.charts.routes import router

charts = Module("charts", "Figures over time as pictures, with what targets expect of them.", routers=[router])
