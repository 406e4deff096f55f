"""Departures, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.departures.clocks import StillToCharge, clocks_of
from services.incubator.departures.departure import Departure
from services.incubator.departures.handlers import on
from services.incubator.departures.routes import router


def departures(*rooms: StillToCharge) -> Module:
    """The room of departures, given what each offering has still to charge to a business that leaves."""
    return Module(
        "departures",
        "Businesses that are being dissolved: what has still to be charged, and what they owe.",
        routers=[router],
        documents=[Departure],
        handlers=on,
        clocks=clocks_of(rooms),
    )
