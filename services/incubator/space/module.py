"""Co-working space, as a module of the incubator."""

from services.chassis.consuming.handlers import Handlers
from services.chassis.module import Module
from services.incubator.space.allocations.clocks import CLOCKS as ALLOCATION_CLOCKS
from services.incubator.space.allocations.handlers import on as on_allocations
from services.incubator.space.allocations.routes import router as allocations
from services.incubator.space.clocks import CLOCKS
from services.incubator.space.handlers import on
from services.incubator.space.routes import router

space = Module(
    "space",
    "Co-working space: rooms, desks and equipment, booked for a business or allocated to it for days on end.",
    routers=[router, allocations],
    handlers=Handlers.together(on, on_allocations),
    clocks=(*CLOCKS, *ALLOCATION_CLOCKS),
)
