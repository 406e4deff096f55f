"""Investment, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.investment.investors.investor import Investor
from services.incubator.investment.investors.routes import router as investors_router
from services.incubator.investment.shares.cap_event import CapEvent
from services.incubator.investment.shares.cap_table import CapTable
from services.incubator.investment.shares.routes import router as shares_router
from services.incubator.investment.shares.share_class import ShareClass

investment = Module(
    "investment",
    "Investors, and who holds which shares of a business since when.",
    routers=[investors_router, shares_router],
    documents=[Investor, ShareClass, CapTable, CapEvent],
)
