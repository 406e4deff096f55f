"""What time does to appointments: a request that nobody answers ends."""

from datetime import datetime
from functools import partial

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.reservations import ReservationKind
from services.incubator.booking import attendance
from services.incubator.booking.reservation import Reservation
from services.incubator.consulting.appointments.effects import act_on


async def pass_time(now: datetime, new_tx: NewTx) -> None:
    """Look at each appointment whose moment has come; it may run twice, or late."""

    async def act(appointment: Reservation, tx: Tx) -> None:
        if appointment.is_overdue(now):
            await act_on(appointment, partial(attendance.pass_time, at=now), tx)

    await for_each(Reservation, {"kind": ReservationKind.APPOINTMENT, "due_at": {"$lte": now}}, act, new_tx)


CLOCKS = (Clock("consulting.appointments", every=15, task=pass_time),)
