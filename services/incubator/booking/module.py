"""What can be reserved, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.booking.appointments.week import ConsultingWeek
from services.incubator.booking.blackout import Blackout
from services.incubator.booking.minutes import MinutesUsed
from services.incubator.booking.occupancy.clocks import CLOCKS
from services.incubator.booking.occupancy.resource_day import ResourceDay
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.resource import Resource
from services.incubator.booking.routes import router

booking = Module(
    "resources",
    "Rooms, desks and equipment of the sites, and when they are free.",
    routers=[router],
    documents=[Resource, Blackout, Reservation, Allocation, MinutesUsed, ConsultingWeek, ResourceDay],
    clocks=CLOCKS,
)
