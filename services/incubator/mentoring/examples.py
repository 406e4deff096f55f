"""What the document of the API shows of mentorships: the one of a synthetic business."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant
from services.contracts.incubator.startups.mentorships import MentorshipSide
from services.incubator.consulting.consultants.examples import CONSULTANT
from services.incubator.mentoring.bodies import ProposeMentorship
from services.incubator.mentoring.effects import OF_INCUBATION
from services.incubator.mentoring.views import MentorshipView
from services.incubator.mentorships.mentorship import Mentorship
from services.incubator.programme.incubations.examples import INCUBATION

MENTORSHIP: Final = Mentorship(
    id="mnt_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    sequence=1,
    incubation_id=INCUBATION.id,
    consultant_id=CONSULTANT.id,
    starts_on=date(2027, 3, 1),
    until=date(2027, 9, 1),
    proposed_by=MentorshipSide.BUSINESS,
    proposed_at=parse_instant("2026-11-30T02:00:00Z"),
    **{name: getattr(INCUBATION, name) for name in OF_INCUBATION},
)

KEPT: Final[Sequence[Row]] = (MENTORSHIP,)
BODIES: Final[Sequence[BaseModel]] = (
    ProposeMentorship(
        incubation_id=INCUBATION.id,
        consultant_id=CONSULTANT.id,
        starts_on=MENTORSHIP.starts_on,
        until=MENTORSHIP.until,
    ),
)
ANSWERS: Final[Sequence[BaseModel]] = (MentorshipView.of(MENTORSHIP),)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
