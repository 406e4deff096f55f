"""An allocation: units of a resource that a business has for days on end, such as an office or a desk of its own."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import new_id
from services.chassis.domain.money import Money
from services.chassis.domain.moves import invalid_transition, move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day
from services.contracts.incubator.allocations import (
    AllocationCancelled,
    AllocationChanged,
    AllocationConfirmed,
    AllocationEnded,
    AllocationEvent,
    AllocationStarted,
)
from services.contracts.incubator.resources import ResourceId, ResourceKind
from services.contracts.incubator.sites import SiteId
from services.contracts.registry.businesses import BusinessId, BusinessKind
from services.incubator.booking.allocations.status import ACTIONS, MOVES, AllocationStatus
from services.incubator.kernel.area import square_metres
from services.incubator.kernel.day_calendar import DayClaim, TakenUnit, claims_of
from services.incubator.kernel.local_time import A_DAY
from services.incubator.kernel.period import Days, Period
from services.incubator.kernel.quantity import UnitPrice


class Allocation(Aggregate):
    """An allocation of units of a resource to a business, by days of the zone.

    Attributes:
        units: their numbers. area_hundredths: of these units, in hundredths of a square metre; None where it has none.
        incubating: whether its holder is in a programme of the incubator.
        starts_on, ends_on: the first and the last day, both included.
        rate: of one unit, as it was agreed on; None where it costs nothing. price: of all of its days, without tax.
        allocated_by: the client that made it.
        charged_through: the last day that is on an invoice.
        due_on: the day on which a clock looks at it next; None where time does nothing to it any more.
    """

    collection: ClassVar[str] = "allocations"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("partner_id", 1), ("_id", 1)),
        (("business_id", 1), ("status", 1), ("_id", 1)),
        (("resource_id", 1), ("ends_on", 1)),
        (("due_on", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["resource_id", "business_id", "partner_id", "units", "starts_on", "ends_on", "status"],
            "properties": {
                "units": {"bsonType": "array", "minItems": 1},
                "starts_on": {"bsonType": "date"},
                "ends_on": {"bsonType": "date"},
                "status": {"enum": [status.value for status in AllocationStatus]},
            },
        }
    }

    site_id: SiteId
    resource_id: ResourceId
    resource_kind: ResourceKind
    units: list[int]
    area_hundredths: int | None
    business_id: BusinessId
    business_kind: Growing[BusinessKind]
    sector: str
    partner_id: str
    allocated_by: str
    incubating: bool
    starts_on: Day
    ends_on: Day
    rate: UnitPrice | None
    price: Money
    status: AllocationStatus = AllocationStatus.CONFIRMED
    charged_through: Day | None = None
    due_on: Day | None = None

    @classmethod
    def make(cls, *, today: date, **said: object) -> Self:
        """A new allocation; one that begins today runs at once."""
        made = cls.model_validate({"id": new_id("alc"), **said})
        made._tell_term(AllocationConfirmed)
        made.pass_time(today)
        return made

    @property
    def days(self) -> Days:
        return Days(self.starts_on, self.ends_on)

    @property
    def area_m2(self) -> float | None:
        """The floor area of its units in square metres."""
        return None if self.area_hundredths is None else square_metres(self.area_hundredths)

    @property
    def allowed_actions(self) -> list[str]:
        return ACTIONS.get(self.status, [])

    def taken(self) -> Sequence[TakenUnit]:
        """What it takes; nothing once it is cancelled."""
        if self.status is AllocationStatus.CANCELLED:
            return ()
        return [TakenUnit(self.resource_id, unit, self.days) for unit in self.units]

    def claims(self) -> Iterator[DayClaim]:
        """Every day of every unit that it takes."""
        return claims_of(self.taken())

    def change(self, *, ends_on: date, price: Money, incubating: bool, today: date) -> None:
        """Let another day be its last, at the price of what its days are then, or say whether its holder incubates.

        One that has ended can be found to have ended before, as long as what it was since is on no invoice.

        Raises:
            Conflict: `invalid_transition`, it is cancelled, or has ended and would go on; `period_charged`;
                `ends_before_it_begins`.
        """
        self.pass_time(today)
        over = self.status is AllocationStatus.ENDED and ends_on > self.ends_on
        if over or self.status is AllocationStatus.CANCELLED:
            raise invalid_transition(self.status, self.allowed_actions)
        if (ends_on, incubating) == (self.ends_on, self.incubating):
            return
        if ends_on < self.starts_on:
            raise Conflict("It would end before it began.", code="ends_before_it_begins")
        if self.charged_through and ends_on < self.charged_through:
            charged = self.charged_through.isoformat()
            raise Conflict("Days after that one are on an invoice.", code="period_charged", charged_through=charged)
        ended_already = self.status is AllocationStatus.ENDED and ends_on != self.ends_on
        self.ends_on, self.price, self.incubating = ends_on, price, incubating
        self._tell_term(AllocationChanged)
        if ended_already:
            self._tell(AllocationEnded, ended_on=ends_on)
        self.pass_time(today)

    def cancel(self, *, today: date) -> None:
        """Let it not take place.

        Raises:
            Conflict: `invalid_transition`, it has begun, or was cancelled before.
        """
        self.pass_time(today)
        self.status = move(self.status, AllocationStatus.CANCELLED, MOVES, allowed_actions=self.allowed_actions)
        self.due_on = None
        self._tell(AllocationCancelled)

    def pass_time(self, today: date) -> None:
        """What time does to it: it begins with its first day, and has ended after its last."""
        if self.status is AllocationStatus.CONFIRMED and self.starts_on <= today:
            self.status = move(self.status, AllocationStatus.RUNNING, MOVES)
            self._tell(AllocationStarted, started_on=self.starts_on)
        if self.status is AllocationStatus.RUNNING and self.ends_on < today:
            self.status = move(self.status, AllocationStatus.ENDED, MOVES)
            self._tell(AllocationEnded, ended_on=self.ends_on)
        self.due_on = self._next_due()

    def uncharged(self, today: date) -> list[tuple[Period, Days]]:
        """The calendar months that are over and on no invoice yet, each with its days in them."""
        first = self.starts_on if self.charged_through is None else self.charged_through + A_DAY
        if self.status is AllocationStatus.CANCELLED or first > self.ends_on:
            return []
        return [each for each in Days(first, self.ends_on).by_month() if each[0].days.last < today]

    def charge_through(self, day: date) -> None:
        """All of its days up to one are on an invoice."""
        self.charged_through = day
        self.due_on = self._next_due()

    def _next_due(self) -> date | None:
        if self.status is AllocationStatus.CONFIRMED:
            return self.starts_on
        first = self.starts_on if self.charged_through is None else self.charged_through + A_DAY
        month_after = Period.of(f"{first:%Y-%m}").following.days.first
        if self.status is AllocationStatus.RUNNING:
            return min(self.ends_on + A_DAY, month_after)
        return month_after if first <= self.ends_on and self.status is AllocationStatus.ENDED else None

    def _tell_term(self, event: type[AllocationEvent]) -> None:
        self._tell(event, starts_on=self.starts_on, ends_on=self.ends_on, price=self.price)

    def _tell(self, event: type[AllocationEvent], **more: object) -> None:
        said = self.model_dump(
            include={
                *("site_id", "resource_id", "resource_kind", "business_id", "business_kind", "sector", "incubating"),
            }
        )
        known = {"allocation_id": self.id, "units": len(self.units), "area_m2": self.area_m2, **said}
        self.record(event.model_validate(known | more))
