"""What bills a month: the job that a run orders, site by site, and what makes drafts final, time or staff."""

from datetime import datetime

import structlog

from services.chassis.background.clocks import Clock
from services.chassis.background.job import Job
from services.chassis.background.sweep import NewTx
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import LostRace
from services.chassis.domain.moves import move
from services.chassis.store.files import Files
from services.chassis.store.unit_of_work import Tx
from services.incubator.finance.billing import add_lines
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.invoices.status import ISSUED
from services.incubator.finance.payments.effects import credit
from services.incubator.finance.posting import POSTING
from services.incubator.kernel.period import Period
from services.incubator.sites.site import Site
from services.incubator.utilities.billing.charging import charges_of
from services.incubator.utilities.billing.effects import bill_site
from services.incubator.utilities.billing.run import BillingRun
from services.incubator.utilities.billing.utility_bill import MOVES, BillStatus, UtilityBill, bill_id
from services.incubator.utilities.metering.service_point import ServicePoint

BILLING = "utilities.billing"
"""The kind of the job of a billing run."""
AT_ONCE = 200
FINALISING = ("invalid_transition", "too_many_allocations", *POSTING)
"""With what a bill is refused to become final."""
log = structlog.get_logger("zone.utilities")


def order_run(period: str, *, by: Caller, at: datetime) -> tuple[BillingRun, Job]:
    """A billing run of a month, and the job that does it."""
    job = Job.queue(BILLING, {"period": period}, by=by, at=at)
    run = BillingRun.order(period, job_id=job.id)
    job.parameters["run_id"] = run.id
    return run, job


async def bill_next_site(job: Job, tx: Tx, files: Files) -> None:
    """One step of a billing run: the next utility of a site, in the order of their ids."""
    run = await tx.get(BillingRun, job.parameters["run_id"])
    after = job.checkpoint or {"site_id": "", "utility": ""}
    later = [
        {"site_id": {"$gt": after["site_id"]}},
        {"site_id": after["site_id"], "utility": {"$gt": after["utility"]}},
    ]
    found = await tx.select(ServicePoint, {"$or": later}, sort=[("site_id", 1), ("utility", 1), ("_id", 1)], limit=1)
    if not found:
        job.finish(at=tx.now)
        return
    site_id, utility = found[0].site_id, found[0].utility
    billing = await bill_site(await tx.get(Site, site_id), utility, Period.of(run.period), tx)
    run.note(bills=len(billing.made), problems=billing.problems, warnings=billing.warnings)
    tx.save(run)
    job.advance({"site_id": site_id, "utility": utility.value}, done=job.progress.done + 1)


async def finalise_due_bills(now: datetime, new_tx: NewTx) -> None:
    """Drafts whose time is over are made anew once more and become final, all of a site and month together.

    Where something stands in the way of one (no readings, sub-meters above the main meter), it stays a draft and is
    tried again.
    """
    due = {"status": BillStatus.DRAFT, "finalises_at": {"$lte": now}}
    after = ""
    seen: set[tuple[str, str, str]] = set()
    while found := await new_tx().select(UtilityBill, {**due, "_id": {"$gt": after}}, limit=AT_ONCE):
        after = found[-1].id
        for bill in found:
            group = (bill.site_id, bill.utility.value, bill.period)
            if group not in seen:
                seen.add(group)
                await _finalise(bill, new_tx())


async def _finalise(first: UtilityBill, tx: Tx) -> None:
    try:
        site = await tx.get(Site, first.site_id)
        billing = await bill_site(site, first.utility, Period.of(first.period), tx)
        held_back = {note.service_point_id for note in billing.problems}
        for note in billing.problems:
            log.warning("utility_bill_held_back", period=first.period, **note.model_dump(exclude={"detail"}))
        for bill in await tx.select(UtilityBill, _drafts_beside(first, tx.now), limit=10_000):
            if None not in held_back and bill.service_point_id not in held_back:
                await finalise(bill, tx)
        await tx.commit()
    except LostRace:
        log.info("clock_lost_a_race", id=first.id)
    except Exception:
        log.exception("clock_failed", id=first.id)


async def finalise(bill: UtilityBill, tx: Tx) -> None:
    """Make a bill final, and charge it on the draft of the invoice that gathers what its tenant owes.

    What it is below nothing is credited on the invoices of the months that it corrects, as far as they are issued.

    Raises:
        Conflict: `invalid_transition`, it is final; what else `FINALISING` says, of a credit.
    """
    move(bill.status, BillStatus.FINALISED, MOVES)  # refused before anything is credited
    rest, credited = bill.credit.amount, dict[str, int]()
    for each in bill.corrections:
        wanted = min(rest, -each.amount.amount)
        if wanted > 0:
            credited[each.service_period] = await _credit(bill, each.service_period, wanted, tx)
            rest -= credited[each.service_period]
    charges = list(charges_of(bill, credited))
    invoice = await add_lines(tx, bill.business_id, charges) if charges else None
    bill.finalise(invoice_id=invoice.id if invoice else None)
    tx.save(bill)


async def _credit(bill: UtilityBill, month: str, wanted: int, tx: Tx) -> int:
    """Credit an amount on the invoice of an earlier month, as far as it can be; answers how much."""
    earlier = await tx.get(UtilityBill, bill_id(bill.service_point_id, month))
    invoice = await tx.find(Invoice, earlier.invoice_id) if earlier.invoice_id else None
    if invoice is None or invoice.status not in ISSUED:
        return 0
    rest, room, amounts = wanted, invoice.creditable, dict[int, int]()
    for number, line in enumerate(invoice.lines, start=1):
        amount = min(line.left, rest)
        gross = amount + line.tax_of_credit(amount) if amount > 0 else 0
        if line.charge.source == earlier.id and 0 < gross <= room:
            amounts[number] = amount
            rest, room = rest - amount, room - gross
    if amounts:
        await credit(invoice, amounts, f"{bill.utility.value.capitalize()} {month}, corrected", tx)
    return wanted - rest


def _drafts_beside(bill: UtilityBill, now: datetime) -> dict[str, object]:
    of_it = {"site_id": bill.site_id, "utility": bill.utility, "period": bill.period}
    return {**of_it, "status": BillStatus.DRAFT, "finalises_at": {"$lte": now}}


CLOCKS = (Clock("incubator.utility_bills", every=900, task=finalise_due_bills),)
JOBS = {BILLING: bill_next_site}
