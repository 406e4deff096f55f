"""A filing: one act that changes the register, from its draft to its effect."""

from datetime import datetime
from typing import ClassVar, Literal

from services.chassis.domain.caller import Caller
from services.chassis.domain.moves import invalid_transition
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.violations import Violation, refusal
from services.contracts.registry.filings import (
    FilingApproved,
    FilingAssigned,
    FilingRejected,
    FilingSubmitted,
    HostingConfirmed,
    RejectionReason,
)
from services.registry.businesses.matrix import check_allowed
from services.registry.filings.beginning import Begun
from services.registry.filings.payload import Register, ReviewPolicy
from services.registry.filings.status import UNDECIDED, FilingStatus
from services.registry.filings.steps import Decision, Declaration, FilingReview, HostConfirmation


class Filing(Begun):
    """A filing: an act that changes the register, and what has been done about it, by whom and why."""

    collection: ClassVar[str] = "filings"
    shown_to: ClassVar = owned_by("on_behalf_of", "partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("business_id", 1), ("_id", 1)),
        (("on_behalf_of", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
        (("partner_id", 1), ("status", 1)),
        (("status", 1), ("type", 1), ("_id", 1)),
        (("review.assignee", 1), ("_id", 1)),
        (("status", 1), ("effective_at", 1)),
        (("host_business_id", 1), ("awaits_host", 1), ("_id", 1)),
        (("blanked_at", 1), ("ended_at", 1)),
        (("status", 1), ("drafted_at", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["business_id", "type", "status", "payload", "on_behalf_of"],
            "properties": {
                "status": {"enum": [status.value for status in FilingStatus]},
                "payload": {"bsonType": ["object", "null"]},
                "ended_at": {"bsonType": ["date", "null"]},
                "blanked_at": {"bsonType": ["date", "null"]},
            },
        }
    }

    # what its owner does

    def submit(self, declared_by: str | None, register: Register, *, by: Caller, at: datetime) -> None:
        """Hand it in. Where the rules alone decide, and its host is theirs who hand it in, it is approved at once.

        Args:
            declared_by: the name of the person who declares that all is true; None where nobody does.
            register: what the register says around it.

        Raises:
            Forbidden: `not_the_owner`.
            Conflict: `invalid_transition`, `filing_not_allowed`, `stale_base_version`.
            Unprocessable: `declaration_required`, `effective_date`, the payload's violations and obstacles.
        """
        self.begin("submit", by)
        self.check_owned(by)
        if declared_by is None:
            detail = "Somebody declares, by name, that all is true."
            raise refusal(Violation("declaration_required", detail, ("declaration",)))
        if register.business is not None:
            check_allowed(self.type, register.business, official=by.is_official)
        asked = self.requested_effective_at
        its = self.stated.moment_violations(asked, register.business, official=by.is_official, at=at)
        self.check_against(register, *its)
        self._move_to(FilingStatus.SUBMITTED)
        self.warnings = []
        self.declaration = Declaration(accepted=True, name=declared_by, at=at)
        self.submitted_by = by.client_id
        self.record(FilingSubmitted(**self._about()))
        self.await_host(register.host, by=by)
        self._decide_by_rule(at)

    # what the owner of its host does

    def confirm_hosting(self, register: Register, *, by: Caller, at: datetime) -> bool:
        """Its host takes the business in. Where it waited for an officer for want of this alone, it is approved.

        False where that was said before, of the filing as it is: then nothing changes.

        Raises:
            Forbidden: `not_the_host`.
            Conflict: `no_host_named`, `invalid_transition`, `stale_base_version`.
            Unprocessable: the payload's violations and obstacles.
        """
        host = self.check_host(register.host, by=by)
        if self.is_confirmed():
            return False
        if self.status not in UNDECIDED:
            raise invalid_transition(self.status, self.allowed_actions(by))
        self.check_against(register)
        content = self.stated.digest()
        self.host_confirmation = HostConfirmation(host_business_id=host.id, by=by.client_id, at=at, content=content)
        self.awaits_host = False
        self.record(HostingConfirmed(**self._about(), host_business_id=host.id))
        if self.status == FilingStatus.SUBMITTED:  # what an officer has taken up, that officer decides
            self._decide_by_rule(at)
        return True

    def _decide_by_rule(self, at: datetime) -> None:
        """Approve it, where it is for the rules alone to do so."""
        self.review_policy = ReviewPolicy.OFFICER if self.awaits_host else self.stated.review_policy
        if self.review_policy == ReviewPolicy.AUTOMATIC:
            self._approved(by="system", comment=None, at=at)

    # what officers do

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
