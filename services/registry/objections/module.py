"""Objections, as a module of the registry."""

from services.chassis.module import Module
from services.registry.objections.clocks import CLOCKS
from services.registry.objections.handlers import on
from services.registry.objections.objection import Objection
from services.registry.objections.routes import router

objections = Module(
    "objections",
    "Who has a claim on a business that is being dissolved, and what became of it.",
    routers=[router],
    documents=[Objection],
    handlers=on,
    clocks=CLOCKS,
)
