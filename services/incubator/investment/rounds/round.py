"""A round: a business seeks money on one set of terms; it takes all of it or, where the target is missed, nothing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Final, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict, NotFound
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import new_id
from services.chassis.domain.money import Money
from services.chassis.domain.moves import invalid_transition, move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day, Instant, zone_date, zone_midnight
from services.chassis.domain.violations import at_path, refuse
from services.chassis.domain.working_days import add_working_days
from services.contracts.incubator.startups.rounds import (
    CompanyValued,
    ConditionMet,
    Instrument,
    RoundCancelled,
    RoundClosed,
    RoundClosingAnnounced,
    RoundFailed,
    RoundId,
    RoundOpened,
    RoundTermsChanged,
)
from services.contracts.registry.businesses import BusinessId, BusinessKind
from services.incubator.investment.rounds.status import ACTIONS, MOVES, SHOWN_TO_ALL, S
from services.incubator.investment.rounds.terms import ConditionKind, Oversubscription, RoundCondition, RoundTerms
from services.incubator.tenants.tenant import Tenant

NOTICE: Final = 5
"""How many working days before that it is announced, and within how many an investor stands by changed terms."""


class Round(Aggregate):
    """A round of a business.

    Attributes:
        terms, terms_version: what holds now, and how often it changed while it was open.
        committed: what is pledged, accepted or funded, in minor units; of a closed round what was allocated.
        commitments_count: how many commitments are not over, those that wait included.
        raised: what became the business's at the close.
        announced_on: the day on which an early close was announced.
    """

    collection: ClassVar[str] = "rounds"
    shown_to: ClassVar = owned_by("partner_id", public_while=("status", [status.value for status in SHOWN_TO_ALL]))
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("business_id", 1), ("_id", 1)),
        (("status", 1), ("terms.deadline", 1)),
    )
    validator: ClassVar = {
        "$expr": {
            "$or": [
                {"$lte": ["$committed", "$terms.hard_cap"]},
                {"$eq": ["$terms.oversubscription", Oversubscription.PRO_RATA.value]},
            ]
        }
    }

    id: RoundId
    business_id: BusinessId
    partner_id: str
    business_kind: Growing[BusinessKind]
    sector: str
    name: str
    instrument: Instrument
    currency: str
    terms: RoundTerms
    terms_version: int = 1
    conditions: list[RoundCondition]
    committed: int = 0
    commitments_count: int = 0
    raised: int = 0
    status: S = S.DRAFT
    opened_at: Instant | None = None
    announced_on: Day | None = None
    ended_at: Instant | None = None

    @classmethod
    def draft(
        cls,
        tenant: Tenant,
        *,
        instrument: Instrument,
        terms: RoundTerms,
        conditions: Sequence[ConditionKind],
        **said: Any,
    ) -> Self:
        """A new round that its owner alone sees; `said` are name and currency. Raises Unprocessable."""
        refuse(*at_path(terms.wrong_for(instrument), "terms"))
        return cls(
            id=new_id("rnd"),
            business_id=tenant.business_id,
            partner_id=tenant.partner_id,
            business_kind=tenant.kind,
            sector=tenant.sector,
            instrument=instrument,
            terms=terms,
            conditions=[RoundCondition(number=n, kind=kind) for n, kind in enumerate(conditions, 1)],
            **said,
        )

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done to it by its status."""
        return list(ACTIONS[self.status])

    @property
    def remaining(self) -> int:
        """For how much there is room."""
        return max(self.terms.hard_cap - self.committed, 0)

    def money(self, amount: int) -> Money:
        """An amount of its currency."""
        return Money(amount=amount, currency=self.currency)

    def open(self, at: datetime) -> None:
        """Seek money by it. Raises Conflict: `invalid_transition`; `deadline_passed`."""
        self._move(S.OPEN)
        self.check_deadline(at)
        self.opened_at = max(at, self.terms.opens_at)
        self.record(RoundOpened(**self.dimensions(), **self._sought()))

    def change(self, terms: RoundTerms, name: str, at: datetime) -> datetime | None:
        """Say something else of it.

        Returns:
            Until when who takes part must stand by the new terms; None where they stay, or nobody is bound yet.

        Raises:
            Unprocessable: see `RoundTerms.wrong_for`.
            Conflict: `invalid_transition`; `deadline_passed`; `cap_below_committed`.
        """
        if self.status not in (S.DRAFT, S.OPEN):
            raise invalid_transition(self.status, self.allowed_actions)
        refuse(*at_path(terms.wrong_for(self.instrument), "terms"))
        self.name = name
        if terms == self.terms:
            return None
        before, self.terms = self.terms, terms
        if self.status is S.DRAFT:
            return None
        if terms.oversubscription is not Oversubscription.PRO_RATA and self.committed > terms.hard_cap:
            raise Conflict("More is pledged already.", code="cap_below_committed", committed=self.committed)
        if before.deadline <= at:
            raise Conflict("The deadline of this round has passed.", code="deadline_passed")
        self.check_deadline(at)
        if max(before.opens_at, terms.opens_at) > at:  # nobody could pledge yet, or nobody can for a time
            self.opened_at = max(at, terms.opens_at)
        self.terms_version += 1
        self.record(RoundTermsChanged(**self.dimensions(), **self._sought()))
        return zone_midnight(add_working_days(zone_date(at), NOTICE) + timedelta(days=1))

    def meet(self, number: int, at: datetime) -> None:
        """A condition is met.

        Raises:
            NotFound: there is no such condition.
            Conflict: `invalid_transition`; `condition_met_already`; `target_missed`, not enough is pledged yet.
        """
        if self.status is not S.OPEN:
            raise invalid_transition(self.status, self.allowed_actions)
        if not 1 <= number <= len(self.conditions):
            raise NotFound("There is no such condition.")
        condition = self.conditions[number - 1]
        if condition.met_at is not None:
            raise Conflict("This condition is met already.", code="condition_met_already")
        if condition.kind is ConditionKind.TARGET_REACHED and self.committed < self.terms.target:
            raise self.target_missed(self.committed)
        self.conditions = [
            each.model_copy(update={"met_at": at}) if each.number == number else each for each in self.conditions
        ]
        self.record(ConditionMet(condition=number, kind=condition.kind.value, **self.dimensions()))

    def announce_closing(self, today: date) -> None:
        """Say that it may close before its deadline. Raises Conflict: `invalid_transition`; `closing_announced`."""
        if self.status is not S.OPEN:
            raise invalid_transition(self.status, self.allowed_actions)
        if self.announced_on is not None:
            raise Conflict("That is announced already.", code="closing_announced")
        self.announced_on = today
        self.record(RoundClosingAnnounced(announced_on=today, **self.dimensions()))

    def check_deadline(self, at: datetime) -> None:
        """Raises Conflict (`deadline_passed`)."""
        if self.is_over(at):
            raise Conflict("The deadline of this round has passed.", code="deadline_passed")

    def is_over(self, at: datetime) -> bool:
        """Whether its deadline has passed."""
        return at >= self.terms.deadline

    def target_missed(self, reached: int) -> Conflict:
        """The refusal where too little has come together."""
        return Conflict("The target is not reached.", code="target_missed", target=self.terms.target, reached=reached)

    def close(self, allocated: int, raised: int, commitments: int, at: datetime) -> None:
        """What was allocated is taken. Raises Conflict (`invalid_transition`)."""
        self._move(S.CLOSED)
        self.conditions = [each.model_copy(update={"met_at": each.met_at or at}) for each in self.conditions]
        self.committed, self.raised, self.commitments_count, self.ended_at = allocated, raised, 0, at
        self.record(RoundClosed(raised=self.money(raised), commitments=commitments, **self.dimensions()))

    def value(self, amount: int, on: date) -> None:
        """Its price says what the business is worth now."""
        said = {"business_id": self.business_id, "round_id": self.id}
        self.record(CompanyValued(valuation=self.money(amount), valued_on=on, **said), effective_at=zone_midnight(on))

    def fail(self, at: datetime) -> None:
        """The target was missed. Raises Conflict (`invalid_transition`)."""
        self._move(S.FAILED)
        self.record(RoundFailed(committed=self.money(self.committed), **self.dimensions()))
        self._end(at)

    def cancel(self, at: datetime) -> None:
        """Call it off. Raises Conflict (`invalid_transition`)."""
        self._move(S.DISCARDED if self.status is S.DRAFT else S.CANCELLED)
        if self.status is S.CANCELLED:
            self.record(RoundCancelled(**self.dimensions()))
        self._end(at)

    def dimensions(self) -> dict[str, Any]:
        """By what its events, and those of its commitments, are counted."""
        return {
            "round_id": self.id,
            "business_id": self.business_id,
            "business_kind": self.business_kind,
            "sector": self.sector,
            "instrument": self.instrument,
        }

    def _end(self, at: datetime) -> None:
        self.committed, self.commitments_count, self.ended_at = 0, 0, at

    def _move(self, to: S) -> None:
        self.status = move(self.status, to, MOVES, allowed_actions=self.allowed_actions)

    def _sought(self) -> dict[str, Any]:
        return {
            "target": self.money(self.terms.target),
            "hard_cap": self.money(self.terms.hard_cap),
            "deadline": self.terms.deadline,
        }
