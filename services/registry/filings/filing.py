"""A filing: one act that changes the register, from its draft to its effect."""

from datetime import datetime
from typing import Any, ClassVar, Final, Literal, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict, Forbidden, ZoneError
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import Violation, at_path, refusal, refuse
from services.contracts.registry.filings import (
    FilingApproved,
    FilingAssigned,
    FilingBlocked,
    FilingCompleted,
    FilingDrafted,
    FilingId,
    FilingRejected,
    FilingSubmitted,
    FilingWithdrawn,
    RejectionReason,
)
from services.registry.businesses.business import Business
from services.registry.businesses.matrix import check_allowed
from services.registry.filings.catalogue import AnyPayload
from services.registry.filings.duties import Duties
from services.registry.filings.payload import Register, ReviewPolicy
from services.registry.filings.status import MOVES, FilingStatus
from services.registry.filings.steps import Block, Decision, Declaration, Review

FOR_GOOD: Final = frozenset({"stale_base_version", "hosting_expired"})
"""What speaks against a filing and is never gone: only another filing can say it anew."""


class Filing(Aggregate, Duties):
    """A filing: an act that changes the register, and what has been done about it, by whom and why."""

    collection: ClassVar[str] = "filings"
    shown_to: ClassVar = owned_by("on_behalf_of", "partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("business_id", 1), ("_id", 1)),
        (("on_behalf_of", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
        (("status", 1), ("type", 1), ("_id", 1)),
        (("review.assignee", 1), ("_id", 1)),
        (("status", 1), ("effective_at", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["business_id", "type", "status", "payload", "on_behalf_of"],
            "properties": {"status": {"enum": [status.value for status in FilingStatus]}},
        }
    }

    id: FilingId

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
    ) -> Self:
        """A filing that its owner can hand in.

        Args:
            business: the one that it concerns; None for a registration, which makes one.

        Raises:
            Conflict: `filing_not_allowed`.
            Unprocessable: the payload's violations; `effective_date`.
        """
        if business is not None:
            check_allowed(payload.type, business, official=by.is_official)
        filing = cls._begun(payload, business, by.partner_id, by.client_id, origin="api")
        refuse(
            *at_path(payload.violations(zone_date(at), business), "payload"),
            *payload.moment_violations(requested_effective_at, business, official=by.is_official, at=at),
        )
        filing.drafted_by_official = by.is_official
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
            partner_id=partner_id,
            drafted_by=drafted_by,
            on_behalf_of=business.partner_id if business else partner_id,
            origin=origin,
        )

    # what its owner does

    def submit(self, declared_by: str | None, register: Register, *, by: Caller, at: datetime) -> None:
        """Hand it in. Where the rules alone decide, it is approved at once.

        Args:
            declared_by: the name of the person who declares that all is true; None where nobody does.
            register: what the register says around it.

        Raises:
            Forbidden: `not_the_owner`.
            Conflict: `invalid_transition`, `filing_not_allowed`, `stale_base_version`.
            Unprocessable: `declaration_required`, `effective_date`, the payload's violations and obstacles.
        """
        self.begin("submit", by)
        if not self.is_owned_by(by):
            raise Forbidden("Only who made a filing can hand it in.", code="not_the_owner")
        if declared_by is None:
            detail = "Somebody declares, by name, that all is true."
            raise refusal(Violation("declaration_required", detail, ("declaration",)))
        if register.business is not None:
            check_allowed(self.type, register.business, official=by.is_official)
        asked = self.requested_effective_at
        its = self.payload.moment_violations(asked, register.business, official=by.is_official, at=at)
        self.check_against(register, *its)
        self._move_to(FilingStatus.SUBMITTED)
        self.declaration = Declaration(accepted=True, name=declared_by, at=at)
        self.submitted_by = by.client_id
        self.record(FilingSubmitted(**self._about()))
        if self.review_policy == ReviewPolicy.AUTOMATIC:
            self._approved(by="system", comment=None, at=at)

    # what officers do

    def assign(self, *, by: Caller, at: datetime) -> None:
        """An officer takes it up. Raises `invalid_transition`, `separation_of_duties`."""
        self.begin("assign", by)
        self.check_separation(by)
        self._move_to(FilingStatus.IN_REVIEW)
        self.review = Review(assignee=by.client_id, assigned_at=at)
        self.record(FilingAssigned(**self._about()))

    def approve(self, *, by: Caller, comment: str | None, at: datetime) -> None:
        """Its assignee finds it good. Raises `invalid_transition`, `not_assigned`, `separation_of_duties`."""
        self.begin("approve", by)
        self.check_separation(by)
        self.check_assigned(by)
        self._approved(by=by.client_id, comment=comment, at=at)

    def reject(self, *, by: Caller, reason_code: RejectionReason, comment: str, at: datetime) -> None:
        """Its assignee refuses it, for good. Raises `invalid_transition`, `not_assigned`, `separation_of_duties`."""
        self.begin("reject", by)
        self.check_separation(by)
        self.check_assigned(by)
        self._move_to(FilingStatus.REJECTED)
        self.decisions = [*self.decisions, Decision.made("reject", by.client_id, at, comment, reason_code)]
        self.record(FilingRejected(**self._about(), reason_code=reason_code))

    def _approved(self, *, by: str, comment: str | None, at: datetime) -> None:
        self._move_to(FilingStatus.APPROVED)
        self.decisions = [*self.decisions, Decision.made("approve", by, at, comment)]
        self.effective_at = self.payload.effective_moment(
            self.requested_effective_at, submitted_at=self.submitted_at, approved_at=at
        )
        self.record(FilingApproved(**self._about()))

    # how it ends

    def check_against(self, register: Register, *others: Violation) -> None:
        """Let it pass if nothing in the register speaks against its effect.

        Args:
            others: what is wrong with it besides.

        Raises:
            Conflict: `stale_base_version`, where what it replaces has changed since it was drafted.
            Unprocessable: the payload's violations and obstacles, and the others.
        """
        if changed := self.payload.replaces & register.changed:
            detail = "What this filing replaces has changed since it was drafted."
            raise Conflict(detail, code="stale_base_version", changed_fields=sorted(changed))
        refuse(
            *at_path(self.payload.violations(register.today, register.business), "payload"),
            *at_path(self.payload.obstacles(register, self.business_id), "payload"),
            *others,
        )

    def complete(self, business: Business | None, *, at: datetime) -> Business:
        """Take effect: the business as it is from now on."""
        self._move_to(FilingStatus.COMPLETED)
        self.completed_at, self.block = at, None
        self.granted = self.payload.grant()
        self.record(FilingCompleted(**self._about()))
        business = self.payload.effect(self.completion(), business)
        business.updated_at = at
        business.keep_search_tokens()
        return business

    def blocked_by(self, obstacle: ZoneError, *, at: datetime) -> bool:
        """Remember why it cannot take effect; False where that is what is remembered already."""
        if self.block is not None and self.block.code == obstacle.code:
            return False
        self.block = Block(code=obstacle.code, detail=obstacle.detail, since=at)
        self.record(FilingBlocked(**self._about(), code=obstacle.code))
        return True

    def ended_by(self, obstacle: ZoneError, *, at: datetime) -> bool:
        """Withdraw it where it can never take effect; False where what speaks against it may be gone one day."""
        codes = [obstacle.code, *(each["code"] for each in obstacle.errors)]
        code = next((each for each in codes if each in FOR_GOOD), None)
        if code is None:
            return False
        self._move_to(FilingStatus.WITHDRAWN)
        self.block = Block(code=code, detail=obstacle.detail, since=at)
        self.record(FilingWithdrawn(**self._about(), code=code))
        return True

    def _move_to(self, status: FilingStatus) -> None:
        self.status = move(self.status, status, MOVES)

    def _about(self) -> dict[str, Any]:
        return {"business_id": self.business_id, "filing_id": self.id, "type": self.type}
