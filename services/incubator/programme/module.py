"""Programmes, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.programme.applications.application import Application
from services.incubator.programme.applications.clocks import CLOCKS as APPLICATIONS_CLOCKS
from services.incubator.programme.applications.routes import router as applications_router
from services.incubator.programme.judging.routes import router as judging_router
from services.incubator.programme.programmes.clocks import CLOCKS as PROGRAMMES_CLOCKS
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.program import Program
from services.incubator.programme.programmes.routes import router as programmes_router

programme = Module(
    "programme",
    "Programmes for young companies: cohorts with seats, who applies for them, and how that is judged.",
    routers=[programmes_router, applications_router, judging_router],
    documents=[Program, Cohort, Application],
    clocks=[*PROGRAMMES_CLOCKS, *APPLICATIONS_CLOCKS],
)
