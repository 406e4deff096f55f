"""The rows of an export: one value each, in the columns that every format has."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple

from services.metrics.figures.dimensions import key_of
from services.metrics.figures.kpi import Kpi
from services.metrics.figures.periods import DAY, Period
from services.metrics.reading.views import Figure, Point, Series


class ExportRow(NamedTuple):
    """The value of a cell in a period.

    Attributes:
        dims: `kind=industrial&sector=C`; empty for the total.
        value: whole; shown / 10^decimals. Of money whose decimals are those of its currency, minor units.
        currency: of money.
        complete: whether the period is over.
    """

    kpi: str
    dims: str
    period: str
    first_day: date
    last_day: date
    complete: bool
    value: int | None
    decimals: int
    unit: str
    currency: str | None
    n: int
    numerator: int | None
    denominator: int | None
    definition_version: int


COLUMNS: Final = ExportRow._fields


def rows_of_series(kpi: Kpi, asked: list[Period], series: Series) -> Iterator[ExportRow]:
    """One a period."""
    for period, point in zip(asked, series.points, strict=True):
        yield _row(kpi, "", period, point, complete=point.complete)


def rows_of_cells(kpi: Kpi, period: Period, figures: Iterable[Figure], today: date) -> Iterator[ExportRow]:
    """One a cell of a KPI, of those of several."""
    for each in figures:
        if each.kpi == kpi.id:
            yield _row(kpi, key_of(each.dims), period, each, complete=period.end <= today)


def _row(kpi: Kpi, dims: str, period: Period, found: Point | Figure, *, complete: bool) -> ExportRow:
    return ExportRow(
        kpi=kpi.id,
        dims=dims,
        period=period.name,
        first_day=period.first,
        last_day=period.end - DAY,
        complete=complete,
        value=found.value,
        decimals=kpi.decimals,
        unit=kpi.unit,
        currency=kpi.unit if kpi.is_money else None,
        n=found.n,
        numerator=found.numerator,
        denominator=found.denominator,
        definition_version=kpi.definition_version,
    )
