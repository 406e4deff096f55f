"""The registered capital."""

from collections.abc import Iterator
from typing import Annotated

from services.chassis.domain.money import Money, PositiveOrZero
from services.chassis.domain.part import Part
from services.chassis.domain.violations import Before, Violation, cross_rule


def _in_range(paid_in: Money, before: Before) -> Iterator[Violation]:
    registered: Money | None = before.get("registered")
    if registered and paid_in.currency != registered.currency:
        yield Violation("capital_range", "Both amounts are in one currency.", ("currency",))
    if registered and paid_in.amount > registered.amount:
        yield Violation("capital_range", "No more is paid in than is registered.", ("amount",))


class Capital(Part):
    """The registered capital and how much of it has been paid in."""

    registered: PositiveOrZero
    """What the owners have promised (注册资本)."""
    paid_in: Annotated[PositiveOrZero, cross_rule(_in_range, "capital_range")]
    """What they have paid in (实缴资本): no more, and in the same currency."""
