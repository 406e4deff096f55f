"""What callers see of a filing."""

from typing import ClassVar, Final, Literal, Self

from services.chassis.domain.caller import Caller
from services.chassis.domain.money import Money
from services.chassis.domain.times import Instant
from services.chassis.http.view import Shown, View
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.documents import DocumentId
from services.contracts.registry.filings import FilingId, FilingType
from services.registry.businesses.entry.figures import Scope
from services.registry.businesses.entry.hosting import Hosting
from services.registry.businesses.entry.identifiers import Identifier
from services.registry.businesses.entry.name import ProposedName
from services.registry.businesses.record import Form
from services.registry.filings.filing import Filing
from services.registry.filings.record import Particulars
from services.registry.filings.status import Action, FilingStatus
from services.registry.filings.steps import HostConfirmation
from services.registry.filings.types.registration import Registration


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
    """The id of the document that was handed in."""
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


class Newcomer(Shown):
    """A business that is not in the register yet, as far as its host has to know it."""

    legal_form: Form
    """The kind of market entity."""
    name: ProposedName
    """The name that it wants."""
    identifiers: list[Identifier]
    """Its codes, one of a scheme."""
    business_scope: Scope
    """The business scope (经营范围) that it states."""


class HostingRequest(View):
    """What a filing asks of a host, for the host's owner: who wants its address, and for how long."""

    business_id: BusinessId
    """The business that the filing makes or changes."""
    type: FilingType
    """What the filing does to the register."""
    status: FilingStatus
    """How far it has come."""
    newcomer: Newcomer | None
    """Who the business is; null where the register says it already, or once the filing was blanked."""
    hosting: Hosting | None
    """The place at the host's address that it asks for; null where it names no host, or once it was blanked."""
    awaits_host: bool
    """Whether it was handed in and waits for the owner of the host to confirm it."""
    host_confirmation: HostConfirmation | None
    """Who confirmed it, for the owner of the host."""
    blanked_at: Instant | None
    """When what the filing said was blanked, 90 days after it ended without effect; null before."""

    @classmethod
    def of(cls, filing: Filing) -> Self:
        said = filing.payload
        newcomer = Newcomer.showing(said) if isinstance(said, Registration) else None
        return cls.showing(filing, newcomer=newcomer, hosting=said.asked_hosting if said else None)
