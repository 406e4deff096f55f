"""A commitment: what an investor promises in a round, and what becomes of it."""

from datetime import datetime
from typing import Any, ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import new_id
from services.chassis.domain.money import Money
from services.chassis.domain.moves import invalid_transition, move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Instant
from services.contracts.incubator.startups.rounds import (
    CommitmentAccepted,
    CommitmentAllotted,
    CommitmentCancelled,
    CommitmentConverted,
    CommitmentEnded,
    CommitmentEvent,
    CommitmentFunded,
    CommitmentId,
    CommitmentLapsed,
    CommitmentPledged,
    CommitmentReconfirmed,
    CommitmentReleased,
    CommitmentWaitlisted,
    Instrument,
    RoundId,
)
from services.contracts.incubator.startups.shares import InvestorId
from services.contracts.registry.businesses import BusinessId
from services.incubator.investment.commitments.status import ACTIONS, COUNTED, LIVE, MOVES, TAKEN, S
from services.incubator.investment.investors.investor import Investor
from services.incubator.investment.rounds.round import Round


class Commitment(Aggregate):
    """A commitment of an investor in a round. All amounts are minor units of the round's currency.

    Attributes:
        partner_id, investor_partner_id: whose the business is, and who acts for the investor; both see it.
        dimensions: of its round; by them its events are counted.
        pledged, amount: what was promised, and what it stands for now: never more.
        funded: what of it is there.
        allocated, paid, returned: what it got at the close, what of that is the business's, and what goes back.
        reconfirm_by: the first moment at which it lapses, as the terms changed; None while it stands.
        outstanding: of a convertible that was allotted: what has not become shares yet.
    """

    collection: ClassVar[str] = "commitments"
    shown_to: ClassVar = owned_by("partner_id", "investor_partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("round_id", 1), ("status", 1), ("_id", 1)),
        (("round_id", 1), ("investor_id", 1), ("_id", 1)),
        (("investor_id", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
        (("investor_partner_id", 1), ("_id", 1)),
        (("status", 1), ("reconfirm_by", 1)),
        (("business_id", 1), ("outstanding", 1)),
    )
    validator: ClassVar = {"$expr": {"$and": [{"$lte": ["$funded", "$amount"]}, {"$lte": ["$amount", "$pledged"]}]}}

    id: CommitmentId
    round_id: RoundId
    business_id: BusinessId
    partner_id: str
    investor_id: InvestorId
    investor_partner_id: str
    investor_kind: str
    dimensions: dict[str, Any]
    instrument: Instrument
    currency: str
    pledged: int
    amount: int
    funded: int = 0
    allocated: int = 0
    paid: int = 0
    returned: int = 0
    shares: int = 0
    outstanding: int = 0
    reconfirm_by: Instant | None = None
    pledged_at: Instant
    status: S

    @classmethod
    def pledge(cls, round: Round, investor: Investor, amount: int, at: datetime, *, waits: bool) -> Self:
        """A new commitment, which the round has room for, or that waits for it."""
        commitment = cls(
            id=new_id("cmt"),
            round_id=round.id,
            business_id=round.business_id,
            partner_id=round.partner_id,
            investor_id=investor.id,
            investor_partner_id=investor.partner_id,
            investor_kind=investor.kind.value,
            dimensions=round.dimensions(),
            instrument=round.instrument,
            currency=round.currency,
            pledged=amount,
            amount=amount,
            pledged_at=at,
            status=S.WAITLISTED if waits else S.PLEDGED,
        )
        commitment._tell(CommitmentWaitlisted if waits else CommitmentPledged)
        return commitment

    @property
    def is_live(self) -> bool:
        """Whether it is not over."""
        return self.status in LIVE

    @property
    def binds(self) -> bool:
        """Whether its investor must be known: it is not over, or a convertible that has not become shares yet."""
        return self.is_live or self.outstanding > 0

    @property
    def is_taken(self) -> bool:
        """Whether the business took it."""
        return self.status in TAKEN

    @property
    def counted(self) -> int:
        """How much room it takes in its round."""
        return self.amount if self.status in COUNTED else 0

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done to it by its status."""
        return [*ACTIONS[self.status], *(["reconfirm"] if self.is_live and self.reconfirm_by is not None else [])]

    def take_turn(self) -> None:
        """There is room for it now. Raises Conflict (`invalid_transition`)."""
        self._move(S.PLEDGED)
        self._tell(CommitmentPledged)

    def accept(self, amount: int) -> None:
        """The business takes it, or less of it. Raises Conflict: `invalid_transition`; `exceeds_commitment`."""
        self._move(S.ACCEPTED)
        if amount > self.pledged:
            raise Conflict("Less was promised.", code="exceeds_commitment", remaining=self.pledged)
        self.amount = amount
        self._tell(CommitmentAccepted, pledged=self._money(self.pledged))

    def fund(self, amount: int) -> None:
        """Money is there. Raises Conflict: `invalid_transition`; `exceeds_commitment` with `remaining`."""
        if self.status is not S.ACCEPTED:
            raise invalid_transition(self.status, self.allowed_actions)
        if self.funded + amount > self.amount:
            left = self.amount - self.funded
            raise Conflict("That is more than was accepted.", code="exceeds_commitment", remaining=left)
        self.funded += amount
        if self.funded == self.amount:
            self._move(S.FUNDED)
        self._tell(CommitmentFunded, funded=self._money(self.funded))

    def must_reconfirm(self, by: datetime) -> None:
        """The terms are others: it lapses at that moment, unless its investor stands by it."""
        self.reconfirm_by = by

    def reconfirm(self, at: datetime) -> None:
        """The investor stands by it. Raises Conflict: `nothing_to_reconfirm`; `reconfirmation_passed`."""
        if not self.is_live or self.reconfirm_by is None:
            raise Conflict("Its terms did not change.", code="nothing_to_reconfirm")
        if at >= self.reconfirm_by:
            raise Conflict("It was to be reconfirmed before.", code="reconfirmation_passed")
        self.reconfirm_by = None
        self._tell(CommitmentReconfirmed)

    def cancel(self, round: Round, at: datetime) -> None:
        """The investor takes it back. Raises Conflict: `invalid_transition`; `cancellation_window_passed`."""
        before = self.status
        self._move(S.CANCELLED)
        changed = self.reconfirm_by is not None and at < self.reconfirm_by
        if before is not S.WAITLISTED and not changed and not round.terms.may_cancel(at):
            hours = round.terms.cancel_before_hours
            raise Conflict(
                "It is too late to take it back.", code="cancellation_window_passed", cancel_before_hours=hours
            )
        self._end(CommitmentCancelled)

    def lapse(self) -> None:
        """The investor did not stand by it. Raises Conflict (`invalid_transition`)."""
        self._move(S.LAPSED)
        self._end(CommitmentLapsed)

    def release(self) -> None:
        """The business lets it go, or the round is over without it. Raises Conflict (`invalid_transition`)."""
        self._move(S.RELEASED)
        self._end(CommitmentReleased)

    def allot(self, allocated: int, paid: int, shares: int) -> None:
        """The round closes. Raises Conflict (`invalid_transition`)."""
        self._move(S.ALLOTTED)
        self.allocated, self.paid, self.shares, self.returned = allocated, paid, shares, self.funded - paid
        self.outstanding = paid if self.instrument is Instrument.CONVERTIBLE else 0
        amounts = {"allocated": allocated, "paid": paid, "returned": self.returned}
        told = {name: self._money(amount) for name, amount in amounts.items()}
        self._tell(CommitmentAllotted, shares=shares, **told)

    def convert(self, paid: int, shares: int) -> None:
        """A convertible becomes shares; what is less than a share goes back."""
        back = self.outstanding - paid
        self.outstanding, self.shares, self.returned = 0, shares, self.returned + back
        self._tell(CommitmentConverted, shares=shares, returned=self._money(back))

    def _end(self, told: type[CommitmentEnded]) -> None:
        self.returned, self.reconfirm_by = self.funded, None
        self._tell(told, returned=self._money(self.returned))

    def _move(self, to: S) -> None:
        self.status = move(self.status, to, MOVES, allowed_actions=self.allowed_actions)

    def _money(self, amount: int) -> Money:
        return Money(amount=amount, currency=self.currency)

    def _tell(self, told: type[CommitmentEvent], **more: Any) -> None:
        self.record(
            told(
                commitment_id=self.id,
                investor_id=self.investor_id,
                investor_kind=self.investor_kind,
                amount=self._money(self.amount),
                **self.dimensions,
                **more,
            )
        )
