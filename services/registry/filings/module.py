"""Filings, as a module of the registry."""

from services.chassis.module import Module
from services.registry.filings.clocks import CLOCKS
from services.registry.filings.filing import Filing
from services.registry.filings.routes import router

filings = Module(
    "filings",
    "The acts that change the register, from draft to effect.",
    routers=[router],
    documents=[Filing],
    clocks=CLOCKS,
)
