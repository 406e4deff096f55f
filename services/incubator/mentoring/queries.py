"""The filter of a list of mentorships, how paths and bodies name things, and on which side of one a caller is."""

from typing import Annotated

from fastapi import Path

from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict, NotFound
from services.chassis.domain.violations import Violation, refusal
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.appointments import ConsultantId
from services.contracts.incubator.startups.incubations import IncubationId
from services.contracts.incubator.startups.mentorships import MentorshipId, MentorshipSide
from services.contracts.registry.businesses import BusinessId
from services.incubator.consulting.consultants.consultant import Consultant, ConsultantStatus
from services.incubator.consulting.consultants.queries import consultant_named
from services.incubator.mentorships.mentorship import MentorshipStatus
from services.incubator.programme.incubations.incubation import Incubation

MentorshipRef = Annotated[MentorshipId, Path(description="The mentorship, by its id.")]
SIDES = ("incubation_unknown", "incubation_ended", "consultant_unknown", "consultant_left")
"""With what `incubating` and `advising` refuse."""


class MentorshipFilter(Filter):
    """By incubation, business and consultant, and by how far it has come."""

    incubation_id: IncubationId | None = None
    """Of which incubation."""
    business_id: BusinessId | None = None
    """Of which business."""
    consultant_id: ConsultantId | None = None
    """By whom."""
    status: MentorshipStatus | None = None
    """Whether it is agreed to, and not over."""


async def incubating(incubation_id: str, tx: Tx) -> Incubation:
    """The live incubation that a member `incubation_id` of a body names.

    Raises:
        Unprocessable: `incubation_unknown`, also where it is another partner's.
        Conflict: `incubation_ended`.
    """
    try:
        incubation = await tx.visible(Incubation, incubation_id)
    except NotFound:
        raise refusal(Violation("incubation_unknown", "There is no such incubation.", ("incubation_id",))) from None
    if not incubation.is_live:
        raise Conflict(
            "The business incubates no more.", code="incubation_ended", incubation_status=incubation.status.value
        )
    return incubation


async def advising(consultant_id: str, tx: Tx) -> Consultant:
    """The consultant that a member `consultant_id` of a body names, who has not left.

    Raises:
        Unprocessable: `consultant_unknown`.
        Conflict: `consultant_left`.
    """
    consultant = await consultant_named(consultant_id, tx)
    if consultant.status is not ConsultantStatus.ACTIVE:
        raise Conflict("This consultant has left.", code="consultant_left")
    return consultant


def side_of(caller: Caller) -> MentorshipSide:
    """For whom a caller who sees a mentorship acts on it: officials for the consultant, a partner for its business."""
    return MentorshipSide.ZONE if caller.is_official else MentorshipSide.BUSINESS
