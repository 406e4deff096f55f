"""Contributors, as a module of metrics."""

from services.chassis.module import Module
from services.metrics.contributors.routes import router

contributors = Module("contributors", "What a figure is made of, down to the events that make it.", routers=[router])
