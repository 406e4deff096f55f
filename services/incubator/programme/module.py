"""Programmes, as a module of the incubator."""

from services.chassis.consuming.handlers import Handlers
from services.chassis.module import Module
from services.incubator.programme.applications.application import Application
from services.incubator.programme.applications.clocks import CLOCKS as APPLICATIONS_CLOCKS
from services.incubator.programme.applications.handlers import on as on_applications
from services.incubator.programme.applications.routes import router as applications_router
from services.incubator.programme.incubations.clocks import CLOCKS as INCUBATIONS_CLOCKS
from services.incubator.programme.incubations.handlers import on as on_incubations
from services.incubator.programme.incubations.incubation import Incubation
from services.incubator.programme.incubations.routes import router as incubations_router
from services.incubator.programme.judging.routes import router as judging_router
from services.incubator.programme.programmes.clocks import CLOCKS as PROGRAMMES_CLOCKS
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.program import Program
from services.incubator.programme.programmes.routes import router as programmes_router

programme = Module(
    "programme",
    "Programmes for young companies: cohorts with seats, who applies and how that is judged, and who incubates.",
    routers=[programmes_router, applications_router, judging_router, incubations_router],
    documents=[Program, Cohort, Application, Incubation],
    handlers=Handlers.together(on_applications, on_incubations),
    clocks=[*PROGRAMMES_CLOCKS, *APPLICATIONS_CLOCKS, *INCUBATIONS_CLOCKS],
)
