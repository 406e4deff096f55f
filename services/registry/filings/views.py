"""What callers see of a filing."""

from typing import ClassVar, Literal, Self

from services.chassis.domain.caller import Caller
from services.chassis.http.view import Shown, View
from services.registry.filings.filing import Filing
from services.registry.filings.record import Particulars
from services.registry.filings.status import Action


class Fee(Shown):
    """What a filing costs; the zone's schedule is empty."""

    status: Literal["not_required"] = "not_required"
    amount: None = None
    code: None = None
    receipt_no: None = None
    waived_by: None = None
    reason: None = None


class FilingView(Particulars, View):
    """A filing, for its owner, officials and auditors. `allowed_actions` are the caller's.

    No filing needs a document or a fee yet, or corrects another.
    """

    at: ClassVar[str] = "/v1/registry/filings"

    documents: tuple[()]
    fee: Fee
    correction_of: None
    allowed_actions: list[Action]

    @classmethod
    def of(cls, filing: Filing, caller: Caller) -> Self:
        actions = filing.allowed_actions(caller)
        return cls.showing(filing, documents=(), fee=Fee(), correction_of=None, allowed_actions=actions)
