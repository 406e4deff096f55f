"""What an act on an application does to it, to its cohort and to who waits for a seat: one commit."""

from dataclasses import dataclass, field
from typing import Any

from services.chassis.domain.errors import Conflict, Unprocessable
from services.chassis.domain.moves import invalid_transition
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.incubator.programme.applications.application import Application
from services.incubator.programme.applications.bodies import ChangeApplication, DraftApplication, check_written
from services.incubator.programme.applications.founder import Failure
from services.incubator.programme.applications.queries import not_eligible, waiting_line
from services.incubator.programme.applications.status import S
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.status import CohortStatus
from services.incubator.tenants.queries import trading_tenant


async def draft(body: DraftApplication, cohort: Cohort, tx: Tx) -> Application:
    """Begin an application, while applications are taken.

    Raises:
        Conflict: `cohort_not_open`, `cohort_closed`, `application_exists`, and those of `trading_tenant`.
        Unprocessable: see `check_written`.
    """
    form = cohort.check_open(tx.now)
    check_written(body.founders, body.answers, form, zone_date(tx.now))
    tenant = await trading_tenant(body.business_id, tx) if body.business_id else None
    owner = tenant.partner_id if tenant else tx.caller.partner_id
    application = Application.draft(cohort, form, owner, founders=list(body.founders), answers=dict(body.answers))
    application.apply_for(tenant)
    hold(application, application.business_id, tx)
    # A cohort that is cancelled meanwhile has no draft that its clock does not see.
    tx.adjust(Cohort, cohort.id, {"drafts": 1}, where={"status": CohortStatus.OPEN.value})
    return tx.save(application)


async def change(application: Application, body: ChangeApplication, tx: Tx) -> Application:
    """Say something else in a draft, or take up a correction of the form.

    Raises:
        Conflict: `cohort_closed`, `invalid_transition`, `form_outdated`, `business_settled`, `application_exists`, and
            those of `trading_tenant`.
        Gone: `founders_erased`.
        Unprocessable: see `check_written`.
    """
    cohort = await tx.get(Cohort, application.cohort_id)
    form = cohort.check_open(tx.now)
    application.check_known()
    application.check_draft()
    application.check_form(cohort, form, written_for=body.form_version)
    application.take_up(form)
    check_written(body.founders, body.answers, form, zone_date(tx.now))
    if body.founders is not None:
        application.founders = list(body.founders)
    if body.answers is not None:
        application.answers = dict(body.answers)
    if "business_id" in body.model_fields_set:
        before = application.claim
        application.apply_for(await trading_tenant(body.business_id, tx) if body.business_id else None)
        if application.claim != before:
            _let_go(before, application, tx)
            hold(application, application.business_id, tx)
    return tx.save(application)


async def submit(application: Application, tx: Tx) -> Application:
    """Hand a draft in, judged by the rules that hold at this moment.

    Raises:
        Conflict: `cohort_closed`, `invalid_transition`, `form_outdated`, and those of `trading_tenant`.
        Gone: `founders_erased`.
        Unprocessable: `not_eligible`, with `failures`; `application_incomplete`; both say what is `missing`.
    """
    cohort = await tx.get(Cohort, application.cohort_id)
    form = cohort.check_open(tx.now)
    application.check_known()
    application.check_draft()
    application.check_form(cohort, form)
    if application.business_id:
        await trading_tenant(application.business_id, tx)
    failed, missing = await not_eligible(application, cohort, tx), application.missing(form)
    said: dict[str, Any] = {"failures": _told(failed), "missing": missing}
    if failed:
        raise Unprocessable("Who applies does not meet every rule.", code="not_eligible", **said)
    if missing:
        raise Unprocessable("Something is missing.", code="application_incomplete", **said)
    application.submit(tx.now)
    return tx.save(application)


async def reopen(application: Application, tx: Tx) -> Application:
    """Take a submitted application back to change it, while applications are taken.

    Raises:
        Conflict: `cohort_closed`, `invalid_transition`.
    """
    (await tx.get(Cohort, application.cohort_id)).check_open(tx.now)
    application.reopen()
    return tx.save(application)


async def accept(application: Application, tx: Tx) -> Application:
    """Give a seat by name: of as many as there are, never more; whoever waits for one has it by `promote` alone.

    Raises:
        Conflict: `invalid_transition`, `cohort_not_reviewing`, `cohort_full`.
    """
    if application.status is S.WAITLISTED:
        raise invalid_transition(application.status, application.allowed_actions)
    return await _seat(application, await tx.get(Cohort, application.cohort_id), tx)


@dataclass(frozen=True)
class Promotion:
    """Who was given a seat from the waiting list, and who was passed over."""

    application: Application | None
    passed_over: list[tuple[Application, list[Failure]]] = field(default_factory=list)


async def promote(cohort: Cohort, tx: Tx) -> Promotion:
    """Give a seat to the first in line who may still have it; officers and the clock come by this one door.

    Raises:
        Conflict: `cohort_not_reviewing`, `cohort_full`.
    """
    cohort.check_seat()
    passed_over = []
    for application in await waiting_line(cohort, tx):
        if failed := await not_eligible(application, cohort, tx):
            passed_over.append((application, failed))
            continue
        return Promotion(await _seat(application, cohort, tx), passed_over)
    return Promotion(None, passed_over)


async def withdraw(application: Application, reason: str | None, tx: Tx) -> Application:
    """Withdraw an application, at any time before it is enrolled; a seat that it had is free again.

    Raises:
        Conflict: `invalid_transition`.
    """
    if application.withdraw(tx.now, reason):
        tx.adjust(Cohort, application.cohort_id, {"seats_taken": -1}, at_least={"seats_taken": 0})
    _let_go(application.claim, application, tx)
    return tx.save(application)


def reject(application: Application, reasons: list[str], tx: Tx) -> Application:
    """Give no seat; the business may apply for this cohort again. Raises Conflict (`invalid_transition`)."""
    application.reject(tx.now, reasons)
    _let_go(application.claim, application, tx)
    return tx.save(application)


async def erase(application: Application, tx: Tx) -> Application:
    """Erase founders, answers and reasons; what is not decided for good is withdrawn.

    Raises:
        Gone: `founders_erased`, it was done before.
    """
    application.check_known()
    if application.is_live:
        await withdraw(application, None, tx)
    application.erase(tx.now)
    return tx.save(application)


async def _seat(application: Application, cohort: Cohort, tx: Tx) -> Application:
    application.accept(tx.now)
    cohort.check_seat()
    # A lost race is run again and told by what the cohort has become: full, or finished.
    tx.adjust(
        Cohort,
        cohort.id,
        {"seats_taken": 1},
        at_most={"seats_taken": "seats"},
        where={"status": cohort.status.value},
    )
    for vacated in await tx.select(Application, {"cohort_id": cohort.id, "vacated": True}, limit=1):
        vacated.vacated = False
        tx.save(vacated)
    return tx.save(application)


def _told(failed: list[Failure]) -> list[dict[str, str]]:
    return [each.model_dump() for each in failed]


def hold(application: Application, business_id: str | None, tx: Tx) -> None:
    """Let a business have no other application for this cohort; refused with `application_exists` where it has one."""
    if business_id:
        applied = Conflict("This business has an application for this cohort already.", code="application_exists")
        tx.claim(application.claim_of(business_id), application.id, taken=applied)


def _let_go(claim: str | None, application: Application, tx: Tx) -> None:
    if claim:
        tx.release(claim, application.id)
