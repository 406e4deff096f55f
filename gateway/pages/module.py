"""Pages, as a module of the gateway."""

from gateway.pages.routes import router
from services.chassis.module import Module

pages = Module("pages", "What anyone may read: the document of the API, and what each problem means.", routers=[router])
