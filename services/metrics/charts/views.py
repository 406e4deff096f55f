"""What a caller sees of a chart: the picture, and the same as a table."""

from decimal import Decimal

from services.chassis.http.answers.answer import Svg
from services.chassis.http.answers.csv_table import Cell
from services.chassis.http.answers.table import Table
from services.chassis.http.view import FOR_ITS_CALLER
from services.metrics.charts.chart import Aim, Chart
from services.metrics.figures.periods import DAY
from services.metrics.figures.rates import in_units
from services.metrics.reading.views import Series


class ChartSvg(Svg):
    """A chart, as text."""

    always = {**Svg.always, **FOR_ITS_CALLER}  # noqa: RUF012 – never changed


def table_of(chart: Chart, series: Series) -> Table:
    """What a chart shows, for who does not see it."""
    rows: list[tuple[Cell, ...]] = []
    for bar, point in zip(chart.bars, series.points, strict=True):
        value = in_units(point.value, series.decimals)
        expected = [aim.expected(bar.end - DAY) for aim in chart.aims]
        said = [None if each is None else _rounded(each, series.decimals) for each in expected]
        rows.append((bar.name + ("" if point.complete else ", so far"), value, point.n, *said))
    facts = [("Figure", f"{chart.title}, {chart.about}"), *((f"{place}", aim.words) for place, aim in _counted(chart))]
    columns = (
        "Period",
        f"Value, {chart.unit}",
        "Contributors",
        *(f"Expected, {place}" for place, _ in _counted(chart)),
    )
    return Table(chart.title, facts, columns, rows)


def _rounded(value: float, decimals: int) -> Decimal:
    return round(Decimal(value), decimals)


def _counted(chart: Chart) -> list[tuple[str, Aim]]:
    return [(f"target {place}", aim) for place, aim in enumerate(chart.aims, start=1)]
