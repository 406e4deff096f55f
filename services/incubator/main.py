"""The incubator, assembled."""

from services.chassis.service import Service
from services.incubator.finance import routes as finance
from services.incubator.finance.book import Account, Book
from services.incubator.tenants import routes
from services.incubator.tenants.handlers import on
from services.incubator.tenants.tenant import Tenant

service = Service(
    "incubator",
    routers=[routes.router, finance.router],
    documents=[Tenant, Book, Account],
    handlers=on,
)
