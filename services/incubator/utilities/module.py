"""Water and electricity, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.utilities.billing.clocks import CLOCKS, JOBS
from services.incubator.utilities.billing.common_consumption import CommonConsumption
from services.incubator.utilities.billing.routes import router as billing
from services.incubator.utilities.billing.run import BillingRun
from services.incubator.utilities.billing.utility_bill import UtilityBill
from services.incubator.utilities.metering.meter import Meter
from services.incubator.utilities.metering.reading import Reading
from services.incubator.utilities.metering.routes import router as metering
from services.incubator.utilities.metering.service_point import ServicePoint
from services.incubator.utilities.tariffs.routes import router as tariffs
from services.incubator.utilities.tariffs.tariff import Tariff

utilities = Module(
    "utilities",
    "Water and electricity: tariffs, meters, readings and bills.",
    routers=[tariffs, metering, billing],
    documents=[Tariff, ServicePoint, Meter, Reading, CommonConsumption, UtilityBill, BillingRun],
    clocks=CLOCKS,
    jobs=JOBS,
)
