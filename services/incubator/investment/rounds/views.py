"""What callers see of rounds."""

from typing import Annotated, ClassVar, Self

from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.times import Day, Instant
from services.chassis.http.view import View, actions
from services.contracts.incubator.startups.rounds import Instrument
from services.contracts.registry.businesses import BusinessId
from services.incubator.investment.rounds.round import Round
from services.incubator.investment.rounds.status import ACTIONS, RoundStatus
from services.incubator.investment.rounds.terms import RoundCondition, RoundTerms


class RoundView(View):
    """A round in which a business seeks money. All amounts are minor units of its currency."""

    at: ClassVar[str] = "/v1/incubator/rounds"

    business_id: BusinessId
    """The business that looks for capital."""
    name: str
    """How it is called."""
    instrument: Instrument
    """What investors get for their money."""
    currency: CurrencyCode
    """In which all of it is (ISO 4217)."""
    terms: RoundTerms
    """What is sought, and on which terms, as they hold now."""
    terms_version: int
    """Which terms these are: 1, 2, 3 and so on."""
    conditions: list[RoundCondition]
    """What must be so before it closes."""
    committed: int
    """What is pledged, accepted or funded; of a closed round, what was allocated."""
    remaining: int
    """For how much there is room."""
    commitments_count: int
    """How many commitments are not over, those that wait included."""
    raised: int
    """What became the business's as it closed."""
    opened_at: Instant | None
    """Since when it is open; null before."""
    announced_on: Day | None
    """The day on which an early close was announced; null for none."""
    ended_at: Instant | None
    """When it closed, failed or was called off; null before."""
    status: RoundStatus
    """How far it has come."""
    allowed_actions: Annotated[list[str], actions(ACTIONS)]
    """What can be done to it by its status."""

    @classmethod
    def of(cls, round: Round) -> Self:
        return cls.showing(round)
