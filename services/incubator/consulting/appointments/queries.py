"""Whether an appointment fits, and which times are free for one: one judgement; and how paths name one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import Path, Query

from services.chassis.domain.errors import Conflict, Forbidden, NotFound
from services.chassis.domain.times import rfc3339
from services.chassis.domain.violations import Violation, refuse, refuse_parameters
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.appointments import ConsultantId, OfferingId
from services.contracts.incubator.reservations import ReservationId, ReservationKind
from services.contracts.incubator.resources import ResourceKind
from services.contracts.registry.businesses import BusinessId
from services.incubator.booking.appointments.consultation import week_of
from services.incubator.booking.appointments.week import ConsultingWeek, week_id
from services.incubator.booking.occurrence import ReservedUnit, business_side
from services.incubator.booking.queries import Busy, busy, reserved_unit
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.resource import Resource
from services.incubator.booking.status import ReservationStatus
from services.incubator.consulting.consultants.consultant import Consultant
from services.incubator.consulting.consultants.queries import calendar_of
from services.incubator.consulting.offerings.offering import Offering, OfferingStatus
from services.incubator.kernel.interval import Interval
from services.incubator.tenants.queries import own_tenant

AppointmentRef = Annotated[ReservationId, Path(description="The appointment, by its id.")]
OfferingAsked = Annotated[OfferingId, Query(alias="offering", description="The consultation that it is to be.")]
BusinessAsked = Annotated[
    BusinessId | None,
    Query(description="For which business: its own appointments and its weekly limit count then. Anyone's by default."),
]
OF_RULES: Final = ("in_the_past", "cutoff_passed", "not_on_grid", "too_short", "too_long", "outside_opening_hours")
FITTING: Final = (*OF_RULES, "resource_retired", "slot_taken", "party_busy", "quota_exhausted", "window_too_large")
"""With what `fit_of` refuses."""
OF_HASTE: Final = ("in_the_past", "cutoff_passed")
"""What nobody holds against a business that is there."""
OF_A_ROOM: Final = ("resource_unknown", "resources_of_two_sites", "not_bookable")
"""With what `room_named` refuses."""


class AppointmentFilter(Filter):
    """By whose it is, with whom, and how far it has come."""

    business_id: BusinessId | None = None
    """Of which business."""
    consultant_id: ConsultantId | None = None
    """With whom."""
    status: ReservationStatus | None = None
    """How far it has come."""

    def where(self) -> dict[str, Any]:
        """Appointments alone."""
        found = super().where()
        if consultant := found.pop("consultant_id", None):
            found["consultation.consultant_id"] = consultant
        return {**found, "kind": ReservationKind.APPOINTMENT}


async def appointment_named(appointment_id: str, tx: Tx) -> Reservation:
    """An appointment that the caller may see. Raises NotFound of every other reservation."""
    found = await tx.visible(Reservation, appointment_id)
    if found.kind is not ReservationKind.APPOINTMENT:
        raise NotFound
    return found


async def on_the_business_side(appointment_id: str, tx: Tx) -> Reservation:
    """An appointment of the caller's own business. Raises NotFound, Forbidden (`other_side`)."""
    found = await appointment_named(appointment_id, tx)
    if tx.caller.is_official:
        raise Forbidden("Only the business that was there says how good it was.", code="other_side")
    return found


async def room_named(room_id: str | None, consultant: Consultant, tx: Tx) -> Resource | None:
    """The room of a consultant's site that a member `room_id` of a body names; None where it names none.

    Raises:
        Unprocessable: `resource_unknown`, `resources_of_two_sites`, `not_bookable`.
    """
    if room_id is None:
        return None
    room, path = await tx.find(Resource, room_id), ("room_id",)
    if room is None:
        refuse(Violation("resource_unknown", "There is no such room.", path))
    elif room.site_id != consultant.site_id:
        refuse(Violation("resources_of_two_sites", "This room is at another site than the consultant.", path))
    elif room.kind is not ResourceKind.ROOM or not room.is_bookable:
        refuse(Violation("not_bookable", "It is no room that takes bookings.", path))
    return room


@dataclass(frozen=True)
class Sides:
    """Who and what takes part: the consultant, the business, and a room where there is one.

    Attributes:
        resources: the consultant's calendar first. mine: an appointment that is to be moved, whose own time and place
            in the weekly limit are free for it. is_there: whether the business is there, and staff enters that.
    """

    consultant: Consultant
    resources: Sequence[Resource]
    business_id: str
    mine: Reservation | None = None
    is_there: bool = False


async def fit_of(sides: Sides, time: Interval, tx: Tx) -> list[ReservedUnit]:
    """A unit of each resource that is free for a time at which the business is free too.

    Raises:
        Unprocessable: `OF_RULES`, at `start`.
        Conflict: `resource_retired`; `slot_taken`; `party_busy`; `quota_exhausted`.
    """
    for each in sides.resources:
        each.refuse_reservations()
    wrong = [found for each in sides.resources for found in each.calendar.judge(time, now=tx.now)]
    excused = OF_HASTE if sides.is_there else ()
    refuse(*{each.code: each._replace(path=("start",)) for each in wrong if each.code not in excused}.values())
    moved = {sides.mine.id: [1]} if sides.mine else {}
    windows = [each.calendar.claimed(time) for each in sides.resources]
    taken = await busy([sides.business_id, *(each.id for each in sides.resources)], windows, tx, but=moved)
    units = [_free_unit(each, time, taken) for each in sides.resources]
    if taken.clashes(business_side(sides.business_id), time):
        raise Conflict("The business has another appointment at that time.", code="party_busy")
    if await _is_full(sides, week_of(time.start), tx):
        most = sides.consultant.max_per_week
        detail = f"A business has at most {most} appointments with this consultant in a week."
        raise Conflict(detail, code="quota_exhausted", max_per_week=most, week=week_of(time.start))
    return units


async def slots_of(
    consultant: Consultant, offering_id: str, window: Interval, business_id: str | None, tx: Tx
) -> list[Interval]:
    """Every time within a window at which an offering can be had of a consultant, and no other.

    Raises:
        Unprocessable: `offering_unknown`, `topic_not_offered`, `window_too_large`.
        Conflict: `business_unknown_yet`.
    """
    offering = await _offering_asked(offering_id, consultant, tx)
    may_ask = business_id is None or (await own_tenant(business_id, tx)).may_trade
    resource = await calendar_of(consultant, tx)
    if not may_ask or not resource.is_bookable or offering.status is OfferingStatus.WITHDRAWN:
        return []
    calendar, length = resource.calendar, timedelta(minutes=offering.minutes)
    ids = [resource.id, *([] if business_id is None else [business_id])]
    taken = await busy(ids, [calendar.reach(window, offering.minutes)], tx)
    starts = calendar.starts(window, offering.minutes, taken.of(resource.id), now=tx.now)
    free = [Interval(each, each + length) for each in starts]
    if business_id is None:
        return free
    sides = Sides(consultant, [resource], business_id)
    full = {week: await _is_full(sides, week, tx) for week in sorted({week_of(each.start) for each in free})}
    attended = taken.of(business_id).get(0, set())
    return [each for each in free if not full[week_of(each.start)] and not _meets(each, attended)]


async def _is_full(sides: Sides, week: str, tx: Tx) -> bool:
    """Whether a business has as many appointments with a consultant in a week as it may have."""
    counted = await tx.find(ConsultingWeek, week_id(sides.consultant.id, sides.business_id, week))
    mine = sides.mine.id if sides.mine else ""
    return counted is not None and counted.used(tx.now, but=mine) >= sides.consultant.max_per_week


def _meets(time: Interval, slots: Any) -> bool:
    return any(time.start <= slot < time.end for slot in slots)


def _free_unit(resource: Resource, time: Interval, taken: Busy) -> ReservedUnit:
    units = [reserved_unit(resource, number) for number in range(resource.units)]
    clashes = [taken.clashes(each, time) for each in units]
    if free := [unit for unit, clash in zip(units, clashes, strict=True) if not clash]:
        return free[0]
    first = min(clashes[0].values())
    told = {"resource_id": resource.id, "start": rfc3339(first.start), "end": rfc3339(first.end)}
    raise Conflict("Something of it is taken at that time.", code="slot_taken", conflicts=[told])


async def _offering_asked(offering_id: str, consultant: Consultant, tx: Tx) -> Offering:
    """The offering that a parameter names, of which a consultant gives something."""
    offering = await tx.find(Offering, offering_id)
    if offering is None:
        refuse_parameters(Violation("offering_unknown", "There is no such offering.", ("offering",)))
    elif not consultant.advises(offering.topics):
        refuse_parameters(Violation("topic_not_offered", "It is about nothing of this consultant's.", ("offering",)))
    assert offering is not None
    return offering
