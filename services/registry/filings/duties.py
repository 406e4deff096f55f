"""Duties: who may do what to a filing. Nobody decides what is their own, or their organisation's."""

from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict, Forbidden
from services.chassis.domain.moves import invalid_transition
from services.registry.filings.record import Particulars
from services.registry.filings.status import ACTIONS, Action


class Duties(Particulars):
    """A filing's record, with who may act on it (separation of duties)."""

    drafted_by_official: bool = False
    """Whether it was an official, so that its `partner_id` is the zone's own office."""

    def is_owned_by(self, caller: Caller) -> bool:
        """The partner that made it, and the one that owns the business."""
        return caller.partner_id in (self.partner_id, self.on_behalf_of)

    def allowed_actions(self, caller: Caller) -> list[Action]:
        """What this caller can do to it now."""
        return [action for action, status in ACTIONS.items() if status == self.status and self._may(action, caller)]

    def _may(self, action: Action, caller: Caller) -> bool:
        if action == "submit":
            return self.is_owned_by(caller) and (caller.kind == "partner" or caller.is_official)
        mine = action == "assign" or (self.review is not None and self.review.assignee == caller.client_id)
        return caller.is_official and mine and not self._is_work_of(caller)

    def begin(self, action: Action, by: Caller) -> None:
        """Let an action pass that fits the status. Raises Conflict: `invalid_transition`."""
        if ACTIONS[action] != self.status:
            raise invalid_transition(self.status, self.allowed_actions(by))

    def check_separation(self, by: Caller) -> None:
        """Let somebody pass whose own it is not. Raises Forbidden: `separation_of_duties`."""
        if self._is_work_of(by):
            raise Forbidden("Nobody decides a filing of their own.", code="separation_of_duties")

    def _is_work_of(self, caller: Caller) -> bool:
        """Its own, or its organisation's; what one official of the office has made, another one decides."""
        if caller.client_id in (self.drafted_by, self.submitted_by):
            return True
        return self.is_owned_by(caller) and not self.drafted_by_official

    def check_assigned(self, by: Caller) -> None:
        """Let its assignee pass. Raises Conflict: `not_assigned`."""
        if self.review is None or self.review.assignee != by.client_id:
            raise Conflict("Only the officer who has taken it up decides it.", code="not_assigned")
