"""Rebuilds, as a module of metrics."""

from services.chassis.module import Module
from services.metrics.rebuilds import clocks
from services.metrics.rebuilds.rebuild import Rebuild
from services.metrics.rebuilds.routes import router

rebuilds = Module(
    "rebuilds",
    "The figures made anew from the log, beside live traffic.",
    routers=[router],
    documents=[Rebuild],
    clocks=clocks.CLOCKS,
    jobs=clocks.JOBS,
)
