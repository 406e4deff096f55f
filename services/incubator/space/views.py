"""What callers see of reservations."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Self

from services.chassis.domain.money import Money
from services.chassis.domain.times import Instant
from services.chassis.http.view import Shown, View, actions
from services.contracts.incubator.reservations import ReservationKind
from services.contracts.incubator.resources import ResourceId
from services.contracts.incubator.sites import SiteId
from services.contracts.registry.businesses import BusinessId
from services.incubator.booking.occurrence import Occurrence
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.status import OF_BOOKINGS, ReservationStatus
from services.incubator.kernel.recurrence import Recurrence


class ReservedUnitView(Shown):
    """One unit of a resource that is reserved."""

    resource_id: ResourceId
    """The resource that is booked."""
    unit: int
    """Which of its units, from 0."""


class OccurrenceView(Shown):
    """One occurrence of a reservation."""

    number: int
    """Its number, from 1, for good."""
    start: Instant
    """When it begins."""
    end: Instant
    """When it ends; not included."""
    status: ReservationStatus
    """How far it has come."""
    price: Money
    """What it costs."""
    credits_minutes: int
    """Included minutes of a membership that it uses up."""
    checked_in_at: Instant | None
    """When its holder came; null until then."""
    left_at: Instant | None
    """When its holder left before its end; null otherwise."""

    @classmethod
    def of(cls, occurrence: Occurrence) -> Self:
        minutes = occurrence.credits.minutes if occurrence.credits else 0
        return cls.showing(occurrence, credits_minutes=minutes)


class ReservationView(View):
    """What a business has reserved."""

    at: ClassVar[str] = "/v1/incubator/reservations"

    kind: ReservationKind
    """What it is for."""
    site_id: SiteId
    """The site at which it is."""
    business_id: BusinessId
    """For which business."""
    booked_by: str
    """The client that made it."""
    title: str
    """What it is for, in a few words."""
    attendees: int
    """How many people come."""
    units: list[ReservedUnitView]
    """What is reserved."""
    occurrences: list[OccurrenceView]
    """When; a reservation that is no series has one."""
    recurrence: Recurrence | None
    """By which rule it recurs; null where it does not."""
    status: ReservationStatus
    """How far it has come; of a series, of what is to come the least."""
    price: Money
    """What all of it costs that was not cancelled."""
    credits_minutes: int
    """Included minutes that all of it uses up that was not cancelled."""
    hold_expires_at: Instant | None
    """Until when it is held; null where it is not."""
    allowed_actions: Annotated[list[str], actions(OF_BOOKINGS)]
    """What can be done to it by its status."""

    @classmethod
    def of(cls, reservation: Reservation) -> Self:
        rule = reservation.series.rule if reservation.series else None
        units = [ReservedUnitView(resource_id=each.resource_id, unit=each.unit) for each in reservation.units]
        occurrences = [OccurrenceView.of(each) for each in reservation.occurrences]
        return cls.showing(reservation, units=units, occurrences=occurrences, recurrence=rule)


class SkippedOccurrence(Shown):
    """An occurrence that a series was made without."""

    number: int
    """Which occurrence of the series it was, counted from 1."""
    start: Instant | None
    """When it would begin; null where the clocks of the site skip that time."""
    end: Instant | None
    """When it would end; null likewise."""
    code: str
    """Why it was left out: a code of the problems."""


class MadeReservationView(ReservationView):
    """What a business has reserved, and what its series was made without."""

    skipped: list[SkippedOccurrence]
    """What was left out, because it could not be."""

    @classmethod
    def without(cls, reservation: Reservation, skipped: Sequence[SkippedOccurrence]) -> Self:
        return cls(**dict(ReservationView.of(reservation)), skipped=list(skipped))


class Preview(Shown):
    """What a reservation would be, were it made now."""

    price: Money
    """What it would cost."""
    credits_minutes: int
    """Included minutes of a membership that it would use up."""
    skipped: list[SkippedOccurrence]
    """What a series would be made without."""
