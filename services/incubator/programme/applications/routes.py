"""Applications for cohorts over HTTP: written, handed in, withdrawn, erased."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.incubator.callers import Member, Reader
from services.incubator.programme.applications import effects
from services.incubator.programme.applications.application import Application
from services.incubator.programme.applications.bodies import ChangeApplication, DraftApplication, WithdrawApplication
from services.incubator.programme.applications.queries import AdmissionRef, ApplicationFilter
from services.incubator.programme.applications.views import ApplicationView
from services.incubator.programme.programmes.queries import cohort_named
from services.incubator.tenants.queries import TRADING

router = APIRouter(prefix="/v1/incubator/applications", route_class=TransactionalRoute)

WRITTEN = ("date_range", "question_unknown", "answer_too_long")
TAKEN = ("cohort_not_open", "cohort_closed")


@router.post("", status_code=201)
@refuses(*TRADING, *WRITTEN, *TAKEN, "cohort_unknown", "application_exists")
async def draft_application(body: DraftApplication, member: Member, tx: InTx) -> ApplicationView:
    """Begin an application, while its cohort takes them; a business has one at a time for a cohort."""
    cohort = await cohort_named(body.cohort_id, tx)
    return ApplicationView.of(await effects.draft(body, cohort, tx))


@router.get("")
async def list_applications(
    asked: Annotated[ApplicationFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[ApplicationView]:
    """One's own applications, oldest first; officials see all."""
    return await page.of(tx, Application, asked.where(), ApplicationView.of)


@router.get("/{admission_id}")
async def see_application(admission_id: AdmissionRef, reader: Reader, tx: InTx) -> ApplicationView:
    """One application."""
    return ApplicationView.of(await tx.visible(Application, admission_id))


@router.patch("/{admission_id}")
@refuses(
    *TRADING,
    *WRITTEN,
    *TAKEN,
    "invalid_transition",
    "form_outdated",
    "business_settled",
    "other_partners_business",
    "application_exists",
    "founders_erased",
)
async def change_application(
    admission_id: AdmissionRef, body: ChangeApplication, member: Member, tx: InTx
) -> ApplicationView:
    """Say something else in a draft; with `form_version` it takes up the form as it was corrected."""
    application = await tx.visible(Application, admission_id)
    return ApplicationView.of(await effects.change(application, body, tx))


@router.post("/{admission_id}/submit")
@refuses(
    *TRADING,
    *TAKEN,
    "invalid_transition",
    "form_outdated",
    "application_incomplete",
    "not_eligible",
    "founders_erased",
)
async def submit_application(
    admission_id: AdmissionRef, member: Member, tx: InTx, body: Nothing | None = None
) -> ApplicationView:
    """Hand a draft in; rules that are not met are told all at once, as `failures`."""
    application = await tx.visible(Application, admission_id)
    return ApplicationView.of(await effects.submit(application, tx))


@router.post("/{admission_id}/reopen")
@refuses(*TAKEN, "invalid_transition")
async def reopen_application(
    admission_id: AdmissionRef, member: Member, tx: InTx, body: Nothing | None = None
) -> ApplicationView:
    """Take a submitted application back to change it, while its cohort takes applications."""
    application = await tx.visible(Application, admission_id)
    return ApplicationView.of(await effects.reopen(application, tx))


@router.post("/{admission_id}/withdraw")
@refuses("invalid_transition")
async def withdraw_application(
    admission_id: AdmissionRef, member: Member, tx: InTx, body: WithdrawApplication | None = None
) -> ApplicationView:
    """Withdraw an application, at any time before it is enrolled; a seat that it had goes to who waits."""
    application = await tx.visible(Application, admission_id)
    return ApplicationView.of(await effects.withdraw(application, body.reason if body else None, tx))


@router.post("/{admission_id}/erase")
@refuses("founders_erased")
async def erase_application(
    admission_id: AdmissionRef, member: Member, tx: InTx, body: Nothing | None = None
) -> ApplicationView:
    """Erase founders, answers and reasons, for good; what is not decided yet is withdrawn."""
    application = await tx.visible(Application, admission_id)
    return ApplicationView.of(await effects.erase(application, tx))
