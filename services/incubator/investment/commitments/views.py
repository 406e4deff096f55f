"""What callers see of commitments."""

from typing import Annotated, ClassVar, Self

from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.times import Instant
from services.chassis.http.view import View, actions
from services.contracts.incubator.startups.rounds import Instrument, RoundId
from services.contracts.incubator.startups.shares import InvestorId
from services.contracts.registry.businesses import BusinessId
from services.incubator.investment.commitments.commitment import Commitment
from services.incubator.investment.commitments.status import ACTIONS, CommitmentStatus


class CommitmentView(View):
    """What an investor promises in a round. All amounts are minor units of its currency."""

    at: ClassVar[str] = "/v1/incubator/commitments"

    round_id: RoundId
    """In which round."""
    business_id: BusinessId
    """Of which business."""
    investor_id: InvestorId
    """The investor who promises the money."""
    instrument: Instrument
    """What the investor gets for the money."""
    currency: CurrencyCode
    """In which it is (ISO 4217)."""
    pledged: int
    """What was promised."""
    amount: int
    """What it stands for now: what was accepted of it, once that is said."""
    funded: int
    """What of it is there."""
    allocated: int
    """What it got as the round closed."""
    paid: int
    """What of that is the business's."""
    returned: int
    """What of the money goes back to the investor."""
    shares: int
    """How many shares it got."""
    outstanding: int
    """Of a convertible: what has not become shares yet."""
    reconfirm_by: Instant | None
    """The first moment at which it lapses, as the terms changed; null while it stands."""
    pledged_at: Instant
    """When it was promised."""
    status: CommitmentStatus
    """How far it has come."""
    allowed_actions: Annotated[list[str], actions(ACTIONS, "reconfirm")]
    """What can be done to it by its status."""

    @classmethod
    def of(cls, commitment: Commitment) -> Self:
        return cls.showing(commitment)
