"""One occurrence of a reservation: its time, how far it has come, and which slots it takes."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.domain.money import Money
from services.chassis.domain.times import Instant
from services.contracts.incubator.resources import ResourceId
from services.contracts.registry.businesses import BusinessId
from services.incubator.booking.status import TO_COME, UNPAID, WAITING, ReservationStatus
from services.incubator.kernel.calendar import SLOT
from services.incubator.kernel.interval import Interval

GRACE: Final = timedelta(minutes=15)
"""So long after its start its holder can still come."""


class ReservedUnit(BaseModel):
    """One unit of a resource, with the buffers that it had as it was reserved; or a business that meets somebody."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    resource_id: ResourceId | BusinessId
    unit: int
    buffer_before: int
    buffer_after: int

    def claimed(self, time: Interval) -> Interval:
        """What a use of it takes, buffers included."""
        return time.widened(timedelta(minutes=self.buffer_before), timedelta(minutes=self.buffer_after))


def business_side(business_id: str) -> ReservedUnit:
    """A business that takes part itself: it is in one place at a time."""
    return ReservedUnit(resource_id=business_id, unit=0, buffer_before=0, buffer_after=0)


class Credits(BaseModel):
    """Included minutes of a membership that an occurrence uses up, in the month that they are charged to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    membership_id: str
    month: Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}$")]
    minutes: int


class SlotClaim(NamedTuple):
    """A slot that is taken, and until when another must leave it alone."""

    resource_id: str
    unit: int
    slot: datetime
    until: datetime

    @property
    def key(self) -> str:
        return slot_key(self.resource_id, self.unit, self.slot)


class Occurrence(BaseModel):
    """One occurrence of a reservation.

    Attributes:
        number: from 1, for good.
        price: what is paid for it. credits: what a membership pays in minutes.
        left_at: when its holder left, where that was before its end; what is left of it is free.
    """

    model_config = ConfigDict(extra="forbid")

    number: int
    start: Instant
    end: Instant
    status: ReservationStatus
    price: Money
    credits: Credits | None = None
    checked_in_at: Instant | None = None
    left_at: Instant | None = None

    @property
    def time(self) -> Interval:
        return Interval(self.start, self.end)

    @property
    def is_cancellable(self) -> bool:
        """Whether nobody has come to it yet, and it can still be given back."""
        return self.status in TO_COME

    @property
    def due_at(self) -> datetime:
        """When time ends what it waits for: its holder to come, or to leave."""
        return self.end if self.status is ReservationStatus.CHECKED_IN else self.start + GRACE

    @property
    def used_until(self) -> datetime:
        """Until when it takes its resources, buffers apart: on the grid."""
        if self.left_at is None or self.left_at >= self.end:
            return self.end
        whole = -(-(self.left_at - self.start) // SLOT) * SLOT
        return self.start + max(whole, SLOT)

    def claims(self, units: Sequence[ReservedUnit], hold_expires_at: datetime | None) -> Iterator[SlotClaim]:
        """The slots that it takes; none once it came to nothing."""
        if self.status in (*UNPAID, ReservationStatus.NO_SHOW):
            return
        for each in units:
            claimed = each.claimed(Interval(self.start, self.used_until))
            held_until = hold_expires_at if self.status in WAITING else None
            for slot in claimed.steps(SLOT):
                yield SlotClaim(each.resource_id, each.unit, slot, held_until or claimed.end)


def slot_key(resource_id: str, unit: int, slot: datetime) -> str:
    """The claim of one quarter of an hour of one unit of a resource, by its start in UTC."""
    return f"slot|{resource_id}:{unit}:{slot:%Y%m%dT%H%M}"


def touch(resource_id: str, slot: datetime) -> str:
    """How a reservation says that it takes something of a resource on a day in UTC."""
    return f"{resource_id}|{slot:%Y-%m-%d}"


def touches_of(resource_ids: Sequence[str], window: Interval) -> list[str]:
    """What a reservation says that takes something of these resources on the days of a window."""
    days = range((window.end.date() - window.start.date()).days + 1)
    return [touch(id, window.start + timedelta(days=day)) for id in resource_ids for day in days]
