"""Investment, as a module of the incubator."""

from services.chassis.consuming.handlers import Handlers
from services.chassis.module import Module
from services.incubator.investment.closing.clocks import CLOCKS
from services.incubator.investment.closing.handlers import on as on_rounds
from services.incubator.investment.closing.routes import router as closing_router
from services.incubator.investment.commitments.commitment import Commitment
from services.incubator.investment.commitments.handlers import on as on_pledges
from services.incubator.investment.commitments.routes import router as commitments_router
from services.incubator.investment.investors.investor import Investor
from services.incubator.investment.investors.routes import router as investors_router
from services.incubator.investment.rounds.round import Round
from services.incubator.investment.rounds.routes import router as rounds_router
from services.incubator.investment.shares.cap_event import CapEvent
from services.incubator.investment.shares.cap_table import CapTable
from services.incubator.investment.shares.routes import router as shares_router
from services.incubator.investment.shares.share_class import ShareClass

investment = Module(
    "investment",
    "Investors, who holds which shares of a business since when, and the rounds in which money is raised.",
    routers=[investors_router, shares_router, rounds_router, commitments_router, closing_router],
    documents=[Investor, ShareClass, CapTable, CapEvent, Round, Commitment],
    handlers=Handlers.together(on_rounds, on_pledges),
    clocks=CLOCKS,
)
