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
    FilingAmended,
    FilingDrafted,
    FilingId,
    FilingSubmitted,
    HostingConfirmed,
)
from services.registry.businesses.business import Business
from services.registry.businesses.matrix import check_allowed
from services.registry.filings.catalogue import AnyPayload
from services.registry.filings.outcome import Outcome
from services.registry.filings.payload import Register, ReviewPolicy
from services.registry.filings.status import UNDECIDED, FilingStatus
from services.registry.filings.steps import Declaration, HostConfirmation


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
        filing = cls._begun(payload, business, by.partner_id, by.client_id, origin="api", on_behalf_of=on_behalf_of)
        filing._state(payload, requested_effective_at, business, by=by, at=at)
        filing.drafted_by_official, filing.drafted_at = by.is_official, at
        filing.record(FilingDrafted(**filing._about()))
        return filing

    def check_changeable(self, by: Caller) -> None:
        """Let its owner change a draft. Raises `invalid_transition`, `not_the_owner`."""
        self.begin("change", by)
        self.check_owned(by)

    def change(
        self, payload: AnyPayload, requested: datetime | None, *, by: Caller, at: datetime, business: Business | None
    ) -> None:
        """Say something else, before it is handed in; it is judged as a new draft is.

        Args:
            payload: of the same type.
            requested: from when it is to hold, where that is asked for.
            business: the one that it concerns; None for a registration.

        Raises:
            Conflict: `invalid_transition`, `filing_not_allowed`.
            Forbidden: `not_the_owner`.
            Unprocessable: the payload's violations; `effective_date`.
        """
        self.check_changeable(by)
        self._state(payload, requested, business, by=by, at=at)
        self.record(FilingAmended(**self._about()))

    def asked_moment(self, business: Business | None) -> datetime | None:
        """From when its owner asked it to hold; None where its payload says that by itself."""
        return None if self.stated.starts_at(business) else self.requested_effective_at

    @classmethod
    def of_a_clock(cls, payload: AnyPayload, business: Business, *, effective_at: datetime) -> Self:
        """What time itself changes is a filing too; it is approved from the start."""
        filing = cls._begun(payload, business, business.partner_id, "system", origin="system")
        filing.status, filing.effective_at, filing.submitted_by = FilingStatus.APPROVED, effective_at, "system"
        return filing

    def _state(
        self, payload: AnyPayload, requested: datetime | None, business: Business | None, *, by: Caller, at: datetime
    ) -> None:
        """Say this, from then on, where that can be said of the business today."""
        if business is not None:
            check_allowed(payload.type, business, official=by.is_official)
        refuse(
            *at_path(payload.violations(zone_date(at), business), "payload"),
            *payload.moment_violations(requested, business, official=by.is_official, at=at),
        )
        self.payload, self.host_business_id, self.review_policy = payload, payload.host_id, payload.review_policy
        self.requested_effective_at = payload.requested_moment(requested, business)

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
