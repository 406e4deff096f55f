"""The filter of a list of rounds, how a path names one, and who acts for one."""

from typing import Annotated

from fastapi import Path

from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict, Forbidden
from services.chassis.domain.violations import Violation, refuse
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.startups.rounds import Instrument, RoundId
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.posting import book_of
from services.incubator.investment.rounds.round import Round
from services.incubator.investment.rounds.status import RoundStatus
from services.incubator.investment.rounds.terms import ConditionKind, RoundTerms
from services.incubator.investment.shares.share_class import ShareClass
from services.incubator.tenants.tenant import Tenant, tenant_id

RoundRef = Annotated[RoundId, Path(description="The round, by its id.")]
ConditionNumber = Annotated[int, Path(ge=1, le=100, description="Which of the round's conditions, by its number.")]


class RoundFilter(Filter):
    """By business, instrument, and how far it has come."""

    business_id: BusinessId | None = None
    """Of which business."""
    instrument: Instrument | None = None
    """What investors get for their money."""
    status: RoundStatus | None = None
    """How far it has come."""


async def own_round(round_id: str, tx: Tx) -> Round:
    """A round of the caller's own business; of any, for officials. Raises NotFound of every other."""
    return await tx.opened(await tx.visible(Round, round_id))


async def check_currency(business_id: str, currency: str, tx: Tx) -> None:
    """Raises Unprocessable (`currency_mismatch`) where it is not that of the business's book."""
    if currency != (await book_of(business_id, tx)).currency:
        refuse(Violation("currency_mismatch", "A round is in the currency of the business's book.", ("currency",)))


async def check_share_class(business_id: str, terms: RoundTerms, tx: Tx) -> None:
    """Raises Unprocessable (`share_class_unknown`) where the business has no such class."""
    if terms.share_class_id is None:
        return
    found = await tx.find(ShareClass, terms.share_class_id)
    if found is None or found.business_id != business_id:
        place = ("terms", "share_class_id")
        refuse(Violation("share_class_unknown", "The business has no such class.", place))


async def check_trading(business_id: str, tx: Tx) -> None:
    """Raises Conflict (`business_not_active`) where a business may neither take a pledge now nor make one."""
    tenant = await tx.get(Tenant, tenant_id(business_id))
    if not tenant.may_trade:
        raise Conflict(
            "Its business may not trade now.", code="business_not_active", business_status=tenant.status.value
        )


def check_condition(round: Round, number: int, caller: Caller) -> None:
    """Raises Forbidden (`other_side`) where officials alone say that a condition is met: the identity of payers."""
    kinds = {each.number: each.kind for each in round.conditions}
    if kinds.get(number) is ConditionKind.KYC and not caller.is_official:
        raise Forbidden("Officials check who payers are.", code="other_side")
