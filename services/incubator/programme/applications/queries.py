"""The filter of a list of applications, how a path names one, and the business that a body names."""

from typing import Annotated

from fastapi import Path

from services.chassis.domain.times import zone_date
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.startups.programmes import AdmissionStatus, ApplicationId, CohortId, ProgramId
from services.contracts.registry.businesses import BusinessId
from services.incubator.programme.applications.application import Application
from services.incubator.programme.applications.founder import Failure, failures
from services.incubator.programme.applications.status import S
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.tenants.tenant import Tenant, tenant_id

AdmissionRef = Annotated[ApplicationId, Path(description="The application, by its id.")]
MOST_IN_LINE = 1000
"""How many of a waiting list are looked at for one seat."""


class ApplicationFilter(Filter):
    """By programme, cohort and business, and by how far it has come."""

    program_id: ProgramId | None = None
    """For which programme."""
    cohort_id: CohortId | None = None
    """For which cohort."""
    business_id: BusinessId | None = None
    """Which business applies."""
    status: AdmissionStatus | None = None
    """How far it has come."""


async def judged(application_id: str, tx: Tx) -> Application:
    """An application that the caller decides on. Raises NotFound, Forbidden (`conflict_of_interest`)."""
    application = await tx.visible(Application, application_id)
    application.check_untied(tx.caller)
    return application


async def not_eligible(application: Application, cohort: Cohort, tx: Tx) -> list[Failure]:
    """The rules that who applies does not meet now, by the version of them that it is judged by."""
    tenant = await tx.find(Tenant, tenant_id(application.business_id)) if application.business_id else None
    rules = cohort.form_of(application.form_version).eligibility
    found = failures(rules, application.founders or [], tenant, zone_date(tx.now))
    if tenant is not None and not tenant.may_trade:
        found.append(Failure(rule="business_active", detail="The business may trade."))
    return found


async def waiting_line(cohort: Cohort, tx: Tx) -> list[Application]:
    """Who waits for a seat: by rank, then by who came on the list first."""
    where = {"cohort_id": cohort.id, "status": S.WAITLISTED.value}
    return await tx.select(Application, where, sort=(("rank", 1), ("waitlisted_at", 1), ("_id", 1)), limit=MOST_IN_LINE)
