"""Alerts, as a module of metrics."""

from services.chassis.module import Module
from services.metrics.alerts.alert import Alert
from services.metrics.alerts.clocks import CLOCKS
from services.metrics.alerts.routes import router
from services.metrics.alerts.rule import AlertRule

alerts = Module(
    "alerts",
    "Of which figures somebody wants to know, and when they came to that.",
    routers=[router],
    documents=[AlertRule, Alert],
    clocks=CLOCKS,
)
