"""What the registry says, and what it does to the appointments of a business."""

from operator import methodcaller
from typing import Final

from services.chassis.consuming.handlers import Handlers
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.reservations import CancellationReason, ReservationKind
from services.contracts.registry.dissolutions import BusinessDissolutionStarted, BusinessDissolved
from services.incubator.booking.occurrence import Occurrence
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.status import TO_COME
from services.incubator.consulting.appointments.appointment import meeting_of
from services.incubator.consulting.appointments.effects import act_on
from services.incubator.tenants.queries import is_leaving

MOST: Final = 1_000
"""Appointments of one business that are cancelled in one unit of work."""

on = Handlers()


@on(BusinessDissolutionStarted, BusinessDissolved)
async def cancel_appointments(event: BusinessDissolutionStarted | BusinessDissolved, tx: Tx) -> None:
    """Who is being dissolved meets no consultant any more; what has begun is held to its end."""
    if not await is_leaving(event.business_id, tx):
        return

    def to_come(meeting: Occurrence) -> bool:
        return meeting.is_cancellable and meeting.start > tx.now

    its = {"business_id": event.business_id, "kind": ReservationKind.APPOINTMENT, "status": {"$in": list(TO_COME)}}
    cancel = methodcaller("cancel", to_come, at=tx.now, reason=CancellationReason.DISSOLUTION)
    for appointment in await tx.select(Reservation, its, limit=MOST):
        if to_come(meeting_of(appointment)):
            await act_on(appointment, cancel, tx)
