"""What the incubator tells of rounds: to everyone that there are any, and each commitment to whose it is."""

from enum import StrEnum
from typing import Annotated

from services.chassis.domain.events import Event
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.chassis.domain.money import Money
from services.chassis.domain.times import Day, Instant
from services.contracts.incubator.startups.shares import ROUNDS, InvestorId
from services.contracts.registry.businesses import BusinessId, BusinessKind

RoundId = Annotated[str, id_of("rnd")]
CommitmentId = Annotated[str, id_of("cmt")]


class Instrument(StrEnum):
    """The instruments of a round."""

    PRICED_EQUITY = "priced_equity"
    CONVERTIBLE = "convertible"
    LOAN = "loan"
    GRANT = "grant"


class RoundEvent(Event):
    """What every event of a round says: which round it is, and by what it is counted."""

    round_id: RoundId
    business_id: BusinessId
    business_kind: Growing[BusinessKind]
    sector: str
    instrument: Growing[Instrument]


class RoundTerms(RoundEvent):
    """One that says how much is sought, and until when."""

    target: Money
    hard_cap: Money
    deadline: Instant


class RoundOpened(RoundTerms, name="zone.incubator.round.opened.v1", topic=ROUNDS, audience="public"):
    """A business seeks money."""


class RoundTermsChanged(RoundTerms, name="zone.incubator.round.terms_changed.v1", topic=ROUNDS, audience="public"):
    """The terms of a round are others: who takes part says so again, or is out."""


class RoundClosingAnnounced(
    RoundEvent, name="zone.incubator.round.closing_announced.v1", topic=ROUNDS, audience="public"
):
    """A round may close before its deadline, from the sixth working day on."""

    announced_on: Day


class RoundClosed(RoundEvent, name="zone.incubator.round.closed.v1", topic=ROUNDS, audience="public"):
    """A round has reached its target and is over: what was raised is the business's."""

    raised: Money
    commitments: int


class RoundFailed(RoundEvent, name="zone.incubator.round.failed.v1", topic=ROUNDS, audience="public"):
    """A round missed its target at its deadline; nobody is bound by it any more."""

    committed: Money


class RoundCancelled(RoundEvent, name="zone.incubator.round.cancelled.v1", topic=ROUNDS, audience="public"):
    """A business called a round off; nobody is bound by it any more."""


class ConditionMet(RoundEvent, name="zone.incubator.condition.met.v1", topic=ROUNDS, audience="owner"):
    """A condition of closing is met."""

    condition: int
    kind: str


class CompanyValued(Event, name="zone.incubator.company.valued.v1", topic=ROUNDS, audience="owner"):
    """A priced round says what a business is worth, with the money that came in by it."""

    business_id: BusinessId
    round_id: RoundId
    valuation: Money
    valued_on: Day


class CommitmentEvent(RoundEvent):
    """What every event of a commitment says; `amount` is what it stands for after it."""

    commitment_id: CommitmentId
    investor_id: InvestorId
    investor_kind: str
    amount: Money


class CommitmentPledged(CommitmentEvent, name="zone.incubator.commitment.pledged.v1", topic=ROUNDS, audience="owner"):
    """An investor promises money, or one that waited has its turn."""


class CommitmentWaitlisted(
    CommitmentEvent, name="zone.incubator.commitment.waitlisted.v1", topic=ROUNDS, audience="owner"
):
    """An investor waits for room in a round that is full."""


class CommitmentAccepted(CommitmentEvent, name="zone.incubator.commitment.accepted.v1", topic=ROUNDS, audience="owner"):
    """A business takes what was promised, or less of it."""

    pledged: Money


class CommitmentReconfirmed(
    CommitmentEvent, name="zone.incubator.commitment.reconfirmed.v1", topic=ROUNDS, audience="owner"
):
    """An investor stands by it under changed terms."""


class CommitmentFunded(CommitmentEvent, name="zone.incubator.commitment.funded.v1", topic=ROUNDS, audience="owner"):
    """Money of an investor is there; `funded` is all of it so far."""

    funded: Money


class CommitmentAllotted(CommitmentEvent, name="zone.incubator.commitment.allotted.v1", topic=ROUNDS, audience="owner"):
    """A round closed: `paid` of the allocated money is the business's, `returned` goes back."""

    allocated: Money
    paid: Money
    returned: Money
    shares: int


class CommitmentConverted(
    CommitmentEvent, name="zone.incubator.commitment.converted.v1", topic=ROUNDS, audience="owner"
):
    """What was lent as a convertible has become shares."""

    shares: int
    returned: Money


class CommitmentEnded(CommitmentEvent):
    """One after which nobody is bound; `returned` goes back."""

    returned: Money


class CommitmentCancelled(
    CommitmentEnded, name="zone.incubator.commitment.cancelled.v1", topic=ROUNDS, audience="owner"
):
    """An investor takes its promise back."""


class CommitmentLapsed(CommitmentEnded, name="zone.incubator.commitment.lapsed.v1", topic=ROUNDS, audience="owner"):
    """An investor did not stand by it under changed terms."""


class CommitmentReleased(CommitmentEnded, name="zone.incubator.commitment.released.v1", topic=ROUNDS, audience="owner"):
    """A business lets an investor go, or the round is over without it."""
