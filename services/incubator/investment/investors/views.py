"""What callers see of investors."""

from typing import ClassVar, Self

from services.chassis.domain.times import Instant
from services.chassis.http.view import View
from services.contracts.registry.businesses import BusinessId
from services.incubator.investment.investors.investor import Investor, InvestorKind


class InvestorView(View):
    """Somebody who may hold shares or take part in rounds."""

    at: ClassVar[str] = "/v1/incubator/investors"
    shown_once: ClassVar[frozenset[str]] = frozenset({"name"})

    name: str | None
    """How it is called; null once erased, and in the answer to a request that is repeated after ten minutes."""
    kind: InvestorKind
    """Whether a person, a fund or the zone's own fund invests."""
    business_id: BusinessId | None
    """The business of the zone that it is; null where it is none."""
    holdings: int
    """How many holdings of shares it has."""
    commitments: int
    """How many commitments it has that are not over, convertibles that have not become shares yet among them."""
    erased_at: Instant | None
    """When what was known of it was erased; null before."""

    @classmethod
    def of(cls, investor: Investor) -> Self:
        return cls.showing(investor)
