"""Water and electricity, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.utilities.billing.clocks import CLOCKS
from services.incubator.utilities.billing.clocks import JOBS as BILLING_JOBS
from services.incubator.utilities.billing.common_consumption import CommonConsumption
from services.incubator.utilities.billing.routes import router as billing
from services.incubator.utilities.billing.run import BillingRun
from services.incubator.utilities.billing.utility_bill import UtilityBill
from services.incubator.utilities.imports.clocks import JOBS as IMPORT_JOBS
from services.incubator.utilities.imports.reading_import import ReadingImport, ReadingOutcome
from services.incubator.utilities.imports.routes import router as imports
from services.incubator.utilities.metering.handlers import on
from services.incubator.utilities.metering.meter import Meter
from services.incubator.utilities.metering.reading import Reading
from services.incubator.utilities.metering.routes import router as metering
from services.incubator.utilities.metering.service_point import ServicePoint
from services.incubator.utilities.tariffs.routes import router as tariffs
from services.incubator.utilities.tariffs.tariff import Tariff

utilities = Module(
    "utilities",
    "Water and electricity: tariffs, meters, readings and bills.",
    routers=[tariffs, metering, imports, billing],
    documents=[
        *(Tariff, ServicePoint, Meter, Reading, ReadingImport, ReadingOutcome),
        *(CommonConsumption, UtilityBill, BillingRun),
    ],
    handlers=on,
    clocks=CLOCKS,
    jobs=BILLING_JOBS | IMPORT_JOBS,
)
