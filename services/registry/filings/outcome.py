"""How a filing is decided and how it ends: what officers find, what speaks against its effect, and its effect."""

from datetime import datetime
from typing import Any, Final, Literal, TypeVar

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict, ZoneError
from services.chassis.domain.moves import move
from services.chassis.domain.violations import Violation, at_path, refuse
from services.contracts.registry.filings import (
    FilingApproved,
    FilingAssigned,
    FilingBlanked,
    FilingBlocked,
    FilingCompleted,
    FilingLapsed,
    FilingRejected,
    FilingWithdrawn,
    RejectionReason,
)
from services.registry.businesses.business import KNOWN_FOR, Business
from services.registry.filings.catalogue import STATING_CONTACTS
from services.registry.filings.payload import Completion, Register, ReviewPolicy
from services.registry.filings.record import Duties
from services.registry.filings.status import MOVES, UNDECIDED, FilingStatus
from services.registry.filings.steps import Block, Decision, FilingReview, Step

S = TypeVar("S", bound=Step | None)

FOR_GOOD: Final = frozenset({"stale_base_version", "hosting_expired"})
"""What speaks against a filing and is never gone: only another filing can say it anew."""

STALE: Final = "What this filing replaces has changed since it was drafted."

BY_OWNER: Final = "withdrawn_by_owner"
"""What an event of a withdrawal says where no rule is the reason."""

BY_OFFICIAL: Final = "withdrawn_by_official"
"""The same, where an official ended what was approved and had not taken effect."""
STOPPED: Final = "An official of the zone ended it after it was approved, and before it took effect."


class Outcome(Aggregate, Duties):
    """A filing's record, with how it is decided and ends: completed, blocked for now, or without effect and blanked."""

    def check_against(self, register: Register, *others: Violation) -> None:
        """Let it pass if nothing in the register speaks against its effect.

        Args:
            others: what is wrong with it besides.

        Raises:
            Conflict: `stale_base_version`, where what it replaces has changed since it was drafted.
            Unprocessable: the payload's violations and obstacles, and the others.
        """
        if changed := self.stated.replaces & register.changed:
            raise Conflict(STALE, code="stale_base_version", changed_fields=sorted(changed))
        refuse(
            *at_path(self.stated.violations(register.today, register.business), "payload"),
            *at_path(self.stated.obstacles(register, self.business_id), "payload"),
            *others,
        )

    # what officers decide

    def assign(self, *, by: Caller, at: datetime) -> None:
        """An officer takes it up. Raises `invalid_transition`, `separation_of_duties`."""
        self.begin("assign", by)
        self.check_separation(by)
        self._move_to(FilingStatus.IN_REVIEW)
        self.review = FilingReview(assignee=by.client_id, assigned_at=at)
        self.record(FilingAssigned(**self._about()))

    def approve(self, *, by: Caller, comment: str | None, at: datetime) -> None:
        """Its assignee finds it good, and then a supervisor does, where two look at it.

        Raises:
            Conflict: `invalid_transition`, `not_assigned`.
            Forbidden: `separation_of_duties`, `supervisor_required`.
        """
        self.begin("approve", by)
        self.check_separation(by)
        if self.awaits_supervisor:
            self.check_second(by)
            self._review(second_approval="given")
        else:
            self.check_assigned(by)
            if self.review_policy == ReviewPolicy.OFFICER_AND_SUPERVISOR:
                self._review(second_approval="pending")
                self.decisions = [*self.decisions, Decision.made("approve", by.client_id, at, comment)]
                return
        self._approved(by=by.client_id, comment=comment, at=at)

    def reject(self, *, by: Caller, reason_code: RejectionReason, comment: str, at: datetime) -> None:
        """Its assignee refuses it, for good. Raises `invalid_transition`, `not_assigned`, `separation_of_duties`."""
        self.begin("reject", by)
        self.check_separation(by)
        self.check_assigned(by)
        self._end(FilingStatus.REJECTED, at)
        self.decisions = [*self.decisions, Decision.made("reject", by.client_id, at, comment, reason_code)]
        self.record(FilingRejected(**self._about(), reason_code=reason_code))

    def _review(self, *, second_approval: Literal["pending", "given"]) -> None:
        assert self.review is not None
        self.review = self.review.model_copy(update={"second_approval": second_approval})

    def _approved(self, *, by: str, comment: str | None, at: datetime) -> None:
        self._move_to(FilingStatus.APPROVED)
        self.decisions = [*self.decisions, Decision.made("approve", by, at, comment)]
        self.effective_at = self.stated.effective_moment(
            self.requested_effective_at, submitted_at=self.submitted_at, approved_at=at
        )
        self.record(FilingApproved(**self._about()))

    # how it ends

    def complete(self, business: Business | None, *, at: datetime) -> Business:
        """Take effect: the business as it is from now on."""
        self._move_to(FilingStatus.COMPLETED)
        self.completed_at, self.block = at, None
        self.granted = self.stated.grant()
        self.record(FilingCompleted(**self._about()))
        business = self.stated.effect(self.completion(), business)
        business.updated_at = at
        business.keep_search_tokens()
        if business.contacts_blanked_at is not None and self.type in STATING_CONTACTS:
            self.blank_contacts(at=at)
        return business

    def withdraw(self, *, by: Caller, at: datetime) -> None:
        """Its owner takes it back before it takes effect, or an official does once it is approved.

        What a draft said is blanked at once, as nobody else read it.

        Raises:
            Conflict: `invalid_transition`.
            Forbidden: `not_the_owner`.
        """
        self.begin("withdraw", by)
        code = BY_OWNER
        if self.is_stopped_by(by) and not self.is_owned_by(by):
            code, self.block = BY_OFFICIAL, Block(code=BY_OFFICIAL, detail=STOPPED, since=at)
        else:
            self.check_owned(by)
        was_handed_in = self.status != FilingStatus.DRAFT
        self._end(FilingStatus.WITHDRAWN, at)
        self.record(FilingWithdrawn(**self._about(), code=code))
        if not was_handed_in:
            self.blank(at=at)

    def blocked_by(self, obstacle: ZoneError, *, at: datetime) -> bool:
        """Remember why it cannot take effect; False where that is what is remembered already."""
        if self.block is not None and self.block.code == obstacle.reason:
            return False
        self.block = Block(code=obstacle.reason, detail=obstacle.detail, since=at)
        self.record(FilingBlocked(**self._about(), code=obstacle.reason))
        return True

    def ended_by(self, obstacle: ZoneError, *, at: datetime) -> bool:
        """Withdraw it where it can never take effect; False where what speaks against it may be gone one day."""
        codes = [obstacle.code, *(each["code"] for each in obstacle.errors)]
        code = next((each for each in codes if each in FOR_GOOD), None)
        if code is None:
            return False
        self._end(FilingStatus.WITHDRAWN, at)
        self.block = Block(code=code, detail=obstacle.detail, since=at)
        self.record(FilingWithdrawn(**self._about(), code=code))
        return True

    def is_to_lapse(self, at: datetime) -> bool:
        """Whether it is a draft that was begun so long ago that nobody will hand it in."""
        return self.status == FilingStatus.DRAFT and self.drafted_at is not None and self.drafted_at + KNOWN_FOR <= at

    def lapse(self, *, at: datetime) -> None:
        """It was not handed in, and never will be."""
        self._end(FilingStatus.LAPSED, at)
        self.record(FilingLapsed(**self._about()))

    def is_to_be_blanked(self, at: datetime) -> bool:
        """Whether it ended without effect so long ago that nobody needs to know what it said."""
        return self.blanked_at is None and self.ended_at is not None and self.ended_at + KNOWN_FOR <= at

    def blank(self, *, at: datetime) -> None:
        """Keep nothing that people wrote in it: its payload, the name of who declared it, and officers' comments.

        Who made and decided it stays, as clients, and when, with which outcome and for which code.
        """
        self.payload, self.warnings, self.blanked_at = None, [], at
        self.declaration = _without(self.declaration, "name")
        self.host_confirmation = _without(self.host_confirmation, "content")
        self.decisions = [_without(each, "comment") for each in self.decisions]
        self.record(FilingBlanked(**self._about()))

    def blank_contacts(self, *, at: datetime) -> None:
        """Keep of what it said how to reach the business no more; the register says nothing else by it."""
        self.payload, self.blanked_at = self.stated.without_contacts(), at
        self.record(FilingBlanked(**self._about()))

    def _end(self, status: FilingStatus, at: datetime) -> None:
        self._move_to(status)
        self.ended_at = at

    def _move_to(self, status: FilingStatus) -> None:
        self.status = move(self.status, status, MOVES)
        self.awaits_host = self.awaits_host and status in UNDECIDED

    def completion(self) -> Completion:
        """With what its payload takes effect; an approved filing knows."""
        return Completion(self.business_id, self.on_behalf_of, self.holds_from, self.granted, self.id)

    def _about(self) -> dict[str, Any]:
        return {"business_id": self.business_id, "filing_id": self.id, "type": self.type}


def _without(step: S, member: str) -> S:
    """The same step, where there is one, with a member that says nothing any more."""
    return step if step is None else step.model_copy(update={member: None})
