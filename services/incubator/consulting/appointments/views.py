"""What callers see of appointments."""

from typing import Annotated, ClassVar, Self

from services.chassis.domain.money import Money
from services.chassis.domain.times import Instant
from services.chassis.http.view import Shown, View, actions
from services.contracts.incubator.appointments import AppointmentMode, ConsultantId, ConsultingTopic, OfferingId, Score
from services.contracts.incubator.resources import ResourceId
from services.contracts.incubator.sites import SiteId
from services.contracts.registry.businesses import BusinessId
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.status import OF_APPOINTMENTS, ReservationStatus
from services.incubator.booking.views import FreeTime
from services.incubator.consulting.appointments.appointment import consultation_of, meeting_of


class AppointmentView(View):
    """A meeting of a business and a consultant."""

    at: ClassVar[str] = "/v1/incubator/appointments"
    shown_once: ClassVar[frozenset[str]] = frozenset({"agenda", "join_url", "notes", "comment"})

    business_id: BusinessId
    """Which business is there."""
    consultant_id: ConsultantId
    """The consultant whom the business meets."""
    offering_id: OfferingId
    """Which consultation it is."""
    topic: ConsultingTopic
    """What it is about."""
    site_id: SiteId
    """The consultant's site."""
    room_id: ResourceId | None
    """The room that is kept for it; null where there is none."""
    mode: AppointmentMode
    """How people meet."""
    start: Instant
    """When it begins."""
    end: Instant
    """When it ends; not included."""
    price: Money
    """What it costs once it was held or missed, without tax."""
    status: ReservationStatus
    """How far it has come."""
    answer_until: Instant | None
    """Until when a request waits for an answer; null once it was confirmed."""
    booked_by: str
    """The client that asked for it."""
    agenda: str | None
    """What the business wants to know; null where it did not say, once erased, and in the answer to a request that is
    repeated."""
    join_url: str | None
    """Where people meet online; null as `agenda` is."""
    notes: str | None
    """What the consultant noted; null as `agenda` is."""
    score: Score | None
    """How good it was, from 1 to 5; null until its business says so."""
    comment: str | None
    """What its business says of it; null as `agenda` is."""
    erased_at: Instant | None
    """When what people wrote was erased last; null before."""
    allowed_actions: Annotated[list[str], actions(OF_APPOINTMENTS)]
    """What can be done to it by its status."""

    @classmethod
    def of(cls, appointment: Reservation) -> Self:
        said, meeting = consultation_of(appointment), meeting_of(appointment)
        feedback = said.feedback
        return cls.showing(
            appointment,
            **said.model_dump(exclude={"requested_at", "feedback"}),
            room_id=next((each.resource_id for each in appointment.units[1:]), None),
            start=meeting.start,
            end=meeting.end,
            price=meeting.price,
            answer_until=appointment.hold_expires_at,
            score=feedback and feedback.score,
            comment=feedback and feedback.comment,
        )


class ConsultantSlots(Shown):
    """When a consultant can be met: every time that is granted now, and no other."""

    consultant_id: ConsultantId
    """The consultant whose free times these are."""
    offering_id: OfferingId
    """For which consultation."""
    data: list[FreeTime]
    """Every time within the window, in order."""
