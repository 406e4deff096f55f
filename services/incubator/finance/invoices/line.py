"""A line of an invoice: what is charged, and the tax on it, rounded once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.domain.money import MinorUnits
from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Before, Violation, cross_rule
from services.contracts.incubator.invoices import ChargeKind, IssuedLine
from services.incubator.kernel.quantity import Quantity, UnitPrice, rounded

Words = Annotated[str, Text(at_most=200)]
BasisPoints = Annotated[int, Field(ge=0, le=10_000)]


def _ordered(last: Day | None, before: Before) -> Iterator[Violation]:
    if last is not None and before.get("service_from") is not None and last < before["service_from"]:
        yield Violation("date_range", "The last day of the service is not before its first.")


class Charge(Part):
    """What is charged: one line that an invoice is to have."""

    kind: Annotated[ChargeKind, Field(strict=False)]
    """For which offering."""
    description: Words
    """What for, in words."""
    quantity: Quantity | None = None
    """How much of it; null where it is not measured."""
    unit_price: UnitPrice | None = None
    """At what price a unit; null where there is none."""
    amount: MinorUnits
    """Without tax, in minor units of the invoice's currency; less than 0 gives something back."""
    tax_rate_bps: BasisPoints
    """Value added tax in basis points of the amount: 600 are 6 %."""
    service_from: Day | None = None
    """The first day of the service; null where it is of no period."""
    service_through: Annotated[Day | None, cross_rule(_ordered, "date_range")] = None
    """The last day of the service, included."""
    source: Annotated[str, Text(at_most=100)] | None = None
    """The id of what is charged, such as a bill or a reservation."""

    @property
    def tax(self) -> int:
        """The tax on the amount, rounded half away from zero."""
        return rounded(Fraction(self.amount * self.tax_rate_bps, 10_000))


class Line(BaseModel):
    """A charge as an invoice keeps it, and how much of it was credited since.

    Attributes:
        tax, credited, credited_tax: minor units; `credited` is without tax.
    """

    model_config = ConfigDict(extra="forbid")

    charge: Charge
    tax: int
    credited: int = 0
    credited_tax: int = 0

    @classmethod
    def of(cls, charge: Charge) -> "Line":
        return cls(charge=charge, tax=charge.tax)

    @property
    def left(self) -> int:
        """What of the amount was not credited yet; it has the sign of the amount."""
        return self.charge.amount - self.credited

    def tax_of_credit(self, amount: int) -> int:
        """The tax that comes back with a further amount: in proportion to all that was credited by then.

        So the parts of a line that is credited as a whole sum to its tax, however many they are.
        """
        so_far = self.credited + amount
        return rounded(Fraction(self.tax * so_far, self.charge.amount)) - self.credited_tax

    def credited_by(self, part: "CreditedLine") -> "Line":
        """The same line once a credit note took a further part of it."""
        credited, tax = self.credited + part.amount, self.credited_tax + part.tax
        return self.model_copy(update={"credited": credited, "credited_tax": tax})


class CreditedLine(BaseModel):
    """What a credit note takes of one line of its invoice: without tax, and the tax that comes back with it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: int
    kind: ChargeKind
    amount: int
    tax: int


def by_kind(lines: Sequence[tuple[ChargeKind, int, int]]) -> list[IssuedLine]:
    """Kinds of offering with amounts and taxes, summed for each kind."""
    sums: dict[ChargeKind, list[int]] = defaultdict(lambda: [0, 0])
    for kind, amount, tax in lines:
        sums[kind][0] += amount
        sums[kind][1] += tax
    return [IssuedLine(kind=kind, amount=amount, tax=tax) for kind, (amount, tax) in sums.items()]
