"""Financial management, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.finance.book import Account, Book
from services.incubator.finance.handlers import on
from services.incubator.finance.routes import router

finance = Module(
    "finance",
    "Financial management: a double-entry book for every business.",
    routers=[router],
    documents=[Book, Account],
    handlers=on,
)
