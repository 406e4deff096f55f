"""Scorecards, as a module of metrics."""

from services.chassis.module import Module
from services.metrics.scorecards.routes import router

scorecards = Module("scorecards", "The zone as a whole, and by the rules of those who judge it.", routers=[router])
