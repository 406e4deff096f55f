"""What callers see of growth and forecasts."""

from datetime import date
from typing import Self

from services.chassis.domain.times import Day
from services.chassis.http.view import Shown
from services.metrics.figures.periods import Period
from services.metrics.figures.rates import Number, shown_ratio
from services.metrics.reading.views import Answer, Count, Series, Suppressed, Value
from services.metrics.trends.forecast import ForecastMethod


class Comparison(Shown):
    """An earlier period, and the growth since."""

    period: str
    """2017, 2026-Q3, 2026-07 or 2026-07-14."""
    through: Day
    """The last day of it that is compared."""
    value: Value
    n: Count
    suppressed: Suppressed = False
    growth: int | None
    """A ratio with four decimals, shown / 10^4: 3000 is +30 %. Null where nothing can be compared."""

    @classmethod
    def of(cls, period: Period, through: date, then: Answer, growth: Number | None) -> Self:
        return cls(
            period=period.name,
            through=through,
            value=then.value,
            n=then.n,
            suppressed=then.suppressed,
            growth=shown_ratio(growth),
        )


class Growth(Answer):
    """A figure in a period, beside earlier ones of the same length. A running period is compared to date or not at all.

    Null in place of a comparison: there is no such period yet, or none was asked for.
    """

    complete: bool
    """Whether the period is over."""
    to_date: bool
    """Whether a running period is compared with as many days of the others."""
    yoy: Comparison | None
    """The same period of the year before; of 29 February that is 28 February."""
    qoq: Comparison | None
    """The period before: the quarter before a quarter, June before July, the day before a day."""
    cagr: Comparison | None
    """The period of `since`; its growth is compound, a year."""


class ForecastPoint(Shown):
    """What a period to come would bring, were it to go on so."""

    period: str
    """2027, 2026-Q4, 2026-12 or 2026-12-01; the first one is running."""
    value: int | None
    """Shown / 10^decimals; null where it is larger than JSON takes exactly."""
    low: int | None
    """Two standard errors below."""
    high: int | None
    """Two standard errors above."""


class ForecastAnswer(Series):
    """A forecast: not what is known, but what would follow if a figure went on as in `points`, which are over."""

    is_forecast: bool = True
    """That it is one."""
    method: ForecastMethod
    """The line of least squares through the points, or one rate of growth from the first to the last."""
    residual_error: int | None
    """The standard error of the points around it: shown / 10^decimals."""
    forecast: list[ForecastPoint]
    """One a period, in order."""
