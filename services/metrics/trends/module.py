"""Trends, as a module of metrics."""

from services.chassis.module import Module
from services.metrics.trends.routes import router

trends = Module("trends", "How figures grow, and how they would go on.", routers=[router])
