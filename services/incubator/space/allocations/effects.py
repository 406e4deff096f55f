"""Allocations made, changed, cancelled and charged, each with its days in one unit of work."""

from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import refuse
from services.chassis.store.unit_of_work import Tx
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.booking.allocations.queries import taken_days
from services.incubator.booking.effects import NOTHING, keep, kept_by
from services.incubator.booking.resource import Resource
from services.incubator.finance.billing import add_lines
from services.incubator.kernel.local_time import A_DAY
from services.incubator.kernel.period import Days
from services.incubator.space.allocations.bodies import AllocateResource, ChangeAllocation
from services.incubator.space.allocations.charging import charge_of
from services.incubator.space.allocations.price import by_month, total_of
from services.incubator.space.allocations.queries import fit_of, slot_taken, too_long
from services.incubator.space.effects import refuse_other_price
from services.incubator.tenants.queries import trading_tenant


async def allocate(asked: AllocateResource, tx: Tx) -> Allocation:
    """Make an allocation, with its days, in this unit of work.

    Raises:
        Unprocessable, Conflict: `FITTING`, `TRADING`; `price_changed` with the price.
    """
    tenant = await trading_tenant(asked.business_id, tx)
    fit = await fit_of(asked, tx)
    refuse_other_price(asked.expected_price, fit.price)
    allocation = Allocation.make(
        today=zone_date(tx.now),
        site_id=fit.resource.site_id,
        resource_id=fit.resource.id,
        resource_kind=fit.resource.kind,
        units=fit.units,
        area_hundredths=fit.area_hundredths,
        business_id=tenant.business_id,
        business_kind=tenant.kind,
        sector=tenant.sector,
        partner_id=tenant.partner_id,
        allocated_by=tx.caller.client_id,
        incubating=asked.incubating,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        rate=fit.resource.rate,
        price=fit.price,
    )
    await keep(allocation, NOTHING, tx)
    return allocation


async def change(allocation: Allocation, asked: ChangeAllocation, tx: Tx) -> Allocation:
    """Give an allocation another last day, or say whether its holder incubates; later days are taken where free.

    Raises:
        Conflict: `invalid_transition`, `period_charged`, `ends_before_it_begins`; where it is to last longer,
            `TRADING`, `resource_retired`, `slot_taken`.
        Unprocessable: `too_long`, `amount_too_large`.
    """
    before, ends_on = kept_by(allocation), asked.ends_on or allocation.ends_on
    longer = Days(allocation.ends_on + A_DAY, ends_on)
    months = by_month(allocation.rate, len(allocation.units), Days(allocation.starts_on, ends_on))
    allocation.change(
        ends_on=ends_on,
        price=total_of(months),
        incubating=allocation.incubating if asked.incubating is None else asked.incubating,
        today=zone_date(tx.now),
    )
    if longer.number > 0:
        await _judge_longer(allocation, longer, tx)
    await keep(allocation, before, tx)
    return allocation


async def _judge_longer(allocation: Allocation, days: Days, tx: Tx) -> None:
    await trading_tenant(allocation.business_id, tx)
    resource = await tx.get(Resource, allocation.resource_id)
    resource.refuse_reservations()
    refuse(*too_long(len(allocation.units), allocation.days))
    taken = await taken_days([resource], days, tx, but=allocation.id)
    if any(taken.clashes(resource.id, unit, days) for unit in allocation.units):
        raise slot_taken(resource.id, allocation.units, days, taken)


async def cancel(allocation: Allocation, tx: Tx) -> Allocation:
    """Let an allocation not take place; its days are free.

    Raises:
        Conflict: `invalid_transition`.
    """
    before = kept_by(allocation)
    allocation.cancel(today=zone_date(tx.now))
    await keep(allocation, before, tx)
    return allocation


async def pass_time(allocation: Allocation, tx: Tx) -> None:
    """What time does to an allocation: it begins, ends, and each of its months is charged once that is over."""
    today = zone_date(tx.now)
    allocation.pass_time(today)
    if due := allocation.uncharged(today):
        resource = await tx.get(Resource, allocation.resource_id)
        charges = [charge for period, days in due if (charge := charge_of(allocation, resource, period, days))]
        if charges:
            await add_lines(tx, allocation.business_id, charges)
        allocation.charge_through(due[-1][1].last)
    tx.save(allocation)
