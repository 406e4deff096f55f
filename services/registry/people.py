"""Who stands behind a business: its parties, and who owns it. Personal data: its owner and officials only."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema, model_validator

from services.chassis.ids import id_of
from services.chassis.times import Day
from services.registry.part import Line, Part
from services.registry.violations import Violation, invalid

PartyId = Annotated[str, id_of("pty")]
PartyKind = Literal["person", "organization"]


class NewParty(Part):
    """A person or an organization with a role in the business, as a filing states it."""

    party_kind: PartyKind
    name: Line
    role: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,49}$")]
    appointed_on: Day
    ceased_on: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ceased_on and self.ceased_on < self.appointed_on:
            invalid(Violation("date_range", "Nobody leaves a role before taking it.", ("ceased_on",)))
        return self


class Party(NewParty):
    """A party in the register."""

    party_id: PartyId


def party_violations(parties: list[NewParty]) -> Iterator[Violation]:
    """What is wrong with the parties of a business, taken together."""
    current = [each for each in parties if each.role == "legal_representative" and each.ceased_on is None]
    if len(current) != 1:
        yield Violation("legal_representative", "There is exactly one current legal representative.", ("parties",))


def _percent(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        invalid(Violation("ownership_share", "A share is a number from 0 to 100."))
    return float(value)


Percent = Annotated[float, BeforeValidator(_percent), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100})]


class Share(Part):
    """How much, in percent: exactly, or between two bounds (Beneficial Ownership Data Standard 0.4, Share)."""

    exact: Percent | None = None
    minimum: Percent | None = None
    maximum: Percent | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        bounds = [each for each in (self.minimum, self.maximum) if each is not None]
        if self.exact is not None and bounds:
            invalid(Violation("ownership_share", "A share is exact or has bounds.", ("exact",)))
        if self.exact is None and not bounds:
            invalid(Violation("ownership_share", "A share is exact or has a bound."))
        if bounds != sorted(bounds):
            invalid(Violation("ownership_share", "The minimum is above the maximum.", ("minimum",)))
        return self


class Interest(Part):
    """One way in which somebody owns or controls the business."""

    type: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z-]{0,49}$")]
    direct_or_indirect: Literal["direct", "indirect", "unknown"]
    share: Share | None = None
    beneficial: bool


class InterestedParty(Part):
    """Who has the interest."""

    party_kind: PartyKind
    name: Line


class Statement(Part):
    """One owner and its interests."""

    interested_party: InterestedParty
    interests: list[Interest] = Field(min_length=1, max_length=50)


class Ownership(Part):
    """Who owns the business, or why that is not said."""

    statements: list[Statement] = Field(default=[], max_length=1000)
    unspecified_reason: Line | None = None

    @model_validator(mode="after")
    def _stated(self) -> Self:
        if not self.statements and self.unspecified_reason is None:
            invalid(Violation("ownership_missing", "State the owners, or why they are not stated."))
        # Decimal, so that 33.33, 33.33 and 33.34 are exactly a hundred.
        if sum((Decimal(repr(each)) for each in self._direct_shares()), Decimal()) > 100:
            invalid(Violation("ownership_share", "Exact direct shares are at most 100 in all.", ("statements",)))
        return self

    def _direct_shares(self) -> Iterator[float]:
        for statement in self.statements:
            for each in statement.interests:
                exact = each.share.exact if each.share else None
                if each.type == "shareholding" and each.direct_or_indirect == "direct" and exact is not None:
                    yield exact
