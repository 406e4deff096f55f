"""Recruitment, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.recruitment.applications.application import JobApplication
from services.incubator.recruitment.applications.routes import router as applications_router
from services.incubator.recruitment.candidates.candidate import Candidate
from services.incubator.recruitment.candidates.routes import router as candidates_router
from services.incubator.recruitment.erasure.clocks import CLOCKS as ERASURE_CLOCKS
from services.incubator.recruitment.erasure.routes import router as erasure_router
from services.incubator.recruitment.postings.clocks import CLOCKS as POSTINGS_CLOCKS
from services.incubator.recruitment.postings.handlers import on
from services.incubator.recruitment.postings.posting import JobPosting
from services.incubator.recruitment.postings.routes import router as postings_router

recruitment = Module(
    "recruitment",
    "Jobs that start-ups offer, who applies for them, and who is hired.",
    routers=[postings_router, candidates_router, applications_router, erasure_router],
    documents=[JobPosting, Candidate, JobApplication],
    handlers=on,
    clocks=[*POSTINGS_CLOCKS, *ERASURE_CLOCKS],
)
