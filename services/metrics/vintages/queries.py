"""Reads of snapshots: what they kept, beside what is known now."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import Path

from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.metrics.catalogue.all import KPIS, breakdowns_of, kept_with
from services.metrics.figures.dimensions import dims_of
from services.metrics.figures.kpi import Kpi
from services.metrics.figures.periods import Period, PeriodName
from services.metrics.reading.bodies import Name
from services.metrics.reading.queries import cells_in
from services.metrics.reading.question import Question
from services.metrics.vintages.snapshot import FrozenFigure, SnapshotId
from services.metrics.vintages.views import FrozenFigureView

SnapshotRef = Annotated[SnapshotId, Path(description="The snapshot, by its id.")]


class SnapshotFilter(Filter):
    """By what they are of."""

    period: PeriodName | None = None
    """2017, 2026-Q3, 2026-07 or 2026-07-14."""


class FigureFilter(Filter):
    """By the figure."""

    kpi: Name | None = None
    """The KPI, by its name."""


def all_of(period: Period, today: date) -> list[Question]:
    """Every figure that a period has: in total, and by each of its dimensions."""
    kpis = [kpi for kpi in KPIS.values() if period.granularity in kpi.granularities]
    return [
        Question(kpi, {}, by, period, today)
        for kpi in kpis
        for by in (None, *(each[0] for each in breakdowns_of(kpi) if len(each) == 1))
    ]


async def beside_now(tx: Tx, frozen: Sequence[FrozenFigure], today: date) -> list[FrozenFigureView]:
    """What was kept of one period, each with what is known now; of a KPI or a cell that is no more, nothing is."""
    asked = {
        each.id: _asked(kpi, each, today) for each in frozen if (kpi := kept_with(each.kpi, dims_of(each.dims_key)))
    }
    now = dict(zip(asked, await cells_in(tx, list(asked.values())), strict=True)) if asked else {}
    return [FrozenFigureView.of(each, now.get(each.id)) for each in frozen]


def _asked(kpi: Kpi, frozen: FrozenFigure, today: date) -> Question:
    return Question(kpi, dims_of(frozen.dims_key), None, Period.read(frozen.period), today)
