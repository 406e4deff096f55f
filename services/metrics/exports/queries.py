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
from services.metrics.exports.rows import ExportRow, rows_of_breakdown, rows_of_series
from services.metrics.figures.periods import DAY, Period, periods
from services.metrics.reading import queries
from services.metrics.reading.question import Question, SeriesQuestion

ExportRef = Annotated[ExportId, Path(description="The export, by its id.")]

MOST_VALUES = 20_000
"""Figures times periods, where they are not broken down."""
MOST_READS = 400
"""The same where they are: each is a read of its own."""


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
    rows: list[ExportRow] = []
    through: Through = {}
    for kpi in kpis:
        if body.by is None:
            series = await queries.series(tx, heard, SeriesQuestion(kpi, {}, asked, body.granularity, today))
            rows += rows_of_series(kpi, asked, series)
            through = {**through, **series.computed_through}
            continue
        for period in asked:
            found = await queries.breakdown(tx, heard, Question(kpi, {}, body.by, period, today), body.by)
            rows += rows_of_breakdown(kpi, period, found, today)
            through = {**through, **found.computed_through}
    return rows, through


def _check(body: MakeExport, kpis: int, asked: int) -> None:
    if not asked:
        refuse(Violation("period_order", "`first` lies after today.", ("first",)))
    most = MOST_VALUES if body.by is None else MOST_READS
    if kpis * asked > most:
        detail = f"{kpis} figures in {asked} periods are more than {most:,} of an export such as this."
        refuse(Violation("export_too_large", detail, ("kpis",)))
