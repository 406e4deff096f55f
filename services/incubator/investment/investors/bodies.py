"""What callers send of investors."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from services.chassis.domain.part import Change, Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import Before, Violation, cross_rule
from services.contracts.registry.businesses import BusinessId
from services.incubator.investment.investors.investor import InvestorKind

InvestorName = Annotated[str, Text(at_most=200)]


def _no_business(business_id: str | None, before: Before) -> Iterator[Violation]:
    if business_id is not None and before.get("kind") is InvestorKind.PERSON:
        yield Violation("person_is_no_business", "A person is no business.")


class EnterInvestor(Part):
    """Somebody who may hold shares or take part in rounds."""

    name: InvestorName
    """How it is called, as it stands in a register of members."""
    kind: Annotated[InvestorKind, Field(strict=False)]
    """Whether a person, a fund or the zone's own fund invests."""
    business_id: Annotated[BusinessId | None, cross_rule(_no_business, "person_is_no_business")] = None
    """The caller's business of the zone that it is; null where it is none."""


class ChangeInvestor(Part):
    """What is to change of an investor; what is left out stays (RFC 7396)."""

    name: Change[InvestorName] = None
    """How it is called."""
