"""Mentoring, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.mentoring.clocks import CLOCKS
from services.incubator.mentoring.routes import router
from services.incubator.mentorships.mentorship import Mentorship

mentoring = Module(
    "mentoring",
    "Consultants who stand by businesses while they incubate, as both sides have agreed.",
    routers=[router],
    documents=[Mentorship],
    clocks=CLOCKS,
)
