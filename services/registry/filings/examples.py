"""What the document of the API shows: one synthetic business on its way through the register.

Bodies are what a caller sends; answers are made of them by the code that answers.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.caller import Caller
from services.chassis.domain.times import parse_instant
from services.contracts.registry.filings import FilingType, RejectionReason
from services.registry.businesses.business import Business
from services.registry.businesses.entry.rules.code_checks import registration_number
from services.registry.businesses.versions import BusinessVersion
from services.registry.businesses.views import (
    BusinessExtract,
    BusinessVersionSummary,
    BusinessVersionView,
    BusinessView,
)
from services.registry.filings.bodies import (
    FILINGS,
    AnnualReportDraft,
    Approve,
    ChangeFiling,
    RegistrationDraft,
    Reject,
    Submit,
)
from services.registry.filings.catalogue import AnyPayload
from services.registry.filings.filing import Filing
from services.registry.filings.payload import Granted
from services.registry.filings.status import FilingStatus
from services.registry.filings.steps import Decision, Declaration, FilingReview, FilingWarning, HostConfirmation
from services.registry.filings.types.annual_report import AnnualReport
from services.registry.filings.types.dissolution import AdministrativeDissolution, Dissolution
from services.registry.filings.types.dissolution_cancellation import DissolutionCancellation
from services.registry.filings.types.example_payloads import (
    ADMINISTRATIVE_DISSOLUTION,
    ANNUAL_REPORT,
    DISSOLUTION,
    HOSTED,
    REGISTRATION,
    SUSPENSION,
)
from services.registry.filings.types.registration import Registration
from services.registry.filings.types.resumption import Resumption
from services.registry.filings.types.suspension import Suspension
from services.registry.filings.views import FilingView, HostingRequest

DIGITS: Final = "0195f3a4b5c67d8e9f00112233445566"
OWNER: Final = Caller(f"par_{DIGITS}", f"cli_{DIGITS}", f"key_{DIGITS}", "partner", frozenset())
OFFICER: Final = Caller(f"par_{DIGITS[::-1]}", f"cli_{DIGITS[::-1]}", f"key_{DIGITS[::-1]}", "officer", frozenset())
SUBMITTED_AT, ASSIGNED_AT, DECIDED_AT = (parse_instant(f"2026-11-2{day}T02:00:00Z") for day in (3, 4, 5))


def filing(payload: AnyPayload, status: FilingStatus, sequence: int, **more: Any) -> Filing:
    """A filing that has come so far, with so many events."""
    return Filing(
        id=f"fil_{DIGITS}",
        version=sequence,
        sequence=sequence,
        business_id=f"biz_{DIGITS}",
        type=payload.type,
        status=status,
        review_policy=payload.review_policy,
        base_version=0 if isinstance(payload, Registration) else 1,
        requested_effective_at=None,
        drafted_at=SUBMITTED_AT,
        payload=payload,
        host_business_id=payload.host_id,
        partner_id=OWNER.partner_id,
        on_behalf_of=OWNER.partner_id,
        drafted_by=OWNER.client_id,
        origin="api",
        **more,
    )


REGISTERING, MOVING_IN, REPORTING, SUSPENDING = (
    Registration.model_validate(REGISTRATION),
    Registration.model_validate(HOSTED),
    AnnualReport.model_validate(ANNUAL_REPORT),
    Suspension.model_validate(SUSPENSION),
)
CHANGES: Final[Sequence[AnyPayload]] = (
    REPORTING,
    SUSPENDING,
    Resumption(type=FilingType.RESUMPTION),
    Dissolution.model_validate(DISSOLUTION),
    AdministrativeDissolution.model_validate(ADMINISTRATIVE_DISSOLUTION),
    DissolutionCancellation(type=FilingType.DISSOLUTION_CANCELLATION),
)
"""One of each filing type that changes a business."""
DECLARED: Final = Declaration(accepted=True, name="示例人", at=SUBMITTED_AT)
HANDED_IN: Final[dict[str, Any]] = {"declaration": DECLARED, "submitted_by": OWNER.client_id}
TAKEN_UP: Final = HANDED_IN | {"review": FilingReview(assignee=OFFICER.client_id, assigned_at=ASSIGNED_AT)}


def decided(outcome: Literal["approve", "reject"], comment: str) -> dict[str, Any]:
    """What a filing says after its decision."""
    reason: RejectionReason | None = "incorrect" if outcome == "reject" else None
    made = Decision(
        id=f"dec_{DIGITS}",
        by=OFFICER.client_id,
        at=DECIDED_AT,
        outcome=outcome,
        reason_code=reason,
        comment=comment,
    )
    return TAKEN_UP | {"decisions": [made]}


DRAFT: Final = filing(REGISTERING, FilingStatus.DRAFT, 1)
CHANGED: Final = filing(
    REGISTERING.model_copy(update={"business_scope": "示例：棉纺纱加工；针织品制造"}),
    FilingStatus.DRAFT,
    2,
    warnings=[
        FilingWarning(
            pointer="/payload/identifiers/0/id",
            code="duplicate_identifier",
            detail="A business with this code is registered, or its registration is under way.",
            business_id=f"biz_{DIGITS[::-1]}",
        )
    ],
)
COMPLETED: Final = filing(
    REGISTERING,
    FilingStatus.COMPLETED,
    5,
    **decided("approve", "示例：材料齐全"),
    effective_at=DECIDED_AT,
    completed_at=DECIDED_AT,
    granted=Granted(registration_number=registration_number("40217336"), party_ids=[f"pty_{DIGITS}"]),
)
REPORTED: Final = filing(
    REPORTING,
    FilingStatus.COMPLETED,
    4,
    **HANDED_IN,
    effective_at=SUBMITTED_AT,
    completed_at=SUBMITTED_AT,
)
TAKEN_IN: Final = filing(
    MOVING_IN,
    FilingStatus.COMPLETED,
    5,
    **HANDED_IN,
    host_confirmation=HostConfirmation(
        host_business_id=HOSTED["hosting"]["host_business_id"],
        by=f"cli_{DIGITS[::-1]}",
        at=DECIDED_AT,
        content=MOVING_IN.digest(),
    ),
    effective_at=DECIDED_AT,
    completed_at=DECIDED_AT,
)
REJECTED: Final = filing(
    REGISTERING, FilingStatus.REJECTED, 4, **decided("reject", "示例：材料有误"), ended_at=DECIDED_AT
)


def registered() -> Business:
    """The business that the completed filing made."""
    business = REGISTERING.effect(COMPLETED.completion(), None)
    business.version, business.updated_at = 1, DECIDED_AT
    return business


ENTRY: Final = registered()
VERSION: Final = BusinessVersion.of(None, ENTRY, filing_id=COMPLETED.id)

KEPT: Final[Sequence[Row]] = (ENTRY, VERSION, COMPLETED)
"""What the service keeps, one of each noun, all of one owner."""
BODIES: Final[Sequence[BaseModel]] = (
    RegistrationDraft(payload=REGISTERING),
    AnnualReportDraft(payload=REPORTING),
    *(FILINGS[payload.type](type=payload.type.value, payload=payload) for payload in CHANGES),
    ChangeFiling(payload={"business_scope": "示例：棉纺纱加工；针织品制造", "contacts": {"phone": None}}),
    Submit.model_validate({"declaration": {"accepted": True, "name": "示例人"}}),
    Approve(comment="示例：材料齐全"),
    Reject(reason_code="incorrect", comment="示例：材料有误"),
)
"""What callers send, one of each model."""
ANSWERS: Final[Sequence[BaseModel]] = (
    BusinessView.of(ENTRY, OWNER),
    BusinessExtract.of(ENTRY),
    FilingView.of(COMPLETED, OWNER),
    HostingRequest.of(filing(MOVING_IN, FilingStatus.SUBMITTED, 2, **HANDED_IN, awaits_host=True)),
    BusinessVersionSummary.of(VERSION, None),
    BusinessVersionView(**dict(BusinessVersionSummary.of(VERSION, None)), business=BusinessView.of(ENTRY, OWNER)),
)
"""What they are answered, one of each model."""
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {
    "draft_registration": FilingView.of(DRAFT, OWNER),
    "change_filing": FilingView.of(CHANGED, OWNER),
    "draft_filing": FilingView.of(filing(SUSPENDING, FilingStatus.DRAFT, 1), OWNER),
    "draft_annual_report": FilingView.of(filing(REPORTING, FilingStatus.DRAFT, 1), OWNER),
    "list_annual_reports": FilingView.of(REPORTED, OWNER),
    "submit_filing": FilingView.of(filing(REGISTERING, FilingStatus.SUBMITTED, 2, **HANDED_IN), OWNER),
    "withdraw_filing": FilingView.of(
        filing(REGISTERING, FilingStatus.WITHDRAWN, 3, **HANDED_IN, ended_at=ASSIGNED_AT), OWNER
    ),
    "confirm_hosting": HostingRequest.of(TAKEN_IN),
    "assign_filing": FilingView.of(filing(REGISTERING, FilingStatus.IN_REVIEW, 3, **TAKEN_UP), OFFICER),
    "reject_filing": FilingView.of(REJECTED, OFFICER),
}
"""Operations whose answer is in another state than that."""
