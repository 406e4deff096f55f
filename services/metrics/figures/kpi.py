"""What the zone measures. A KPI is one declaration here; storage, routes and documents follow from it."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from services.chassis.domain.events import Event
from services.chassis.domain.money import DIGITS
from services.contracts.registry.businesses import (
    AnnualReportFiled,
    BusinessRegistered,
    BusinessResumed,
    BusinessSuspended,
)
from services.metrics.figures.dimensions import DIMENSIONS, OF_A_BUSINESS, Breakdown

Kind = Literal["stock", "flow"]
"""A stock has a value at the end of each day and is never summed over time; a flow happens on days and is."""


Granularity = Literal["day", "month", "quarter", "year"]


GRANULARITIES: Final[tuple[Granularity, ...]] = ("day", "month", "quarter", "year")


BUSINESSES: Final = "businesses"


CNY: Final = "CNY"


@dataclass(frozen=True)
class Kpi:
    """One figure of the zone.

    Attributes:
        of: the member of a business's facts that is added up: money, or anything else, which counts one.
            A stock adds it up while the business is active, a flow on the day of each fact that sets it.
        unit: of the value; money in another currency is listed apart, never converted.
        formula: in words, for the reader of the definition.
        events: what changes it.
        breakdowns: the cells that are kept beside the total.
        finest: the shortest period that has a value; it decides which buckets are written.
        definition_version: raised when the same events give another value; needs a rebuild.
    """

    id: str
    kind: Kind
    of: str
    unit: str
    formula: str
    events: tuple[type[Event], ...]
    breakdowns: tuple[Breakdown, ...] = OF_A_BUSINESS
    finest: Literal["day", "year"] = "day"
    definition_version: int = 1

    @property
    def is_money(self) -> bool:
        return self.unit == CNY

    @property
    def decimals(self) -> int:
        """The shown value is value / 10^decimals."""
        return DIGITS.get(self.unit, 0)

    @property
    def levels(self) -> str:
        """The levels of its buckets: day, month and year, or year alone."""
        return "dmy" if self.finest == "day" else "y"

    @property
    def granularities(self) -> tuple[Granularity, ...]:
        """The periods for which a series can be drawn."""
        return GRANULARITIES if self.finest == "day" else ("year",)

    @property
    def dimensions(self) -> list[str]:
        """The single dimensions by which it is broken down."""
        return [each[0] for each in self.breakdowns if len(each) == 1]

    def breakdown(self, names: set[str]) -> Breakdown | None:
        """The declared cells that have exactly these dimensions; None where none were declared."""
        wanted = tuple(name for name in DIMENSIONS if name in names)
        return wanted if len(wanted) == len(names) and wanted in ((), *self.breakdowns) else None

    def amount(self, value: Any) -> tuple[str, int]:
        """What a fact's member adds: the currency it is excluded under ('' where it is not), and how much."""
        if not self.is_money:
            return "", 1
        return "" if value["currency"] == self.unit else value["currency"], value["amount"]


STATUS = (BusinessRegistered, BusinessSuspended, BusinessResumed)


FIGURES = (*STATUS, AnnualReportFiled)
