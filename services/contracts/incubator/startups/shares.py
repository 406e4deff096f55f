"""What the incubator tells of investors and shares: each to whose they are, and nobody's name."""

from typing import Annotated

from services.chassis.domain.events import Event, Topic
from services.chassis.domain.ids import id_of
from services.chassis.domain.money import Money
from services.chassis.domain.times import Day
from services.contracts.registry.businesses import BusinessId

ROUNDS = Topic("zone.incubator.rounds")
"""Investors, shares, and the rounds in which money is raised; keyed by the business, where there is one."""

InvestorId = Annotated[str, id_of("ivs")]
ShareClassId = Annotated[str, id_of("shc")]
CapTableId = Annotated[str, id_of("cap")]


class InvestorErased(Event, name="zone.incubator.investor.erased.v1", topic=ROUNDS, audience="owner"):
    """What was known of a person who invested is gone; whoever has a copy of it erases that too."""

    investor_id: InvestorId


class ShareEvent(Event):
    """What every event of a share class says: whose it is, from which day it counts, and how it stands after it.

    `seq` is its number in the cap table of its business; several of one act have the same.
    """

    business_id: BusinessId
    cap_table_id: CapTableId
    share_class_id: ShareClassId
    seq: int
    effective_on: Day
    issued: int
    authorised: int


class SharesIssued(ShareEvent, name="zone.incubator.shares.issued.v1", topic=ROUNDS, audience="owner"):
    """An investor got new shares."""

    investor_id: InvestorId
    certificate: str
    shares: int
    paid: Money


class SharesTransferred(ShareEvent, name="zone.incubator.shares.transferred.v1", topic=ROUNDS, audience="owner"):
    """Shares went from one investor to another; `cancelled` is what was left of the holding and ended with it."""

    from_investor_id: InvestorId
    to_investor_id: InvestorId
    shares: int
    cancelled: int


class SharesCancelled(ShareEvent, name="zone.incubator.shares.cancelled.v1", topic=ROUNDS, audience="owner"):
    """Shares are no more."""

    investor_id: InvestorId
    shares: int


class SharesRepurchased(ShareEvent, name="zone.incubator.shares.repurchased.v1", topic=ROUNDS, audience="owner"):
    """A business bought shares of its own back; they are no more."""

    investor_id: InvestorId
    shares: int
    paid: Money


class SharesSplit(ShareEvent, name="zone.incubator.shares.split.v1", topic=ROUNDS, audience="owner"):
    """All shares of a class became others: `numerator` new ones for `denominator` old ones; fractions were paid."""

    numerator: int
    denominator: int
    issued_before: int
    cash_in_lieu: Money


class AuthorisedSharesChanged(
    ShareEvent, name="zone.incubator.authorised_shares.changed.v1", topic=ROUNDS, audience="owner"
):
    """Another number of shares of a class may be issued; of a new class, it is the first."""

    authorised_before: int
