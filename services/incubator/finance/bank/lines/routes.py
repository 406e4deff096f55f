"""Lines of bank statements over HTTP: what each may be, and what an official decides that it is."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import InSortedPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.incubator.callers import Reader, Staff
from services.incubator.finance.bank.lines import effects
from services.incubator.finance.bank.lines.bodies import MatchLine, PostFromLine, ReceiveFromLine
from services.incubator.finance.bank.lines.effects import MATCHING
from services.incubator.finance.bank.lines.line import StatementLine
from services.incubator.finance.bank.lines.queries import StatementLineFilter, StatementLineRef, proposals_for
from services.incubator.finance.bank.lines.views import ProposalsView, StatementLineView
from services.incubator.finance.entry import Entry
from services.incubator.finance.payments.effects import ALLOCATING, Share
from services.incubator.finance.posting import POSTING
from services.incubator.tenants.queries import own_tenant

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)

BY_DAY = {"booked_on": "booked_on"}


@router.get("/statement-lines")
async def list_statement_lines(
    asked: Annotated[StatementLineFilter, Query()], reader: Reader, tx: InTx, page: InSortedPage
) -> Page[StatementLineView]:
    """The lines of bank statements by the day on which they were booked; the newest first with `-booked_on`."""
    return await page.of(tx, StatementLine, asked.where(), StatementLineView.of, sorts=BY_DAY)


@router.get("/statement-lines/{line_id}")
async def see_statement_line(line_id: StatementLineRef, reader: Reader, tx: InTx) -> StatementLineView:
    """One line, and what it was matched with."""
    return StatementLineView.of(await tx.visible(StatementLine, line_id))


@router.get("/statement-lines/{line_id}/proposals")
async def list_proposals(line_id: StatementLineRef, reader: Reader, tx: InTx) -> ProposalsView:
    """What a line may be, as things are now: entries that are there, and invoices that it may pay; with the reasons."""
    line = await tx.visible(StatementLine, line_id)
    return ProposalsView.of(await proposals_for(line, tx))


@router.post("/statement-lines/{line_id}/match")
@refuses("entry_differs", "entry_taken_back", *MATCHING)
async def match_statement_line(line_id: StatementLineRef, body: MatchLine, staff: Staff, tx: InTx) -> StatementLineView:
    """Say that a line is what an entry of its book says."""
    line = await tx.visible(StatementLine, line_id)
    await effects.match(line, await tx.visible(Entry, body.entry_id), tx)
    return StatementLineView.of(line)


@router.post("/statement-lines/{line_id}/receive-payment")
@refuses(
    "not_the_zones", "line_goes_out", "business_unknown_yet", "reference_conflict", *MATCHING, *ALLOCATING, *POSTING
)
async def receive_payment_from_line(
    line_id: StatementLineRef, body: ReceiveFromLine, staff: Staff, tx: InTx
) -> StatementLineView:
    """Take a line in as a payment of a business, and pay invoices with it; what is left waits, where `prepay` says so.
    It counts for the first open day since the bank booked it."""
    line = await tx.visible(StatementLine, line_id)
    tenant = await own_tenant(body.business_id, tx)
    shares = [Share(each.invoice_id, each.amount, ("allocations", at)) for at, each in enumerate(body.allocations)]
    await effects.receive_payment(line, tenant, shares, tx, prepay=body.prepay)
    return StatementLineView.of(line)


@router.post("/statement-lines/{line_id}/post-entry")
@refuses("account_unknown", *MATCHING, *POSTING)
async def post_entry_from_line(
    line_id: StatementLineRef, body: PostFromLine, staff: Staff, tx: InTx
) -> StatementLineView:
    """Post what a line says against another account of the book, such as a charge of the bank."""
    line = await tx.visible(StatementLine, line_id)
    await effects.post_entry(line, body.code, body.description, tx)
    return StatementLineView.of(line)


@router.post("/statement-lines/{line_id}/unmatch")
@refuses("invalid_transition", "payment_refunded", "entry_matched", *POSTING)
async def unmatch_statement_line(line_id: StatementLineRef, staff: Staff, tx: InTx) -> StatementLineView:
    """Undo the match of a line; a payment or an entry that matching made is taken back, others stay as they are."""
    line = await tx.visible(StatementLine, line_id)
    await effects.unmatch(line, tx)
    return StatementLineView.of(line)
