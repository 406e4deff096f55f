"""What the incubator tells of reservations."""

from enum import StrEnum
from typing import Annotated

from services.chassis.domain.events import Event
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.chassis.domain.money import Money
from services.chassis.domain.times import Instant
from services.contracts.incubator.resources import RESERVATIONS, ResourceId
from services.contracts.incubator.sites import SiteId
from services.contracts.registry.businesses import BusinessId, BusinessKind

ReservationId = Annotated[str, id_of("rsv")]


class ReservationKind(StrEnum):
    """What a reservation is for."""

    BOOKING = "booking"
    ALLOCATION = "allocation"
    APPOINTMENT = "appointment"
    BLACKOUT = "blackout"


class CancellationReason(StrEnum):
    """Why a reservation was cancelled."""

    BY_HOLDER = "by_holder"
    BY_STAFF = "by_staff"
    BLACKOUT = "blackout"
    DISSOLUTION = "dissolution"


class ReservationEvent(Event):
    """What every event of a reservation says: whose it is, and at which site."""

    reservation_id: ReservationId
    kind: Growing[ReservationKind]
    site_id: SiteId
    resource_ids: list[ResourceId]
    business_id: BusinessId
    business_kind: Growing[BusinessKind]
    sector: str


class Timed(ReservationEvent):
    """One that says when, and at which price."""

    start: Instant
    end: Instant
    price: Money
    credits_minutes: int = 0


class ReservationHeld(Timed, name="zone.incubator.reservation.held.v1", topic=RESERVATIONS, audience="owner"):
    """Resources are kept for a business until a moment; then they are free again unless it confirms."""

    hold_expires_at: Instant


class ReservationConfirmed(Timed, name="zone.incubator.reservation.confirmed.v1", topic=RESERVATIONS, audience="owner"):
    """Resources are a business's for a time."""


class ReservationRescheduled(
    Timed, name="zone.incubator.reservation.rescheduled.v1", topic=RESERVATIONS, audience="owner"
):
    """A reservation has another time than before; the old one is free."""


class ReservationCancelled(
    ReservationEvent, name="zone.incubator.reservation.cancelled.v1", topic=RESERVATIONS, audience="owner"
):
    """A reservation will not take place; what it held is free."""

    reason: Growing[CancellationReason]
    credits_returned_minutes: int = 0


class ReservationExpired(
    ReservationEvent, name="zone.incubator.reservation.expired.v1", topic=RESERVATIONS, audience="owner"
):
    """A hold was not confirmed in time."""


class ReservationCheckedIn(
    ReservationEvent, name="zone.incubator.reservation.checked_in.v1", topic=RESERVATIONS, audience="owner"
):
    """Its holder has come."""

    at: Instant


class ReservationCompleted(
    ReservationEvent, name="zone.incubator.reservation.completed.v1", topic=RESERVATIONS, audience="owner"
):
    """It took place; how long it was used. True since its holder left, whenever that is said."""

    minutes: int


class ReservationNoShow(
    ReservationEvent, name="zone.incubator.reservation.no_show.v1", topic=RESERVATIONS, audience="owner"
):
    """Its holder did not come; what was left of it is free. True since the grace after its start was over."""
