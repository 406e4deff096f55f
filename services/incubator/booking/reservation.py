"""A reservation: units of resources for a business, once or in a series, and all that happens to it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict, Gone, NotFound
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import new_id
from services.chassis.domain.money import Money
from services.chassis.domain.moves import invalid_transition, move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Instant
from services.contracts.incubator.reservations import (
    CancellationReason,
    ReservationCancelled,
    ReservationConfirmed,
    ReservationEvent,
    ReservationExpired,
    ReservationHeld,
    ReservationKind,
    ReservationRescheduled,
)
from services.contracts.incubator.sites import SiteId
from services.contracts.registry.businesses import BusinessId, BusinessKind
from services.incubator.booking.appointments.consultation import TOLD_AS, Consultation
from services.incubator.booking.occurrence import Credits, Occurrence, ReservedUnit, SlotClaim, business_side, touch
from services.incubator.booking.series import Series
from services.incubator.booking.status import ACTIONS, LIVE, MOVES, TO_COME, UNPAID, WAITING, ReservationStatus, overall


class Reservation(Aggregate):
    """A reservation of units of resources, for a business.

    Attributes:
        time_zone: of the site, whose wall clock a series keeps.
        booked_by: the client that made it.
        units: what is reserved, each with its buffers as they were then.
        occurrences: when; a reservation that is no series has one. series: its rule, where it is one.
        hold_expires_at, hold_number: until when a hold is kept, and which of its business it is; None once confirmed.
        cancel_minutes: how long before its start its holder cancels or moves it at the latest.
        touches: `<resource>|<day in UTC>` of all that it takes; by these the calendar of a resource is read.
        consultation: what it is for, where it is an appointment; its business then takes part itself.
        changes, changed_at: how often and when it changed; SEQUENCE and DTSTAMP of its calendar entry (RFC 5545).
        due_at: when a clock looks at it next; None where time does nothing to it any more.
    """

    collection: ClassVar[str] = "reservations"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("partner_id", 1), ("_id", 1)),
        (("business_id", 1), ("status", 1), ("_id", 1)),
        (("touches", 1),),
        (("due_at", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["kind", "site_id", "business_id", "partner_id", "units", "occurrences", "status"],
            "properties": {
                "kind": {"enum": [kind.value for kind in ReservationKind]},
                "status": {"enum": [status.value for status in ReservationStatus]},
            },
        }
    }

    kind: ReservationKind
    site_id: SiteId
    time_zone: str
    business_id: BusinessId
    business_kind: Growing[BusinessKind]
    sector: str
    partner_id: str
    booked_by: str
    title: str
    attendees: int
    units: list[ReservedUnit]
    occurrences: list[Occurrence]
    series: Series | None = None
    status: ReservationStatus
    hold_expires_at: Instant | None = None
    hold_number: int | None = None
    cancel_minutes: int = 0
    consultation: Consultation | None = None
    touches: list[str] = Field(default=[])
    changes: int = 0
    changed_at: Instant
    due_at: Instant | None = None

    @classmethod
    def make(cls, *, at: datetime, hold_expires_at: datetime | None, **said: object) -> Self:
        """A new reservation, confirmed at once or kept until a moment, as its occurrences say."""
        made = cls.model_validate(
            {"id": new_id("rsv"), "status": "confirmed", "hold_expires_at": hold_expires_at, "changed_at": at, **said}
        )
        made.settle(at)
        made.changes = 0
        if hold_expires_at:
            made.tell_time(ReservationHeld, hold_expires_at=hold_expires_at)
        else:
            made.tell_time(ReservationConfirmed)
        return made

    @property
    def live(self) -> list[Occurrence]:
        """The occurrences that are still to take place, or take place now."""
        return [each for each in self.occurrences if each.status in LIVE]

    @property
    def price(self) -> Money:
        """What all of it costs that was not cancelled."""
        counted = [each.price.amount for each in self.occurrences if each.status not in UNPAID]
        return Money(amount=sum(counted), currency=self.occurrences[0].price.currency)

    def paid_credits(self) -> list[Credits]:
        """The included minutes that all of it uses up that was not cancelled."""
        return [each.credits for each in self.occurrences if each.credits and each.status not in UNPAID]

    @property
    def credits_minutes(self) -> int:
        return sum(each.minutes for each in self.paid_credits())

    @property
    def resource_ids(self) -> list[str]:
        return sorted({each.resource_id for each in self.units})

    def units_beside(self, moved: Collection[int]) -> list[ReservedUnit]:
        """The units, with their buffers, to which occurrences of other numbers keep it; none where there are none."""
        others = (each for each in self.occurrences if each.number not in moved)
        return self.units if any(each.status not in UNPAID for each in others) else []

    def claims(self, *, but: Collection[int] = ()) -> Iterator[SlotClaim]:
        """Every slot that it takes, but with the occurrences of these numbers."""
        taking_part = [business_side(self.business_id)] if self.consultation else []
        for each in self.occurrences:
            if each.number not in but:
                yield from each.claims([*self.units, *taking_part], self.hold_expires_at)

    def is_overdue(self, at: datetime) -> bool:
        """Whether it is held longer than it may be, so that another can take what it holds."""
        return self.hold_expires_at is not None and self.hold_expires_at <= at

    def occurrence(self, number: int) -> Occurrence:
        """Raises NotFound."""
        found = next((each for each in self.occurrences if each.number == number), None)
        if found is None:
            raise NotFound
        return found

    def confirm(self, *, at: datetime) -> None:
        """Take what was held.

        Raises:
            Gone: `hold_expired`.
            Conflict: `invalid_transition`, it does not wait.
        """
        if self.status is ReservationStatus.EXPIRED or self.is_overdue(at):
            raise Gone("The hold has expired, and what it held may be taken.", code="hold_expired")
        self.hold_expires_at = self.hold_number = None
        self.advance(self.live, ReservationStatus.CONFIRMED, at=at)
        self.tell_time(ReservationConfirmed)

    def expire(self, *, at: datetime) -> None:
        """Give back what was held and never confirmed."""
        self.advance(self.live, ReservationStatus.EXPIRED, at=at)
        self.tell(ReservationExpired)

    def cancel(
        self, which: Callable[[Occurrence], bool], *, at: datetime, reason: CancellationReason
    ) -> list[Occurrence]:
        """Give back those of its occurrences that are meant and have not begun; returns them.

        Raises:
            Conflict: `invalid_transition`, nothing of what is meant is still to come;
                `cancellation_window_passed`, its holder is too late.
        """
        meant = [each for each in self.live if which(each) and each.status is not ReservationStatus.CHECKED_IN]
        if reason is CancellationReason.BY_HOLDER:
            self._refuse_late(meant, at)
        self.advance(meant, ReservationStatus.CANCELLED, at=at)
        returned = sum(each.credits.minutes for each in meant if each.credits)
        self.tell(ReservationCancelled, reason=reason, credits_returned_minutes=returned)
        return meant

    def reschedule(self, to: Occurrence, units: Sequence[ReservedUnit], *, at: datetime) -> None:
        """Move an occurrence; its price is that of the new time.

        Raises:
            Conflict: `invalid_transition`, it has begun, is over, or was held too long; `cancellation_window_passed`.
        """
        moved = self.occurrence(to.number)
        if moved.status not in TO_COME or self.is_overdue(at):
            raise invalid_transition(self.status, self.allowed_actions)
        self._refuse_late([moved], at)
        moved.start, moved.end, moved.price, moved.credits = to.start, to.end, to.price, to.credits
        self.units = list(units)
        self.settle(at)
        self.tell_time(ReservationRescheduled)

    def advance(self, meant: Sequence[Occurrence], to: ReservationStatus, *, at: datetime) -> None:
        """Move occurrences to a status, and all of it with them.

        Raises:
            Conflict: `invalid_transition`, one of them cannot, or there is none.
        """
        if not meant:
            raise invalid_transition(self.status, self.allowed_actions)
        for each in meant:
            each.status = move(each.status, to, MOVES, allowed_actions=self.allowed_actions)
        self.settle(at)

    @property
    def allowed_actions(self) -> list[str]:
        return ACTIONS[self.kind].get(self.status, [])

    def _refuse_late(self, meant: Sequence[Occurrence], at: datetime) -> None:
        if any(at > each.start - timedelta(minutes=self.cancel_minutes) for each in meant):
            detail = f"It is cancelled or moved at least {self.cancel_minutes} minutes before its start."
            raise Conflict(detail, code="cancellation_window_passed")

    def settle(self, at: datetime) -> None:
        """What follows from its occurrences, after any of them has changed."""
        self.status = overall(each.status for each in self.occurrences)
        self.touches = sorted({touch(each.resource_id, each.slot) for each in self.claims()})
        self.changes, self.changed_at = self.changes + 1, at
        self.due_at = self._next_due()

    def _next_due(self) -> datetime | None:
        if self.status in WAITING:
            return self.hold_expires_at
        coming = [] if self.consultation else self.live
        return min((each.due_at for each in coming), default=None)

    def tell(self, event: type[ReservationEvent], since: datetime | None = None, /, **more: object) -> None:
        """Record an event of it, with what every one says; of an appointment the one that is its own.

        Args:
            since: when it came to be true, where a clock or a person says so later; else now.
        """
        said = self.model_dump(include={"kind", "site_id", "business_id", "business_kind", "sector"})
        known = {"reservation_id": self.id, "resource_ids": self.resource_ids, **said}
        if self.consultation:
            event, known = TOLD_AS.get(event, event), known | self.consultation.dimensions()
        self.record(event.model_validate(known | more), effective_at=since)

    def tell_time(self, event: type[ReservationEvent], **more: object) -> None:
        first, last, credits = self.occurrences[0], self.occurrences[-1], self.credits_minutes
        self.tell(event, start=first.start, end=last.end, price=self.price, credits_minutes=credits, **more)
