"""Billing runs and utility bills over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.domain.violations import Violation, refuse
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.incubator.callers import Reader, Staff
from services.incubator.kernel.period import Period
from services.incubator.utilities.billing.bodies import StartBillingRun
from services.incubator.utilities.billing.clocks import FINALISING, finalise, order_run
from services.incubator.utilities.billing.common_consumption import CommonConsumption
from services.incubator.utilities.billing.queries import (
    BillingRunFilter,
    BillingRunRef,
    CommonConsumptionFilter,
    UtilityBillFilter,
    UtilityBillRef,
    job_of,
)
from services.incubator.utilities.billing.run import BillingRun
from services.incubator.utilities.billing.utility_bill import UtilityBill
from services.incubator.utilities.billing.views import BillingRunView, CommonConsumptionView, UtilityBillView

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.post("/billing-runs", status_code=202)
@refuses("period_not_over")
async def start_billing_run(body: StartBillingRun, staff: Staff, tx: InTx) -> BillingRunView:
    """Bill a month of all sites, in the background. Running a month again bills what could not be billed, and makes
    drafts anew; a bill is there once, however often it is run."""
    if Period.of(body.period).days.ends_at > tx.now:
        refuse(Violation("period_not_over", "A month is billed once it is over.", ("period",)))
    run, job = order_run(body.period, by=staff, at=tx.now)
    tx.save(job)
    return BillingRunView.of(tx.save(run), job)


@router.get("/billing-runs")
async def list_billing_runs(
    asked: Annotated[BillingRunFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[BillingRunView]:
    """The billing runs, oldest first."""
    found = await page.of(tx, BillingRun, asked.where(), lambda run: run)
    views = [BillingRunView.of(run, await job_of(run, tx)) for run in found.data]
    return Page(data=views, next_cursor=found.next_cursor)


@router.get("/billing-runs/{billing_run_id}")
async def see_billing_run(billing_run_id: BillingRunRef, reader: Reader, tx: InTx) -> BillingRunView:
    """One billing run: how far it is, and what stood in the way of some bills."""
    run = await tx.visible(BillingRun, billing_run_id)
    return BillingRunView.of(run, await job_of(run, tx))


@router.get("/common-consumption")
async def list_common_consumption(
    asked: Annotated[CommonConsumptionFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[CommonConsumptionView]:
    """What sites took beside their service points, and how it was divided; officials and auditors see it."""
    return await page.of(tx, CommonConsumption, asked.where(), CommonConsumptionView.of)


@router.get("/utility-bills")
async def list_utility_bills(
    asked: Annotated[UtilityBillFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[UtilityBillView]:
    """The bills of water and electricity; a partner sees those of its businesses."""
    return await page.of(tx, UtilityBill, asked.where(), UtilityBillView.of)


@router.get("/utility-bills/{bill_id}")
async def see_utility_bill(bill_id: UtilityBillRef, reader: Reader, tx: InTx) -> UtilityBillView:
    """One bill."""
    return UtilityBillView.of(await tx.visible(UtilityBill, bill_id))


@router.post("/utility-bills/{bill_id}/finalise")
@refuses(*FINALISING)
async def finalise_utility_bill(
    bill_id: UtilityBillRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> UtilityBillView:
    """Make a draft final before its time, as it is, and charge it; what is learned later corrects the next bill."""
    bill = await tx.visible(UtilityBill, bill_id)
    await finalise(bill, tx)
    return UtilityBillView.of(bill)
