"""The filter of a list of investors, and how paths and bodies name one."""

from typing import Annotated

from fastapi import Path

from services.chassis.domain.errors import NotFound
from services.chassis.domain.violations import Violation, refusal
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.startups.shares import InvestorId
from services.incubator.investment.investors.investor import Investor, InvestorKind

InvestorRef = Annotated[InvestorId, Path(description="The investor, by its id.")]


class InvestorFilter(Filter):
    """By kind."""

    kind: InvestorKind | None = None
    """Who invests."""


async def investor_named(investor_id: str, tx: Tx, *path: str) -> Investor:
    """The investor that a member of a body names, at `path`.

    Raises:
        Unprocessable: `investor_unknown`, also where it is another partner's.
    """
    try:
        return await tx.visible(Investor, investor_id)
    except NotFound:
        raise refusal(Violation("investor_unknown", "There is no such investor.", path)) from None
