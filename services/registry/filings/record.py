"""The record of a filing: everything that it says of itself, and who may do what to it.

Nobody decides what is their own, or their organisation's (separation of duties).
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict, Forbidden
from services.chassis.domain.ids import AnyId
from services.chassis.domain.moves import invalid_transition
from services.chassis.domain.times import Instant
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.filings import FilingType
from services.registry.businesses.business import Business
from services.registry.filings.catalogue import PAYLOADS, AnyPayload, FilingPayload
from services.registry.filings.payload import Granted, ReviewPolicy
from services.registry.filings.status import ACTIONS, Action, FilingStatus
from services.registry.filings.steps import Block, Decision, Declaration, FilingReview, FilingWarning, HostConfirmation


class Particulars(BaseModel):
    """Everything that a filing says of itself."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    business_id: BusinessId
    """The business that it makes or changes."""
    type: FilingType
    """What it does to the register."""
    status: FilingStatus
    """How far it has come."""
    review_policy: ReviewPolicy
    """Who decides it."""
    base_version: int
    """The version of the business against which it was drafted; 0 for a registration."""
    requested_effective_at: Instant | None
    """From when it is to hold, where that was asked for."""
    drafted_at: Instant | None = None
    """When it was begun; null where a clock made it."""
    effective_at: Instant | None = None
    """From when it holds; known once it is approved."""
    completed_at: Instant | None = None
    """When it took effect."""
    ended_at: Instant | None = None
    """When it ended without effect: withdrawn, rejected or lapsed; null where it did not."""
    payload: FilingPayload | None
    """What it says; null once it was blanked."""
    warnings: list[FilingWarning] = Field(default=[])
    """Of a draft: what it would be refused for, as the register stood when it was begun or changed last."""
    blanked_at: Instant | None = None
    """When what it said was blanked: everything that people wrote in it, at once where it was withdrawn as a draft,
    else 90 days after it ended without effect; of one that took effect its contacts alone, 90 days after its business
    left the register. Null before."""
    declaration: Declaration | None = None
    """Who declared that all is true; known once it is handed in."""
    awaits_host: bool = False
    """Whether it names another partner's business as host, whose owner has not confirmed that."""
    host_confirmation: HostConfirmation | None = None
    """Who confirmed the hosting, for the owner of the host."""
    review: FilingReview | None = None
    """Which officer has taken it up."""
    decisions: list[Decision] = Field(default=[])
    """What was decided, in order."""
    block: Block | None = None
    """Why it cannot take effect, since when; of a withdrawn one, why it never will."""
    granted: Granted | None = None
    """What the registry gave at completion."""
    partner_id: AnyId
    """The partner that made it."""
    on_behalf_of: AnyId
    """The partner that owns the business."""
    drafted_by: str
    """The client that made it, which never decides it; `system` where a clock did."""
    submitted_by: str | None = None
    """The client that handed it in, which never decides it either."""
    origin: Literal["api", "system"]
    """Whether a caller made it or a clock did."""

    @property
    def stated(self) -> AnyPayload:
        """What it says; nobody acts on a filing that was blanked, as that has ended."""
        assert self.payload is not None, "blanked"
        return self.payload

    @property
    def makes_its_business(self) -> bool:
        """Whether a business enters the register with it; every other filing changes one."""
        return self.base_version == 0

    @property
    def submitted_at(self) -> datetime:
        """When it was handed in; a submitted filing knows."""
        assert self.declaration is not None, "not submitted"
        return self.declaration.at

    @property
    def holds_from(self) -> datetime:
        """From when it is true; an approved filing knows."""
        assert self.effective_at is not None, "not approved"
        return self.effective_at

    def is_due(self, at: datetime) -> bool:
        """Whether it is approved and its moment has come."""
        return self.status == FilingStatus.APPROVED and self.effective_at is not None and self.effective_at <= at


class Duties(Particulars):
    """A filing's record, with who may act on it: its owner, officials, and the owner of the host that it names."""

    drafted_by_official: bool = False
    """Whether it was an official, so that its `partner_id` is the zone's own office."""
    host_business_id: BusinessId | None = None
    """The business that it names as host, whose owner may look at it and confirm it."""

    def is_owned_by(self, caller: Caller) -> bool:
        """The partner that made it, and the one that owns the business, where it is not made against that."""
        return caller.partner_id in (self.partner_id, None if PAYLOADS[self.type].by_order else self.on_behalf_of)

    def allowed_actions(self, caller: Caller) -> list[Action]:
        """What this caller can do to it now."""
        return [action for action, its in ACTIONS.items() if self.status in its and self._may(action, caller)]

    def _may(self, action: Action, caller: Caller) -> bool:
        if action == "withdraw" and self.is_stopped_by(caller):
            return True
        if action in ("change", "submit", "withdraw"):
            return self.is_owned_by(caller) and (caller.kind == "partner" or caller.is_official)
        mine = action == "assign" or (self.review is not None and self.review.assignee == caller.client_id)
        if self.awaits_supervisor and action != "assign":
            mine = (caller.kind == "supervisor" and not mine) or (action == "reject" and mine)
        return caller.is_official and mine and not self._is_work_of(caller)

    def begin(self, action: Action, by: Caller) -> None:
        """Let an action pass that fits the status. Raises Conflict: `invalid_transition`."""
        if self.status not in ACTIONS[action]:
            raise invalid_transition(self.status, self.allowed_actions(by))

    def check_owned(self, by: Caller) -> None:
        """Let its own side pass. Raises Forbidden: `not_the_owner`."""
        if not self.is_owned_by(by):
            raise Forbidden("Only who made a filing changes it, hands it in, or takes it back.", code="not_the_owner")

    def is_stopped_by(self, caller: Caller) -> bool:
        """Whether a caller may end it as an official: before its approval that is a rejection, with a reason."""
        return caller.is_official and self.status == FilingStatus.APPROVED

    def check_separation(self, by: Caller) -> None:
        """Let somebody pass whose own it is not. Raises Forbidden: `separation_of_duties`."""
        if self._is_work_of(by):
            raise Forbidden("Nobody decides a filing of their own.", code="separation_of_duties")

    def _is_work_of(self, caller: Caller) -> bool:
        """Its own, or its organisation's; what one official of the office has made, another one decides."""
        if caller.client_id in (self.drafted_by, self.submitted_by):
            return True
        return self.is_owned_by(caller) and not self.drafted_by_official

    @property
    def awaits_supervisor(self) -> bool:
        """Whether its assignee has approved it, and a supervisor has yet to."""
        return self.review is not None and self.review.second_approval == "pending"

    def check_assigned(self, by: Caller) -> None:
        """Let its assignee pass, and a supervisor for whom it waits. Raises Conflict: `not_assigned`."""
        if self.awaits_supervisor and by.kind == "supervisor":
            return
        if self.review is None or self.review.assignee != by.client_id:
            raise Conflict("Only the officer who has taken it up decides it.", code="not_assigned")

    def check_second(self, by: Caller) -> None:
        """Let a supervisor pass who did not approve it first. Raises Forbidden: see its code."""
        if self.review is not None and self.review.assignee == by.client_id:
            raise Forbidden("Nobody approves a filing twice: a supervisor does now.", code="separation_of_duties")
        if by.kind != "supervisor":
            raise Forbidden("A supervisor approves it now.", code="supervisor_required")

    # the owner of its host

    def is_confirmed(self) -> bool:
        """Whether the owner of its host has confirmed it, as it is."""
        said = self.host_confirmation
        if said is None or self.payload is None:
            return False
        return said.host_business_id == self.host_business_id and said.content == self.payload.digest()

    def await_host(self, host: Business | None, *, by: Caller) -> None:
        """Say whose word it waits for, as it is handed in: that of its host's owner, unless they hand it in themselves.

        Until then an officer decides it as any other.
        """
        is_theirs = host is not None and host.partner_id == by.partner_id
        self.awaits_host = self.host_business_id is not None and not is_theirs and not self.is_confirmed()

    def check_host(self, host: Business | None, *, by: Caller) -> Business:
        """Its host, where it is the caller's own.

        Raises:
            Conflict: `no_host_named`.
            Forbidden: `not_the_host`.
        """
        if self.host_business_id is None:
            raise Conflict("This filing names no host.", code="no_host_named")
        if host is None or host.partner_id != by.partner_id:
            raise Forbidden("Only the owner of the host confirms a hosting.", code="not_the_host")
        return host
