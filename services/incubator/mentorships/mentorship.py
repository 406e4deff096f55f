"""A mentorship: a consultant who stands by a business while it incubates, as both sides have agreed."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Final, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict, Forbidden
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import invalid_transition, move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day, Instant, zone_date
from services.contracts.incubator.appointments import ConsultantId
from services.contracts.incubator.startups.incubations import IncubationId
from services.contracts.incubator.startups.mentorships import (
    MentorshipAccepted,
    MentorshipEnd,
    MentorshipEnded,
    MentorshipEvent,
    MentorshipId,
    MentorshipProposed,
    MentorshipSide,
)
from services.contracts.incubator.startups.programmes import CohortId, ProgramId
from services.contracts.registry.businesses import BusinessId, BusinessKind


class MentorshipStatus(StrEnum):
    """How far a mentorship has come."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"


S = MentorshipStatus

MOVES: Final[Mapping[MentorshipStatus, frozenset[MentorshipStatus]]] = {
    S.PROPOSED: frozenset({S.ACTIVE, S.ENDED}),
    S.ACTIVE: frozenset({S.ENDED}),
    S.ENDED: frozenset(),
}
LIVE: Final = (S.PROPOSED, S.ACTIVE)
ACTIONS: Final[Mapping[MentorshipStatus, list[str]]] = {
    S.PROPOSED: ["accept", "decline", "end"],
    S.ACTIVE: ["end"],
    S.ENDED: [],
}


class Mentorship(Aggregate):
    """A mentorship of a business that incubates by a consultant.

    Attributes:
        partner_id: of the business.
        starts_on, until: its first day and the first day after it, of zone time; `until` is None of one that lasts as
            long as the incubation.
        proposed_by: the side that wants it; the other one answers.
        ended_on, ended_because: the day and the manner of its end; None while it is live.
    """

    collection: ClassVar[str] = "mentorships"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("incubation_id", 1), ("_id", 1)),
        (("consultant_id", 1), ("_id", 1)),
        (("business_id", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
        (("status", 1), ("until", 1), ("_id", 1)),
    )

    id: MentorshipId
    incubation_id: IncubationId
    program_id: ProgramId
    cohort_id: CohortId
    partner_id: str
    business_id: BusinessId
    business_kind: Growing[BusinessKind]
    sector: str
    consultant_id: ConsultantId
    starts_on: Day
    until: Day | None
    proposed_by: MentorshipSide
    proposed_at: Instant
    accepted_at: Instant | None = None
    ended_on: Day | None = None
    ended_because: MentorshipEnd | None = None
    status: MentorshipStatus = S.PROPOSED

    @classmethod
    def propose(cls, **said: Any) -> Self:
        """A new one that waits for the other side's answer, as the members say."""
        mentorship = cls(id=new_id("mnt"), **said)
        mentorship._tell(
            MentorshipProposed,
            proposed_by=mentorship.proposed_by,
            starts_on=mentorship.starts_on,
            until=mentorship.until,
        )
        return mentorship

    @property
    def claim(self) -> str:
        """By which a consultant mentors a business once at a time."""
        return f"mentorship|{self.incubation_id}|{self.consultant_id}"

    @property
    def is_live(self) -> bool:
        """Whether it is active, or may become so."""
        return self.status in LIVE

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done to it by its status."""
        return list(ACTIONS[self.status])

    def is_over(self, today: date) -> bool:
        """Whether its last day is over, and nobody has noticed."""
        return self.is_live and self.until is not None and self.until <= today

    def accept(self, by: MentorshipSide, at: datetime) -> None:
        """The other side agrees.

        Raises:
            Conflict: `invalid_transition`; `ends_before_it_begins`, its last day is over.
            Forbidden: `other_side`, the one that proposed it.
        """
        self._check_answers(by)
        if self.is_over(zone_date(at)):
            raise Conflict("Its last day is over.", code="ends_before_it_begins")
        self.status, self.accepted_at = S.ACTIVE, at
        self._tell(MentorshipAccepted, starts_on=self.starts_on, until=self.until)

    def decline(self, by: MentorshipSide, at: datetime) -> None:
        """The other side does not agree.

        Raises:
            Conflict: `invalid_transition`.
            Forbidden: `other_side`, the one that proposed it.
        """
        self._check_answers(by)
        self.end(MentorshipEnd.DECLINED, at)

    def stop(self, by: MentorshipSide, at: datetime) -> None:
        """A side does not want it any more, or not after all. Raises Conflict (`invalid_transition`)."""
        if self.status is S.PROPOSED:
            reason = MentorshipEnd.WITHDRAWN if by is self.proposed_by else MentorshipEnd.DECLINED
        else:
            reason = MentorshipEnd.BY_BUSINESS if by is MentorshipSide.BUSINESS else MentorshipEnd.BY_ZONE
        self.end(reason, at)

    def end(self, reason: MentorshipEnd, at: datetime) -> None:
        """It is over. Raises Conflict (`invalid_transition`) where it was so before."""
        was_active = self.status is S.ACTIVE
        self.status = move(self.status, S.ENDED, MOVES, allowed_actions=self.allowed_actions)
        self.ended_on, self.ended_because = zone_date(at), reason
        self._tell(MentorshipEnded, reason=reason, was_active=was_active, ended_on=self.ended_on)

    def _check_answers(self, by: MentorshipSide) -> None:
        if self.status is not S.PROPOSED:
            raise invalid_transition(self.status, self.allowed_actions)
        if by is self.proposed_by:
            raise Forbidden("Who proposed it does not answer it.", code="other_side")

    def _tell(self, told: type[MentorshipEvent], **more: Any) -> None:
        self.record(
            told(
                mentorship_id=self.id,
                incubation_id=self.incubation_id,
                program_id=self.program_id,
                cohort_id=self.cohort_id,
                business_id=self.business_id,
                business_kind=self.business_kind,
                sector=self.sector,
                consultant_id=self.consultant_id,
                **more,
            )
        )
