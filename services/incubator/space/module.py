"""Co-working space, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.space.clocks import CLOCKS
from services.incubator.space.routes import router

space = Module(
    "space",
    "Co-working space: rooms, desks and equipment, booked for a business.",
    routers=[router],
    clocks=CLOCKS,
)
