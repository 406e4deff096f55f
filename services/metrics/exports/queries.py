"""Reads of exports: rows through the same reads as everyone's."""

from itertools import islice
from typing import Annotated

from fastapi import Path

from services.chassis.consuming.heard import Heard
from services.chassis.consuming.positions import Through
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import Violation, refuse
from services.chassis.store.unit_of_work import Tx
from services.metrics.exports.bodies import MakeExport
from services.metrics.exports.export import ExportId
from services.metrics.exports.rows import ExportRow, rows_of_cells, rows_of_series
from services.metrics.figures.periods import DAY, Period, periods
from services.metrics.reading import queries
from services.metrics.reading.question import Question, SeriesQuestion

ExportRef = Annotated[ExportId, Path(description="The export, by its id.")]

MOST_VALUES = 20_000
"""Figures times periods, where they are not broken down."""
MOST_BREAKDOWNS = 400
"""The same where they are: each has all values of a dimension."""


async def rows_asked(tx: Tx, heard: Heard, body: MakeExport) -> tuple[list[ExportRow], Through]:
    """The rows of an export, and how far the figures were computed.

    Raises:
        Unprocessable: `export_too_large`, `period_order`.
    """
    today = zone_date(tx.now)
    end = Period.read(body.last).end if body.last else today + DAY
    asked = list(islice(periods(Period.read(body.first).first, end, body.granularity), MOST_VALUES + 1))
    kpis = body.figures()
    _check(body, len(kpis), len(asked))
    if body.by is not None:
        through = await queries.through_of(heard, kpis)
        found = {
            period.name: await queries.cells_in(tx, [Question(kpi, {}, body.by, period, today) for kpi in kpis])
            for period in asked
        }
        return [
            row for kpi in kpis for period in asked for row in rows_of_cells(kpi, period, found[period.name], today)
        ], through
    through = await queries.through_of(heard, kpis)  # before all of them: later ones may be further, none is less far
    rows: list[ExportRow] = []
    for kpi in kpis:
        series = await queries.series(tx, heard, SeriesQuestion(kpi, {}, asked, body.granularity, today))
        rows += rows_of_series(kpi, asked, series)
    return rows, through


def _check(body: MakeExport, kpis: int, asked: int) -> None:
    if not asked:
        refuse(Violation("period_order", "`first` lies after today.", ("first",)))
    most = MOST_VALUES if body.by is None else MOST_BREAKDOWNS
    if kpis * asked > most:
        detail = f"{kpis} figures in {asked} periods are more than {most:,} of an export such as this."
        refuse(Violation("export_too_large", detail, ("kpis",)))
