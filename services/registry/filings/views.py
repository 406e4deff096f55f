"""What callers see of a filing."""

from typing import ClassVar, Final, Literal, Self

from services.chassis.domain.caller import Caller
from services.chassis.domain.money import Money
from services.chassis.http.view import Shown, View
from services.contracts.registry.documents import DocumentId
from services.contracts.registry.filings import FilingId
from services.registry.filings.filing import Filing
from services.registry.filings.record import Particulars
from services.registry.filings.status import Action


class Fee(Shown):
    """What a filing costs, and whether that is settled; by the zone's schedule nothing costs anything yet."""

    status: Literal["not_required", "due", "paid", "waived", "refund_due", "refunded"]
    """Whether something is owed, and by whom."""
    amount: Money | None
    """How much; null where nothing is required."""
    code: str | None
    """The line of the schedule."""
    receipt_no: str | None
    """The receipt of who has paid."""
    waived_by: str | None
    """The client of the supervisor who waived it."""
    reason: str | None
    """Why it was waived."""


NO_FEE: Final = Fee(status="not_required", amount=None, code=None, receipt_no=None, waived_by=None, reason=None)


class FilingDocument(Shown):
    """A document that a filing needs or brings."""

    document_id: DocumentId
    """Its id."""
    type: str
    """What it proves, such as `premises` or `hosting_agreement`."""
    required: bool
    """Whether the filing cannot do without it."""
    status: Literal["pending", "accepted", "rejected"]
    """What the officer found."""
    reason: Literal["illegible", "mismatch", "expired", "other"] | None
    """Why it was rejected, for programs."""
    note: str | None
    """What the officer had to say."""


class FilingView(Particulars, View):
    """A filing: one act that changes the register, from its draft to its effect."""

    at: ClassVar[str] = "/v1/registry/filings"

    documents: list[FilingDocument]
    """The documents that it needs or brings; no filing needs one yet."""
    fee: Fee
    """What it costs."""
    correction_of: FilingId | None
    """The filing that it corrects; null where it corrects none."""
    allowed_actions: list[Action]
    """What the caller can do to it now."""

    @classmethod
    def of(cls, filing: Filing, caller: Caller) -> Self:
        actions = filing.allowed_actions(caller)
        return cls.showing(filing, documents=[], fee=NO_FEE, correction_of=None, allowed_actions=actions)
