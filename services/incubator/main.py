"""The incubator, assembled."""

from services.chassis.service import Service
from services.incubator import routes
from services.incubator.finance import routes as finance
from services.incubator.finance.book import Account, Book
from services.incubator.handlers import on
from services.incubator.tenant import Tenant

service = Service(
    "incubator",
    routers=[routes.router, finance.router],
    documents=[Tenant, Book, Account],
    handlers=on,
)
