"""What callers see of consultants."""

from collections.abc import Sequence
from typing import ClassVar, Self

from services.chassis.domain.times import Instant
from services.chassis.http.view import View
from services.contracts.incubator.appointments import ConsultingTopic
from services.contracts.incubator.reservations import ReservationId
from services.contracts.incubator.resources import ResourceId
from services.contracts.incubator.sites import SiteId
from services.incubator.booking.resource import Resource
from services.incubator.consulting.consultants.consultant import Consultant, ConsultantStatus
from services.incubator.kernel.calendar import Terms
from services.incubator.kernel.opening import DayHours, WeeklyHours


class ConsultantView(View):
    """Somebody who gives advice."""

    at: ClassVar[str] = "/v1/incubator/consultants"
    shown_once: ClassVar[frozenset[str]] = frozenset({"name"})

    site_id: SiteId
    """The site that the consultant belongs to."""
    name: str | None
    """How the person is called; null once erased, and in the answer to a request that is repeated."""
    topics: list[ConsultingTopic]
    """About what the consultant gives advice."""
    languages: list[str]
    """In which languages, as tags of BCP 47."""
    resource_id: ResourceId
    """The calendar, as a resource."""
    time_zone: str
    """By whose wall clock the hours are told."""
    weekly_availability: list[WeeklyHours]
    """The hours in a week."""
    exceptions: list[DayHours]
    """Days with other hours."""
    terms: Terms
    """How early an appointment is asked for and cancelled, and with how much around it."""
    max_per_week: int
    """Appointments that one business has with this consultant in a week at most."""
    status: ConsultantStatus
    """Whether the consultant takes new appointments."""
    erased_at: Instant | None
    """When it was forgotten who it is; null before."""

    @classmethod
    def of(cls, consultant: Consultant, calendar: Resource, **more: object) -> Self:
        return cls.showing(
            consultant,
            time_zone=calendar.time_zone,
            weekly_availability=calendar.opening,
            exceptions=calendar.exceptions,
            terms=calendar.terms,
            **more,
        )


class ChangedConsultantView(ConsultantView):
    """A consultant after a change, and the appointments that do not fit any more."""

    affected: list[ReservationId]
    """Appointments to come outside the hours as they are now, and all of one who is retired; they stay until somebody
    moves or cancels them."""

    @classmethod
    def with_affected(cls, consultant: Consultant, calendar: Resource, affected: Sequence[str]) -> Self:
        return cls.of(consultant, calendar, affected=list(affected))
