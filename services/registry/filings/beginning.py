"""How a filing begins: what its owner drafts and changes, and what time itself files."""

from datetime import datetime
from typing import Literal, Self

from services.chassis.domain.caller import Caller
from services.chassis.domain.ids import new_id
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import at_path, refuse
from services.contracts.registry.filings import FilingAmended, FilingDrafted, FilingId
from services.registry.businesses.business import Business
from services.registry.businesses.matrix import check_allowed
from services.registry.filings.catalogue import AnyPayload
from services.registry.filings.outcome import Outcome
from services.registry.filings.status import FilingStatus


class Begun(Outcome):
    """A filing's record, with how it begins: drafted, changed while nobody else has seen it, or made by a clock."""

    id: FilingId
    group: str = ""
    """That of its payload: one filing of a group is under way for a business."""

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
