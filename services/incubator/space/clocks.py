"""What time does to reservations: holds expire, who does not come is missed, and what is over is completed."""

from datetime import datetime
from functools import partial

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.reservations import ReservationKind
from services.incubator.booking import attendance
from services.incubator.booking.reservation import Reservation
from services.incubator.space.effects import act_on


async def pass_time(now: datetime, new_tx: NewTx) -> None:
    """Look at each reservation whose moment has come; it may run twice, or late."""

    async def act(reservation: Reservation, tx: Tx) -> None:
        await act_on(reservation, partial(attendance.pass_time, at=now), tx)

    await for_each(Reservation, {"kind": ReservationKind.BOOKING, "due_at": {"$lte": now}}, act, new_tx)


CLOCKS = (Clock("incubator.reservations", every=15, task=pass_time),)
