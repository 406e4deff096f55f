"""Ownership: who owns the business, and how much (Beneficial Ownership Data Standard 0.4). Personal data."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema, model_validator

from services.chassis.domain.part import Part
from services.chassis.domain.refusals import Refuses
from services.chassis.domain.violations import Before, Violation, cross_rule, invalid
from services.registry.businesses.entry.line import Line
from services.registry.businesses.entry.parties import MOST_PARTIES, PartyKind


def _percent(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        invalid(Violation("ownership_share", "A share is a number from 0 to 100."))
    return float(value)


Percent = Annotated[
    float,
    BeforeValidator(_percent),
    Refuses("ownership_share"),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100}),
]


def _bounds(bound: float | None, before: Before) -> Iterator[Violation]:
    if bound is not None and before.get("exact") is not None:
        yield Violation("ownership_share", "A share is exact or has bounds.")
    if bound is not None and (before.get("minimum") or 0) > bound:
        yield Violation("ownership_share", "The minimum is above the maximum.")


Bound = Annotated[Percent | None, cross_rule(_bounds, "ownership_share")]


class OwnershipShare(Part):
    """How much, in percent: exactly, or between two bounds (Beneficial Ownership Data Standard 0.4, Share)."""

    refuses: ClassVar = ("ownership_share",)

    exact: Percent | None = None
    """Exactly so much, in percent; then it has no bounds."""
    minimum: Bound = None
    """At least so much, in percent."""
    maximum: Bound = None
    """At most so much, in percent."""

    @model_validator(mode="after")
    def _stated(self) -> Self:
        if self.exact is None and self.minimum is None and self.maximum is None:
            invalid(Violation("ownership_share", "A share is exact or has a bound."))
        return self


class Interest(Part):
    """One way in which somebody owns or controls the business."""

    type: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z-]{0,49}$")]
    """Which way, from the standard's list, such as `shareholding`."""
    direct_or_indirect: Literal["direct", "indirect", "unknown"]
    """Whether by itself or through others."""
    share: OwnershipShare | None = None
    """How much, where that can be said."""
    beneficial: bool
    """Whether it profits from it in the end."""


class InterestedParty(Part):
    """Who has the interest."""

    party_kind: PartyKind
    """A person or an organization."""
    name: Line
    """The full name of the person or the organisation."""


class Statement(Part):
    """One owner and its interests."""

    interested_party: InterestedParty
    """Who owns or controls: a person or an organisation."""
    interests: list[Interest] = Field(min_length=1, max_length=50)
    """In which ways it owns or controls the business."""


def _shares(statements: list[Statement], before: Before) -> Iterator[Violation]:
    # Decimal, so that 33.33, 33.33 and 33.34 are exactly a hundred.
    if sum((Decimal(repr(each)) for each in _direct_shares(statements)), Decimal()) > 100:
        yield Violation("ownership_share", "Exact direct shares are at most 100 in all.")


def _direct_shares(statements: list[Statement]) -> Iterator[float]:
    for statement in statements:
        for each in statement.interests:
            exact = each.share.exact if each.share else None
            if each.type == "shareholding" and each.direct_or_indirect == "direct" and exact is not None:
                yield exact


class Ownership(Part):
    """Who owns the business, or why that is not said."""

    refuses: ClassVar = ("ownership_missing",)

    statements: Annotated[list[Statement], Field(max_length=MOST_PARTIES), cross_rule(_shares, "ownership_share")] = (
        Field(default=[])
    )
    """The owners with their interests; exact direct shares are at most 100 percent in all."""
    unspecified_reason: Line | None = None
    """Why no owner is stated."""

    @model_validator(mode="after")
    def _stated(self) -> Self:
        if not self.statements and self.unspecified_reason is None:
            invalid(Violation("ownership_missing", "State the owners, or why they are not stated."))
        return self
