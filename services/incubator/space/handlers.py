"""What the registry says, and what it does to the reservations of a business."""

from operator import methodcaller
from typing import Final

from services.chassis.consuming.handlers import Handlers
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.reservations import CancellationReason, ReservationKind
from services.contracts.registry.dissolutions import BusinessDissolutionStarted, BusinessDissolved
from services.incubator.booking.occurrence import Occurrence
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.status import LIVE
from services.incubator.space.effects import act_on
from services.incubator.tenants.queries import is_leaving

MOST: Final = 1_000
"""Reservations of one business that are cancelled in one unit of work."""

on = Handlers()


@on(BusinessDissolutionStarted, BusinessDissolved)
async def cancel_what_is_to_come(event: BusinessDissolutionStarted | BusinessDissolved, tx: Tx) -> None:
    """What a business that is being dissolved has reserved and not begun is free again; what it uses now goes on."""
    if not await is_leaving(event.business_id, tx):
        return

    def to_come(occurrence: Occurrence) -> bool:
        return occurrence.is_cancellable and occurrence.start > tx.now

    its = {"business_id": event.business_id, "kind": ReservationKind.BOOKING, "status": {"$in": list(LIVE)}}
    cancel = methodcaller("cancel", to_come, at=tx.now, reason=CancellationReason.DISSOLUTION)
    for reservation in await tx.select(Reservation, its, limit=MOST):
        if any(map(to_come, reservation.live)):
            await act_on(reservation, cancel, tx)
