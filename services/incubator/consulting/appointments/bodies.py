"""What callers send of appointments."""

import re
from typing import Annotated, Final

from pydantic import Field

from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import rule
from services.contracts.incubator.appointments import AppointmentMode, ConsultantId, ConsultingTopic, OfferingId, Score
from services.contracts.incubator.resources import ResourceId
from services.contracts.registry.businesses import BusinessId
from services.incubator.kernel.local_time import BookedInstant

WEB_ADDRESS: Final = re.compile(r"https://[^\s/?#@]+([/?#]\S*)?")
Words = Annotated[str, Text(at_most=2000, lines=True)]
JoinUrl = Annotated[
    str,
    Text(at_most=2000),
    rule(WEB_ADDRESS.fullmatch, "contact_invalid", "A meeting's address begins with https:// and a host."),
]


class RequestAppointment(Part):
    """An hour of a consultant that a business asks for."""

    business_id: BusinessId
    """Which business will be there."""
    consultant_id: ConsultantId
    """The consultant whom the business wants to meet."""
    offering_id: OfferingId
    """Which consultation; it says how long."""
    topic: ConsultingTopic
    """What it is about: one of the offering's topics that is the consultant's too."""
    start: BookedInstant
    """When it begins."""
    mode: Annotated[AppointmentMode, Field(strict=False)]
    """How people meet."""
    room_id: ResourceId | None = None
    """A room of the consultant's site to meet in; null for none."""
    agenda: Words | None = None
    """What the business wants to know; null where it says nothing of it."""


class RescheduleAppointment(Part):
    """Another time for an appointment."""

    start: BookedInstant
    """When it begins; it takes as long as before."""


class ConfirmAppointment(Part):
    """What the consultant says to a request."""

    join_url: JoinUrl | None = None
    """Where people meet online; null where they do not, or it is not known yet."""
    notes: Words | None = None
    """What the business should know before; null for nothing."""


class CompleteAppointment(Part):
    """What the consultant says of a consultation that took place."""

    notes: Words | None = None
    """What came of it; null to leave what was noted before."""


class GiveFeedback(Part):
    """What a business says of a consultation."""

    score: Score
    """How good it was, from 1 to 5."""
    comment: Words | None = None
    """In its own words; null for none."""
