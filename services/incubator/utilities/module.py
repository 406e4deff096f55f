"""Water and electricity, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.utilities.metering.meter import Meter
from services.incubator.utilities.metering.reading import Reading
from services.incubator.utilities.metering.routes import router as metering
from services.incubator.utilities.metering.service_point import ServicePoint
from services.incubator.utilities.tariffs.routes import router as tariffs
from services.incubator.utilities.tariffs.tariff import Tariff

utilities = Module(
    "utilities",
    "Water and electricity: tariffs, meters, readings and bills.",
    routers=[tariffs, metering],
    documents=[Tariff, ServicePoint, Meter, Reading],
)
