"""A blackout: staff keeps units of resources free of bookings for some time."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import PUBLIC
from services.chassis.domain.times import Instant, zone_date
from services.contracts.incubator.resources import ResourceId, ResourcesBlocked, ResourcesUnblocked
from services.contracts.incubator.sites import SiteId
from services.incubator.booking.occurrence import ReservedUnit, SlotClaim, touch
from services.incubator.kernel.calendar import SLOT
from services.incubator.kernel.day_calendar import DayClaim, TakenUnit, claims_of
from services.incubator.kernel.interval import Interval
from services.incubator.kernel.period import Days


class BlackoutStatus(StrEnum):
    """Whether it still keeps anything free."""

    ACTIVE = "active"
    LIFTED = "lifted"


MOVES = {
    BlackoutStatus.ACTIVE: {BlackoutStatus.LIFTED},
    BlackoutStatus.LIFTED: set[BlackoutStatus](),
}


class Blackout(Aggregate):
    """A blackout: all units of some resources of a site are kept free of bookings for some time.

    Attributes:
        units: what is kept free, without buffers.
        by_days: which of the resources are allocated by days; of these, all days of the zone that it touches.
        touches: see `Reservation`.
    """

    collection: ClassVar[str] = "blackouts"
    shown_to: ClassVar = PUBLIC
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("touches", 1),), (("site_id", 1), ("_id", 1)))

    site_id: SiteId
    reason: str
    units: list[ReservedUnit]
    by_days: list[ResourceId] = Field(default=[])
    start: Instant
    end: Instant
    status: BlackoutStatus = BlackoutStatus.ACTIVE
    touches: list[str] = Field(default=[])

    @classmethod
    def over(
        cls, units: list[ReservedUnit], time: Interval, *, by_days: Sequence[str], site_id: str, reason: str
    ) -> Self:
        """A new blackout."""
        said = {"site_id": site_id, "reason": reason, "units": units, "start": time.start, "end": time.end}
        blackout = cls.model_validate({"id": new_id("blk"), "by_days": list(by_days), **said})
        blackout.touches = sorted({touch(each.resource_id, each.slot) for each in blackout.slots()})
        blackout.record(
            ResourcesBlocked(
                blackout_id=blackout.id,
                site_id=site_id,
                resource_ids=blackout.resource_ids,
                start=time.start,
                end=time.end,
            )
        )
        return blackout

    @property
    def resource_ids(self) -> list[str]:
        return sorted({each.resource_id for each in self.units})

    def slots(self) -> Iterator[SlotClaim]:
        """Every slot that it takes; none once it is lifted."""
        for each in self.units:
            if self.status is BlackoutStatus.ACTIVE and each.resource_id not in self.by_days:
                for slot in Interval(self.start, self.end).steps(SLOT):
                    yield SlotClaim(each.resource_id, each.unit, slot, self.end)

    def taken(self) -> list[TakenUnit]:
        """The days that it takes; none once it is lifted."""
        if self.status is BlackoutStatus.LIFTED:
            return []
        days = days_of(Interval(self.start, self.end))
        return [TakenUnit(each.resource_id, each.unit, days) for each in self.units if each.resource_id in self.by_days]

    def claims(self) -> Iterator[SlotClaim | DayClaim]:
        """Everything that it takes."""
        yield from self.slots()
        yield from claims_of(self.taken())

    def lift(self) -> None:
        """Let the resources be booked again.

        Raises:
            Conflict: `invalid_transition`, it is lifted already.
        """
        self.status = move(self.status, BlackoutStatus.LIFTED, MOVES)
        self.touches = []
        self.record(ResourcesUnblocked(blackout_id=self.id, resource_ids=self.resource_ids))


def days_of(time: Interval) -> Days:
    """The days of the zone that a time touches."""
    return Days(zone_date(time.start), zone_date(time.end - timedelta(milliseconds=1)))
