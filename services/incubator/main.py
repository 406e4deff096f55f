"""The incubator, assembled."""

from services.chassis.service import Service
from services.incubator.booking.module import booking
from services.incubator.consulting.module import consulting
from services.incubator.departures.module import departures
from services.incubator.finance.module import finance
from services.incubator.investment.module import investment
from services.incubator.memberships.module import memberships
from services.incubator.mentoring.module import mentoring
from services.incubator.programme.module import programme
from services.incubator.recruitment.module import recruitment
from services.incubator.sites.module import sites
from services.incubator.space.allocations.queries import in_use
from services.incubator.space.module import space
from services.incubator.tenants.module import tenants
from services.incubator.utilities.billing.queries import unbilled
from services.incubator.utilities.module import utilities

service = Service(
    "incubator",
    modules=[
        tenants,
        sites,
        finance,
        booking,
        memberships,
        space,
        utilities,
        consulting,
        recruitment,
        programme,
        investment,
        mentoring,
        departures(in_use, unbilled),
    ],
)
