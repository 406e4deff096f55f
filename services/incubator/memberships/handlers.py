"""What the registry says, and what it does to the memberships of a business."""

from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.dissolutions import BusinessDissolutionStarted, BusinessDissolved
from services.incubator.memberships.queries import memberships_of
from services.incubator.tenants.queries import is_leaving

on = Handlers()


@on(BusinessDissolutionStarted, BusinessDissolved)
async def end_memberships(event: BusinessDissolutionStarted | BusinessDissolved, tx: Tx) -> None:
    """The membership of a business that is being dissolved ends today, and one to come with its first day."""
    if not await is_leaving(event.business_id, tx):
        return
    for membership in await memberships_of(event.business_id, tx):
        last = max(zone_date(tx.now), membership.starts_on)
        if membership.ends_on is None or membership.ends_on > last:
            membership.end(last)
            tx.save(membership)
