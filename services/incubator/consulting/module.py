"""Consulting, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.consulting.appointments.clocks import CLOCKS
from services.incubator.consulting.appointments.handlers import on
from services.incubator.consulting.appointments.routes import router as appointments_router
from services.incubator.consulting.consultants.consultant import Consultant
from services.incubator.consulting.consultants.routes import router as consultants_router
from services.incubator.consulting.offerings.offering import Offering
from services.incubator.consulting.offerings.routes import router as offerings_router

consulting = Module(
    "consulting",
    "Consultants, what they offer, and the hours that start-ups have with them.",
    routers=[offerings_router, consultants_router, appointments_router],
    documents=[Offering, Consultant],
    handlers=on,
    clocks=CLOCKS,
)
