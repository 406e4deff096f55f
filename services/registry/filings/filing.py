"""A filing: one act that changes the register, from its draft to its effect."""

from datetime import datetime
from typing import ClassVar, Literal, Self

from services.chassis.domain.caller import Caller
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import invalid_transition
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import Violation, at_path, refusal, refuse
from services.contracts.registry.filings import (
    FilingApproved,
    FilingAssigned,
    FilingDrafted,
    FilingId,
    FilingRejected,
    FilingSubmitted,
    HostingConfirmed,
    RejectionReason,
)
from services.registry.businesses.business import Business
from services.registry.businesses.matrix import check_allowed
from services.registry.filings.catalogue import AnyPayload
from services.registry.filings.outcome import Outcome
from services.registry.filings.payload import Register, ReviewPolicy
from services.registry.filings.status import UNDECIDED, FilingStatus
from services.registry.filings.steps import Decision, Declaration, FilingReview, HostConfirmation


class Filing(Outcome):
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

    id: FilingId
    group: str = ""
    """That of its payload: one filing of a group is under way for a business."""

    # how it begins

    @classmethod
    def draft(
        cls,
        payload: AnyPayload,
        *,
        by: Caller,
        at: datetime,
        business: Business | None = None,
        requested_effective_at: datetime | None = None,
        on_behalf_of: str | None = None,
    ) -> Self:
        """A filing that its owner can hand in.

        Args:
            business: the one that it concerns; None for a registration, which makes one.
            on_behalf_of: the partner that is to own the business that it makes, where that is not who files.

        Raises:
            Conflict: `filing_not_allowed`.
            Unprocessable: the payload's violations; `effective_date`.
        """
        if business is not None:
            check_allowed(payload.type, business, official=by.is_official)
        filing = cls._begun(payload, business, by.partner_id, by.client_id, origin="api", on_behalf_of=on_behalf_of)
        refuse(
            *at_path(payload.violations(zone_date(at), business), "payload"),
            *payload.moment_violations(requested_effective_at, business, official=by.is_official, at=at),
        )
        filing.drafted_by_official, filing.drafted_at = by.is_official, at
        filing.requested_effective_at = payload.requested_moment(requested_effective_at, business)
        filing.record(FilingDrafted(**filing._about()))
        return filing

    @classmethod
    def of_a_clock(cls, payload: AnyPayload, business: Business, *, effective_at: datetime) -> Self:
        """What time itself changes is a filing too; it is approved from the start."""
        filing = cls._begun(payload, business, business.partner_id, "system", origin="system")
        filing.status, filing.effective_at, filing.submitted_by = FilingStatus.APPROVED, effective_at, "system"
        return filing

    @classmethod
    def _begun(
        cls,
        payload: AnyPayload,
        business: Business | None,
        partner_id: str,
        drafted_by: str,
        origin: Literal["api", "system"],
        on_behalf_of: str | None = None,
    ) -> Self:
        return cls(
            id=new_id("fil"),
            business_id=business.id if business else new_id("biz"),
            type=payload.type,
            status=FilingStatus.DRAFT,
            review_policy=payload.review_policy,
            base_version=business.version if business else 0,
            requested_effective_at=None,
            payload=payload,
            host_business_id=payload.host_id,
            group=payload.group,
            partner_id=partner_id,
            drafted_by=drafted_by,
            on_behalf_of=business.partner_id if business else on_behalf_of or partner_id,
            origin=origin,
        )

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
