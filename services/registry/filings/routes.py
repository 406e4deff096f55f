"""Filings over HTTP: a route reads, asks the filing, has it take effect, saves, and answers."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.http.paging import CountedPage, InCountedPage, InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.contracts.registry.filings import FilingType
from services.registry.businesses.queries import BusinessRef, open_business
from services.registry.callers import Filer, FilingReader, Officer
from services.registry.filings.bodies import (
    AnnualReportDraft,
    Approve,
    ChangeFiling,
    FilingOfAType,
    NewFiling,
    RegistrationDraft,
    Reject,
    Submit,
)
from services.registry.filings.catalogue import PAYLOADS
from services.registry.filings.effects import (
    business_of,
    give_back_claims,
    register_around,
    take_claims,
    take_effect,
    warnings_of,
)
from services.registry.filings.filing import Filing
from services.registry.filings.queries import AskedOfHost, FilingFilter, FilingRef, asked_of_host, check_drafts
from services.registry.filings.status import FilingStatus
from services.registry.filings.views import FilingView, HostingRequest
from services.registry.partners.queries import owner_named

ON_SUBMISSION = sorted({code for payload in PAYLOADS.values() for code in (*payload.refuses, *payload.refuses_later)})
"""What the register may say of any filing when it is handed in."""

router = APIRouter(prefix="/v1/registry", route_class=TransactionalRoute)


# of one business


@router.get("/businesses/{business_id}/filings")
async def list_filings_of_business(
    business_id: BusinessRef, reader: FilingReader, tx: InTx, page: InCountedPage
) -> CountedPage[FilingView]:
    """The filings of a business."""
    business = await open_business(business_id, tx)
    return await page.counted(tx, Filing, {"business_id": business.id}, lambda filing: FilingView.of(filing, reader))


@router.get("/businesses/{business_id}/annual-reports")
async def list_annual_reports(
    business_id: BusinessRef, reader: FilingReader, tx: InTx, page: InCountedPage
) -> CountedPage[FilingView]:
    """The annual reports that a business has completed."""
    business = await open_business(business_id, tx)
    where = {"business_id": business.id, "type": FilingType.ANNUAL_REPORT, "status": FilingStatus.COMPLETED}
    return await page.counted(tx, Filing, where, lambda filing: FilingView.of(filing, reader))


@router.get("/businesses/{business_id}/hosting-requests")
async def list_hosting_requests(
    business_id: BusinessRef, reader: FilingReader, tx: InTx, page: InPage
) -> Page[HostingRequest]:
    """What was handed in that names a business as host, and waits for its owner to confirm it."""
    host = await open_business(business_id, tx)
    return await page.of(tx, AskedOfHost, {"host_business_id": host.id, "awaits_host": True}, HostingRequest.of)


# what applicants do


@router.post("/registrations", status_code=201)
@refuses("too_many_drafts", "effective_date", "partner_unknown")
async def draft_registration(body: RegistrationDraft, filer: Filer, tx: InTx) -> FilingView:
    """Begin the registration of a business, whose id is known from here on; officials may, for its owner.

    What it would be refused for if it was handed in, such as a code that is registered, is told in `warnings`.
    """
    await check_drafts(filer, tx)
    filing = Filing.draft(
        body.payload,
        requested_effective_at=body.requested_effective_at,
        on_behalf_of=await owner_named(body.on_behalf_of, filer, tx),
        by=filer,
        at=tx.now,
    )
    filing.warnings = await warnings_of(filing, tx)
    return FilingView.of(tx.save(filing), filer)


@router.post("/businesses/{business_id}/filings", status_code=201)
@refuses("too_many_drafts", "filing_not_allowed", "effective_date")
async def draft_filing(business_id: BusinessRef, body: NewFiling, filer: Filer, tx: InTx) -> FilingView:
    """Begin a filing for a business."""
    return await _drafted(business_id, body, filer, tx)


@router.post("/businesses/{business_id}/annual-reports", status_code=201)
@refuses("too_many_drafts", "filing_not_allowed", "effective_date")
async def draft_annual_report(business_id: BusinessRef, body: AnnualReportDraft, filer: Filer, tx: InTx) -> FilingView:
    """Begin an annual report; the same as a filing of this type."""
    return await _drafted(business_id, body, filer, tx)


@router.patch("/filings/{filing_id}")
@refuses("not_the_owner", "invalid_transition", "filing_not_allowed", "effective_date")
async def change_filing(filing_id: FilingRef, body: ChangeFiling, filer: Filer, tx: InTx) -> FilingView:
    """Change a draft; it is judged anew, and says in `warnings` what it would be refused for if it was handed in."""
    filing = await tx.visible(Filing, filing_id)
    filing.check_changeable(filer)
    business = await business_of(filing, tx)
    asked = "requested_effective_at" in body.model_fields_set
    filing.change(
        body.payload_after(filing.stated, official=filer.is_official, today=zone_date(tx.now)),
        body.requested_effective_at if asked else filing.asked_moment(business),
        by=filer,
        at=tx.now,
        business=business,
    )
    filing.warnings = await warnings_of(filing, tx)
    return FilingView.of(tx.save(filing), filer)


@router.post("/filings/{filing_id}/submit")
@refuses(
    "not_the_owner",
    "invalid_transition",
    "declaration_required",
    "filing_not_allowed",
    "effective_date",
    "stale_base_version",
    "filing_in_progress",
    *ON_SUBMISSION,
)
async def submit_filing(filing_id: FilingRef, filer: Filer, tx: InTx, body: Submit | None = None) -> FilingView:
    """Hand a filing in; where the rules alone decide, it takes effect in the same transaction."""
    filing = await tx.visible(Filing, filing_id)
    declaration = body.declaration if body else None
    filing.submit(
        declaration.name if declaration and declaration.accepted else None,
        await register_around(filing, tx),
        by=filer,
        at=tx.now,
    )
    await take_claims(filing, tx)
    await take_effect(filing, tx)
    return FilingView.of(tx.save(filing), filer)


@router.post("/filings/{filing_id}/withdraw")
@refuses("not_the_owner", "invalid_transition")
async def withdraw_filing(filing_id: FilingRef, filer: Filer, tx: InTx, body: Nothing | None = None) -> FilingView:
    """Take a filing back, before it takes effect; others can have what it had reserved.

    What a draft said is blanked at once. Officials end what is approved, and reject what is not yet.
    """
    filing = await tx.visible(Filing, filing_id)
    filing.withdraw(by=filer, at=tx.now)
    give_back_claims(filing, tx)
    return FilingView.of(tx.save(filing), filer)


@router.get("/filings")
async def list_filings(
    asked: Annotated[FilingFilter, Query()], reader: FilingReader, tx: InTx, page: InCountedPage
) -> CountedPage[FilingView]:
    """The filings that the caller may see: an officer's queue, a partner's own."""
    return await page.counted(tx, Filing, asked.where(), lambda filing: FilingView.of(filing, reader))


@router.get("/filings/{filing_id}")
async def show_filing(filing_id: FilingRef, reader: FilingReader, tx: InTx) -> FilingView:
    """A filing."""
    return FilingView.of(await tx.visible(Filing, filing_id), reader)


# what the owner of a host does


@router.get("/filings/{filing_id}/hosting")
async def show_hosting_request(filing_id: FilingRef, reader: FilingReader, tx: InTx) -> HostingRequest:
    """What a filing asks of the host that it names; the owner of that host sees this much of it."""
    return HostingRequest.of(await asked_of_host(filing_id, tx))


@router.post("/filings/{filing_id}/confirm-hosting")
@refuses("no_host_named", "not_the_host", "invalid_transition", "stale_base_version", *ON_SUBMISSION)
async def confirm_hosting(filing_id: FilingRef, filer: Filer, tx: InTx, body: Nothing | None = None) -> HostingRequest:
    """Take a business in as its host; what waited for an officer for want of this alone takes effect at once."""
    filing = await asked_of_host(filing_id, tx)
    if filing.confirm_hosting(await register_around(filing, tx), by=filer, at=tx.now):
        await take_effect(filing, tx)
        tx.save(filing)
    return HostingRequest.of(filing)


# what officers do


@router.post("/filings/{filing_id}/assign")
@refuses("invalid_transition", "separation_of_duties")
async def assign_filing(filing_id: FilingRef, officer: Officer, tx: InTx, body: Nothing | None = None) -> FilingView:
    """Take a filing up."""
    filing = await tx.visible(Filing, filing_id)
    filing.assign(by=officer, at=tx.now)
    return FilingView.of(tx.save(filing), officer)


@router.post("/filings/{filing_id}/approve")
@refuses("invalid_transition", "not_assigned", "separation_of_duties", "supervisor_required")
async def approve_filing(filing_id: FilingRef, officer: Officer, tx: InTx, body: Approve | None = None) -> FilingView:
    """Find a filing good, its assignee first and then, where two look at it, a supervisor.

    Where nothing stands in its way it takes effect in the same transaction."""
    filing = await tx.visible(Filing, filing_id)
    filing.approve(by=officer, comment=body.comment if body else None, at=tx.now)
    await take_effect(filing, tx)
    return FilingView.of(tx.save(filing), officer)


@router.post("/filings/{filing_id}/reject")
@refuses("invalid_transition", "not_assigned", "separation_of_duties")
async def reject_filing(filing_id: FilingRef, body: Reject, officer: Officer, tx: InTx) -> FilingView:
    """Refuse a filing, for good and with the reason."""
    filing = await tx.visible(Filing, filing_id)
    filing.reject(by=officer, reason_code=body.reason_code, comment=body.comment, at=tx.now)
    give_back_claims(filing, tx)
    return FilingView.of(tx.save(filing), officer)


async def _drafted(business_id: str, body: FilingOfAType | AnnualReportDraft, filer: Filer, tx: InTx) -> FilingView:
    business = await open_business(business_id, tx)
    await check_drafts(filer, tx)
    filing = Filing.draft(
        body.payload,
        business=business,
        requested_effective_at=body.requested_effective_at,
        by=filer,
        at=tx.now,
    )
    filing.warnings = await warnings_of(filing, tx)
    return FilingView.of(tx.save(filing), filer)
