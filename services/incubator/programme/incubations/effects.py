"""How who was accepted is enrolled, and what ends with an incubation: each in one commit."""

from services.chassis.domain.errors import Conflict
from services.chassis.domain.violations import Violation, refusal
from services.chassis.store.unit_of_work import Tx
from services.incubator.mentorships.effects import end_with_incubation
from services.incubator.programme.applications.application import Application
from services.incubator.programme.applications.effects import hold
from services.incubator.programme.incubations.bodies import EnrolBusiness
from services.incubator.programme.incubations.incubation import Incubation
from services.incubator.programme.incubations.term import IncubationBaseline
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.program import Program
from services.incubator.tenants.queries import trading_tenant


async def enrol(application: Application, body: EnrolBusiness, tx: Tx) -> Incubation:
    """Let a business begin; a team that applied without one names it now.

    Raises:
        Conflict: `invalid_transition`, `cohort_not_reviewing`, `business_settled`, `other_partners_business`,
            `application_exists`, and those of `trading_tenant`.
        Unprocessable: `business_required`.
    """
    cohort = await tx.get(Cohort, application.cohort_id)
    application.enrol()
    cohort.check_seating()
    business_id = application.business_id or body.business_id
    if business_id is None:
        raise refusal(Violation("business_required", "A business is enrolled, not a team.", ("business_id",)))
    if body.business_id not in (None, business_id):
        raise Conflict("It applied for another business.", code="business_settled")
    tenant = await trading_tenant(business_id, tx)
    if tenant.partner_id != application.partner_id:
        raise Conflict("This business is another partner's.", code="other_partners_business")
    hold(application, business_id, tx)
    tx.save(application)
    baseline = IncubationBaseline(**dict(body.baseline))
    program = await tx.get(Program, cohort.program_id)
    return tx.save(Incubation.start(application, cohort, program, tenant, baseline))


async def ended(incubation: Incubation, tx: Tx) -> Incubation:
    """Keep an incubation that has ended; nobody mentors its business any more."""
    await end_with_incubation(incubation.id, tx)
    return tx.save(incubation)


async def erase(incubation: Incubation, tx: Tx) -> Incubation:
    """Erase what people wrote of an incubation that has ended, and who founded its business.

    Raises:
        Conflict: `invalid_transition`, the business incubates.
        Gone: `incubation_erased`, it was done before.
    """
    incubation.erase(tx.now)
    application = await tx.get(Application, incubation.application_id)
    if application.erased_at is None:
        application.erase(tx.now)
        tx.save(application)
    return tx.save(incubation)
