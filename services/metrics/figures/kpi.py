"""What the zone measures. A KPI is one declaration in the catalogue; storage, routes and documents follow from it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import ClassVar, Final, Literal, NamedTuple, Protocol

from services.chassis.domain.events import Event
from services.chassis.domain.money import DIGITS
from services.metrics.figures.sums import Excluded, Sum

Kind = Literal["stock", "flow", "ratio", "dist", "derived"]
"""A stock has a value at the end of each day, a flow happens on days and is summed; a ratio is a quotient of two sums,
a dist the distribution of whole numbers, such as days; a derived figure follows from others."""

Timing = Literal["stock", "flow"]
"""How days make a longer period: a stock is carried forward to the last one, a flow is added up over all of them."""

Aggregation = Literal["last", "sum"]
"""The same as a caller asks for it."""

Granularity = Literal["day", "month", "quarter", "year"]

GRANULARITIES: Final[tuple[Granularity, ...]] = ("day", "month", "quarter", "year")

RATIO: Final = "ratio"
"""The unit of a pure number; like every ratio it has four decimals."""

RATIO_DECIMALS: Final = 4

KEPT_DECIMALS: Final[Mapping[str, int]] = {**DIGITS, "m2": 2, "m3": 3, "kWh": 3}
"""In which fraction of a unit amounts are kept: money by its currency, floor areas in hundredths of a square metre,
water and electricity in thousandths; all others are whole."""

DECIMALS: Final[Mapping[str, int]] = {**KEPT_DECIMALS, RATIO: RATIO_DECIMALS}


class Name(NamedTuple):
    """What a figure is called by people: in English, and in Chinese."""

    en: str
    zh: str


class Part(NamedTuple):
    """A KPI with buckets of its own, in one cell: what a figure is read from."""

    kpi: "Kpi"
    dims: Mapping[str, str]

    def within(self, dims: Mapping[str, str]) -> "Part":
        """The same in a narrower cell."""
        return Part(self.kpi, {**self.dims, **dims})

    @property
    def breakdown(self) -> tuple[str, ...]:
        """The names of the dimensions of its cell."""
        return tuple(sorted(self.dims))


class Told(Protocol):
    """A value as it is told: measured, or shown to who asks."""

    @property
    def value(self) -> int | None: ...

    @property
    def n(self) -> int: ...

    @property
    def suppressed(self) -> bool: ...


@dataclass(frozen=True)
class Measured:
    """What was read of a KPI: its value, and what stands behind it.

    Attributes:
        value: shown / 10^decimals; None where there is none, which is not zero.
        n: how many contribute.
        numerator, denominator: of a ratio.
        quantiles: of a distribution, by name.
        excluded: money in other currencies.
        suppressed: whether the value is withheld from who asks, which is not that there is none.
    """

    value: int | None
    n: int
    numerator: int | None = None
    denominator: int | None = None
    quantiles: Mapping[str, int | None] | None = None
    excluded: Mapping[str, Excluded] = field(default_factory=dict)
    suppressed: bool = False


@dataclass(frozen=True)
class Kpi(ABC):
    """One figure of the zone: its declaration is the one place that says what it is.

    Attributes:
        name: by which people call it.
        owner: the office of the zone that answers for it.
        unit: of the value; where it is a currency, money in another one is listed apart, never converted.
        formula: in words, for the reader of the definition.
        events: what changes it in total; its cells follow as well what says how a thing is broken down.
        finest: the shortest period that has a value; it decides which buckets are written.
        definition_version: raised when the same events give another value; needs a rebuild.
        of_money: whether it is made of money without being any, such as a share of what was charged.
        overlaps: whether another figure adds up the same money over nearly the same things, so that both together would
            tell what few of them have.
    """

    id: str
    _: KW_ONLY
    name: Name
    owner: str
    unit: str
    formula: str
    events: tuple[type[Event], ...]
    finest: Literal["day", "year"] = "day"
    definition_version: int = 1
    of_money: bool = False
    overlaps: bool = False

    kind: ClassVar[Kind]
    over_days: ClassVar[bool] = False
    """Whether it is what a stock comes to on each day, added up over days (see `Sum.over_days`)."""

    @property
    @abstractmethod
    def timing(self) -> Timing:
        """How its days make a longer period."""

    @property
    @abstractmethod
    def parts(self) -> tuple[Part, ...]:
        """What it is read from."""

    @property
    @abstractmethod
    def fold(self) -> str:
        """What is done with the facts of the counted things to come to it, in the members of those facts."""

    @abstractmethod
    def read(self, sums: Sequence[Sum], days: int | None) -> Measured:
        """What the sums of its parts say, where all of them have been observed.

        Args:
            days: of how many days they are; None where they are of all that there are.
        """

    def measured(self, sums: Sequence[Sum], *, days: int | None = None, observed: bool = True) -> Measured:
        """What is shown of the sums of its parts; without a value where nobody was counting."""
        found = self.read(sums, days)
        return found if observed else replace(found, value=None)

    def judged(self, measured: Told) -> int | None:
        """By which value targets and alert rules judge it; None where it has none."""
        return measured.value

    @property
    def unknown(self) -> Measured:
        """What is shown of a period that has not begun."""
        return self.measured([Sum() for _ in self.parts], observed=False)

    @property
    def is_money(self) -> bool:
        """Whether its unit is a currency."""
        return self.unit in DIGITS

    @property
    def is_of_money(self) -> bool:
        """Whether it says anything of how much money things have."""
        return self.is_money or self.of_money

    @property
    def decimals(self) -> int:
        """The shown value is value / 10^decimals."""
        return DECIMALS.get(self.unit, 0)

    @property
    def is_of_a_period(self) -> bool:
        """Whether it has a value of a period alone, and none of all time."""
        return False

    @property
    def aggregation(self) -> Aggregation | None:
        """How a caller may say that days make a period; None where neither a sum nor a last value would be right."""
        return "last" if self.timing == "stock" else None

    @property
    def levels(self) -> str:
        """The levels of its buckets: day, month and year, or year alone."""
        return "dmy" if self.finest == "day" else "y"

    @property
    def granularities(self) -> tuple[Granularity, ...]:
        """The periods for which a series can be drawn."""
        return GRANULARITIES if self.finest == "day" else ("year",)
