"""An investor: a person, a fund or the zone's own fund that may hold shares of businesses."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict, Gone
from services.chassis.domain.ids import new_id
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Instant
from services.contracts.incubator.startups.shares import InvestorErased
from services.contracts.registry.businesses import BusinessId


class InvestorKind(StrEnum):
    """The kinds of investors."""

    PERSON = "person"
    FUND = "fund"
    ZONE_FUND = "zone_fund"


class Investor(Aggregate):
    """An investor; founders and other shareholders are investors too.

    Attributes:
        partner_id: who entered it, and acts for it.
        name: None once erased.
        business_id: the business of the zone that it is; None where it is none.
        holdings, commitments: how many it has now: while there are any, it is not erased. A convertible that has not
            become shares yet is a commitment that it still has.
    """

    collection: ClassVar[str] = "investors"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("partner_id", 1), ("_id", 1)),
        (("business_id", 1), ("_id", 1)),
    )

    partner_id: str
    name: str | None
    kind: InvestorKind
    business_id: BusinessId | None
    holdings: int = 0
    commitments: int = 0
    erased_at: Instant | None = None

    @classmethod
    def enter(cls, partner_id: str, name: str, kind: InvestorKind, business_id: str | None) -> Self:
        """A new investor that holds nothing."""
        return cls(id=new_id("ivs"), partner_id=partner_id, name=name, kind=kind, business_id=business_id)

    def check_known(self) -> None:
        """Raises Gone (`investor_erased`)."""
        if self.erased_at is not None:
            raise Gone("What was known of this investor is erased.", code="investor_erased")

    def rename(self, name: str) -> None:
        """It is called otherwise. Raises Gone (`investor_erased`)."""
        self.check_known()
        self.name = name

    def hold(self, more: int) -> None:
        """It has so many holdings more, or fewer. Raises Gone (`investor_erased`) of more."""
        if more > 0:
            self.check_known()
        self.holdings += more

    def commit(self, more: int) -> None:
        """It has so many running commitments more, or fewer. Raises Gone (`investor_erased`) of more."""
        if more > 0:
            self.check_known()
        self.commitments += more

    def erase(self, at: datetime) -> None:
        """Nothing is known of it any more; its id stays in what it did.

        Raises:
            Gone: `investor_erased`, the second time.
            Conflict: `investor_holds_shares`: who holds shares stands in the register of members, which is kept by law
                (Company Law of China, art. 56 and 102); `investor_committed`.
        """
        self.check_known()
        if self.holdings:
            raise Conflict("It holds shares: the register of members is kept by law.", code="investor_holds_shares")
        if self.commitments:
            raise Conflict(
                "It takes part in a round, or a convertible of it has not become shares yet.", code="investor_committed"
            )
        self.name, self.business_id, self.erased_at = None, None, at
        self.record(InvestorErased(investor_id=self.id))
