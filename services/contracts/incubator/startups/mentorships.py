"""What the incubator tells of mentorships, to whose the business is: who is mentored by whom, and how that ended."""

from enum import StrEnum
from typing import Annotated

from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.chassis.domain.times import Day
from services.contracts.incubator.appointments import ConsultantId
from services.contracts.incubator.startups.incubations import IncubationEvent
from services.contracts.incubator.startups.programmes import APPLICATIONS

MentorshipId = Annotated[str, id_of("mnt")]


class MentorshipSide(StrEnum):
    """The two sides of a mentorship."""

    BUSINESS = "business"
    ZONE = "zone"
    """Officials, who act for consultants."""


class MentorshipEnd(StrEnum):
    """How mentorships end."""

    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    BY_BUSINESS = "by_business"
    BY_ZONE = "by_zone"
    TERM_OVER = "term_over"
    INCUBATION_ENDED = "incubation_ended"
    CONSULTANT_LEFT = "consultant_left"


class MentorshipEvent(IncubationEvent):
    """What every event of a mentorship says."""

    mentorship_id: MentorshipId
    consultant_id: ConsultantId


class MentorshipProposed(
    MentorshipEvent, name="zone.incubator.mentorship.proposed.v1", topic=APPLICATIONS, audience="owner"
):
    """One side wants a consultant to mentor a business that incubates; the other side has not answered."""

    proposed_by: Growing[MentorshipSide]
    starts_on: Day
    until: Day | None


class MentorshipAccepted(
    MentorshipEvent, name="zone.incubator.mentorship.accepted.v1", topic=APPLICATIONS, audience="owner"
):
    """The other side agrees: the consultant mentors the business, from a day on."""

    starts_on: Day
    until: Day | None


class MentorshipEnded(MentorshipEvent, name="zone.incubator.mentorship.ended.v1", topic=APPLICATIONS, audience="owner"):
    """A mentorship is over, or was never agreed to."""

    reason: Growing[MentorshipEnd]
    was_active: bool
    ended_on: Day
