"""Water and electricity, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.utilities.tariffs.routes import router as tariffs
from services.incubator.utilities.tariffs.tariff import Tariff

utilities = Module(
    "utilities",
    "Water and electricity: tariffs, meters, readings and bills.",
    routers=[tariffs],
    documents=[Tariff],
)
