"""Share classes, cap events and cap tables over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.http.answers.answer import Answer
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.chassis.store.unit_of_work import Tx
from services.incubator.callers import Member, Reader
from services.incubator.finance.period import check_entered
from services.incubator.investment.shares.bodies import (
    CancelShares,
    ChangeAuthorised,
    CreateShareClass,
    IssueShares,
    RepurchaseShares,
    SplitShares,
    TransferShares,
)
from services.incubator.investment.shares.cap_event import CapEvent
from services.incubator.investment.shares.cap_table import When
from services.incubator.investment.shares.effects import keep
from services.incubator.investment.shares.open_cap import package
from services.incubator.investment.shares.queries import (
    AsOf,
    CapEventFilter,
    ShareClassRef,
    cap_table_of,
    classes_of,
    events_until,
    holder_named,
    holding_named,
    investors_by_id,
    investors_in,
    issuer_of,
    share_class_named,
    standing_on,
)
from services.incubator.investment.shares.share_class import ShareClass
from services.incubator.investment.shares.split import Split
from services.incubator.investment.shares.views import CapEventView, CapTableView, ShareClassView
from services.incubator.tenants.queries import TenantRef

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)

OF_A_HOLDING = (
    "certificate_unknown",
    "holding_used_up",
    "holding_exceeded",
    "before_last_event",
    "date_range",
    "too_many_holdings",
    "too_many_cap_events",
)
OF_A_CLASS = ("share_class_unknown", "authorised_exceeded", "before_last_event", "date_range", "too_many_cap_events")


class OpenCapPackage(Answer):
    """A package of the Open Cap Format."""

    media_type = "application/zip"


@router.post("/businesses/{business_id}/share-classes", status_code=201)
@refuses("prefix_taken", "too_many_classes", "date_range", "too_many_cap_events")
async def create_share_class(
    business_id: TenantRef, body: CreateShareClass, member: Member, tx: InTx
) -> ShareClassView:
    """Create a share class, with a first number of shares that may be issued."""
    table = await cap_table_of(business_id, tx)
    when = _when(body.effective_on, tx)
    said = {name: getattr(body, name) for name in CreateShareClass.model_fields.keys() - {"authorised", "par_value"}}
    par_value = None if body.par_value is None else body.par_value.amount
    share_class = ShareClass.create(
        business_id=table.business_id, partner_id=table.partner_id, currency=table.currency, par_value=par_value, **said
    )
    await keep(table.add_class(share_class, body.authorised, when), table, share_class, tx)
    return ShareClassView.of(share_class)


@router.get("/businesses/{business_id}/share-classes")
async def list_share_classes(business_id: TenantRef, reader: Reader, tx: InTx, page: InPage) -> Page[ShareClassView]:
    """The share classes of a business, oldest first."""
    table = await cap_table_of(business_id, tx)
    return await page.of(tx, ShareClass, {"business_id": table.business_id}, ShareClassView.of)


@router.get("/share-classes/{share_class_id}")
async def see_share_class(share_class_id: ShareClassRef, reader: Reader, tx: InTx) -> ShareClassView:
    """One share class."""
    return ShareClassView.of(await tx.visible(ShareClass, share_class_id))


@router.post("/businesses/{business_id}/cap-events/authorise", status_code=201)
@refuses(*OF_A_CLASS)
async def authorise_shares(business_id: TenantRef, body: ChangeAuthorised, member: Member, tx: InTx) -> CapEventView:
    """Change how many shares of a class may be issued."""
    table = await cap_table_of(business_id, tx)
    share_class = await share_class_named(body.share_class_id, table, tx)
    event = table.authorise(share_class, body.authorised, _when(body.effective_on, tx))
    return CapEventView.of(await keep(event, table, share_class, tx))


@router.post("/businesses/{business_id}/cap-events/issue", status_code=201)
@refuses(*OF_A_CLASS, "investor_unknown", "investor_erased", "too_many_holdings")
async def issue_shares(business_id: TenantRef, body: IssueShares, member: Member, tx: InTx) -> CapEventView:
    """Issue new shares to an investor."""
    table = await cap_table_of(business_id, tx)
    share_class = await share_class_named(body.share_class_id, table, tx)
    investor = await holder_named(body.investor_id, table, tx, "investor_id")
    event = table.issue(share_class, investor.id, body.shares, body.paid.amount, _when(body.effective_on, tx))
    return CapEventView.of(await keep(event, table, share_class, tx))


@router.post("/businesses/{business_id}/cap-events/transfer", status_code=201)
@refuses(*OF_A_HOLDING, "investor_unknown", "investor_erased")
async def transfer_shares(business_id: TenantRef, body: TransferShares, member: Member, tx: InTx) -> CapEventView:
    """Let shares go to another investor; the holding that they are taken from is used up."""
    table = await cap_table_of(business_id, tx)
    share_class, source = await holding_named(body.certificate, table, tx)
    investor = await holder_named(body.to_investor_id, table, tx, "to_investor_id")
    when = _when(body.effective_on, tx)
    event = table.transfer(share_class, source, body.shares, investor.id, when, cancel_rest=body.cancel_rest)
    return CapEventView.of(await keep(event, table, share_class, tx))


@router.post("/businesses/{business_id}/cap-events/cancel", status_code=201)
@refuses(*OF_A_HOLDING)
async def cancel_shares(business_id: TenantRef, body: CancelShares, member: Member, tx: InTx) -> CapEventView:
    """Cancel shares; the holding that they are taken from is used up."""
    table = await cap_table_of(business_id, tx)
    share_class, source = await holding_named(body.certificate, table, tx)
    event = table.cancel(share_class, source, body.shares, body.reason, _when(body.effective_on, tx))
    return CapEventView.of(await keep(event, table, share_class, tx))


@router.post("/businesses/{business_id}/cap-events/repurchase", status_code=201)
@refuses(*OF_A_HOLDING)
async def repurchase_shares(business_id: TenantRef, body: RepurchaseShares, member: Member, tx: InTx) -> CapEventView:
    """Buy shares back; they are no more, and the holding that they are taken from is used up."""
    table = await cap_table_of(business_id, tx)
    share_class, source = await holding_named(body.certificate, table, tx)
    event = table.repurchase(share_class, source, body.shares, body.paid.amount, _when(body.effective_on, tx))
    return CapEventView.of(await keep(event, table, share_class, tx))


@router.post("/businesses/{business_id}/cap-events/split", status_code=201)
@refuses(*OF_A_CLASS)
async def split_shares(business_id: TenantRef, body: SplitShares, member: Member, tx: InTx) -> CapEventView:
    """Split all shares of a class in one ratio; what is left of a share is paid to its holder."""
    table = await cap_table_of(business_id, tx)
    share_class = await share_class_named(body.share_class_id, table, tx)
    split = Split(body.numerator, body.denominator, body.price_per_share.amount)
    event = table.split(share_class, split, body.authorised_to, _when(body.effective_on, tx))
    return CapEventView.of(await keep(event, table, share_class, tx))


@router.get("/businesses/{business_id}/cap-events")
async def list_cap_events(
    business_id: TenantRef, asked: Annotated[CapEventFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[CapEventView]:
    """What became of the shares of a business, in the order of its numbers."""
    table = await cap_table_of(business_id, tx)
    return await page.of(tx, CapEvent, {"cap_table_id": table.id, **asked.where()}, CapEventView.of)


@router.get("/businesses/{business_id}/cap-table")
async def see_cap_table(business_id: TenantRef, reader: Reader, tx: InTx, as_of: AsOf = None) -> CapTableView:
    """Who holds which shares of a business, now or at the end of a day; empty before the first event."""
    table = await cap_table_of(business_id, tx)
    standing = await standing_on(table, as_of, tx)
    return CapTableView.of(table, standing, as_of, await classes_of(table, tx), await investors_in(standing, tx))


@router.get("/businesses/{business_id}/cap-table.ocf.zip")
async def see_cap_table_as_ocf(business_id: TenantRef, reader: Reader, tx: InTx, as_of: AsOf = None) -> OpenCapPackage:
    """The cap table in the Open Cap Format: all that became of its shares, as a zip with a manifest."""
    table = await cap_table_of(business_id, tx)
    events = await events_until(table, as_of, tx)
    holders = dict.fromkeys(each.investor_id for event in events for each in event.begins)
    content = package(
        await issuer_of(table, tx),
        as_of or zone_date(tx.now),
        events,
        await classes_of(table, tx),
        (await investors_by_id(list(holders), tx)).values(),
        generated_at=tx.now,
    )
    return OpenCapPackage(content, file_name=f"{table.id}.ocf.zip")


def _when(effective_on: date, tx: Tx) -> When:
    """Raises Unprocessable (`date_range`)."""
    check_entered(effective_on, zone_date(tx.now), "effective_on")
    return When(effective_on, tx.now)
