"""Memberships, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.memberships.handlers import on
from services.incubator.memberships.membership import Membership
from services.incubator.memberships.plan import Plan
from services.incubator.memberships.routes import router

memberships = Module(
    "memberships",
    "Plans with included minutes of space, and the businesses that have them.",
    routers=[router],
    documents=[Plan, Membership],
    handlers=on,
)
