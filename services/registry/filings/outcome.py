"""How a filing ends: what speaks against its effect, and its effect."""

from datetime import datetime
from typing import Any, Final

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict, ZoneError
from services.chassis.domain.moves import move
from services.chassis.domain.violations import Violation, at_path, refuse
from services.contracts.registry.filings import FilingBlocked, FilingCompleted, FilingWithdrawn
from services.registry.businesses.business import Business
from services.registry.filings.payload import Register
from services.registry.filings.record import Duties
from services.registry.filings.status import MOVES, UNDECIDED, FilingStatus
from services.registry.filings.steps import Block

FOR_GOOD: Final = frozenset({"stale_base_version", "hosting_expired"})
"""What speaks against a filing and is never gone: only another filing can say it anew."""

BY_OWNER: Final = "withdrawn_by_owner"
"""What an event of a withdrawal says where no rule is the reason."""


class Outcome(Aggregate, Duties):
    """A filing's record, with how it ends: completed, blocked for now, or ended without effect."""

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

    def withdraw(self, *, by: Caller) -> None:
        """Its owner takes it back before it takes effect. Raises `invalid_transition`, `not_the_owner`."""
        self.begin("withdraw", by)
        self.check_owned(by)
        self._move_to(FilingStatus.WITHDRAWN)
        self.record(FilingWithdrawn(**self._about(), code=BY_OWNER))

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
        self.awaits_host = self.awaits_host and status in UNDECIDED

    def _about(self) -> dict[str, Any]:
        return {"business_id": self.business_id, "filing_id": self.id, "type": self.type}
