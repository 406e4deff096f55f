"""A blackout: staff keeps units of resources free of bookings for some time."""

from collections.abc import Iterator
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import PUBLIC
from services.chassis.domain.times import Instant
from services.contracts.incubator.resources import ResourcesBlocked, ResourcesUnblocked
from services.contracts.incubator.sites import SiteId
from services.incubator.booking.occurrence import ReservedUnit, SlotClaim, touch
from services.incubator.kernel.calendar import SLOT
from services.incubator.kernel.interval import Interval


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
        touches: see `Reservation`.
    """

    collection: ClassVar[str] = "blackouts"
    shown_to: ClassVar = PUBLIC
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("touches", 1),), (("site_id", 1), ("_id", 1)))

    site_id: SiteId
    reason: str
    units: list[ReservedUnit]
    start: Instant
    end: Instant
    status: BlackoutStatus = BlackoutStatus.ACTIVE
    touches: list[str] = Field(default=[])

    @classmethod
    def over(cls, units: list[ReservedUnit], time: Interval, *, site_id: str, reason: str) -> Self:
        """A new blackout."""
        blackout = cls(id=new_id("blk"), site_id=site_id, reason=reason, units=units, start=time.start, end=time.end)
        blackout.touches = sorted({touch(each.resource_id, each.slot) for each in blackout.claims()})
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

    def claims(self) -> Iterator[SlotClaim]:
        """Every slot that it takes; none once it is lifted."""
        if self.status is BlackoutStatus.LIFTED:
            return
        for each in self.units:
            for slot in Interval(self.start, self.end).steps(SLOT):
                yield SlotClaim(each.resource_id, each.unit, slot, self.end)

    def lift(self) -> None:
        """Let the resources be booked again.

        Raises:
            Conflict: `invalid_transition`, it is lifted already.
        """
        self.status = move(self.status, BlackoutStatus.LIFTED, MOVES)
        self.touches = []
        self.record(ResourcesUnblocked(blackout_id=self.id, resource_ids=self.resource_ids))
