"""How mentorships end: by themselves, or with the incubation or the consultant in one unit of work."""

from typing import Any, Final

from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.startups.mentorships import MentorshipEnd
from services.incubator.mentorships.mentorship import LIVE, Mentorship

MOST: Final = 200
"""Live mentorships of one consultant, and of one incubation: so many end in one unit of work."""


def live_of(**of: str) -> dict[str, Any]:
    """The filter of the live ones of something, such as `consultant_id="cst_…"`."""
    return {**of, "status": {"$in": [each.value for each in LIVE]}}


def ended(mentorship: Mentorship, tx: Tx) -> Mentorship:
    """Keep one that is over; the consultant may mentor the business again."""
    tx.release(mentorship.claim, mentorship.id)
    return tx.save(mentorship)


async def end_with_incubation(incubation_id: str, tx: Tx) -> None:
    """Who mentored a business that incubates no more does so no more."""
    await _end_all(live_of(incubation_id=incubation_id), MentorshipEnd.INCUBATION_ENDED, tx)


async def end_with_consultant(consultant_id: str, tx: Tx) -> None:
    """A consultant who has left mentors nobody any more."""
    await _end_all(live_of(consultant_id=consultant_id), MentorshipEnd.CONSULTANT_LEFT, tx)


async def _end_all(where: dict[str, Any], reason: MentorshipEnd, tx: Tx) -> None:
    for mentorship in await tx.select(Mentorship, where, limit=MOST):
        if mentorship.is_live:  # not ended in this unit of work already
            mentorship.end(reason, tx.now)
            ended(mentorship, tx)
