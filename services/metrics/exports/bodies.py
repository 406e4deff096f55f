"""What is sent of exports."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from services.chassis.domain.part import Part
from services.chassis.domain.violations import Before, Violation, cross_rule
from services.metrics.catalogue.all import KPIS, dimensions_of
from services.metrics.exports.export import ExportFormat
from services.metrics.figures.kpi import Granularity, Kpi
from services.metrics.figures.periods import Period, PeriodName
from services.metrics.reading.bodies import KpiName, Name


def _kept_by(by: str | None, before: Before) -> Iterator[Violation]:
    if by is None or "kpis" not in before:
        return
    named = [KPIS[id] for id in before["kpis"]]
    lacking = [kpi.id for kpi in named if by not in dimensions_of(kpi)]
    if lacking or not any(by in dimensions_of(kpi) for kpi in named or KPIS.values()):
        yield Violation("dimension_not_declared", f"Not kept by it: {', '.join(lacking[:3]) or 'any figure'}.")


def _drawn_by(granularity: Granularity, before: Before) -> Iterator[Violation]:
    if lacking := [id for id in before.get("kpis", []) if granularity not in KPIS[id].granularities]:
        yield Violation("granularity_not_allowed", f"By year only: {', '.join(lacking[:3])}.")


def _in_order(last: str | None, before: Before) -> Iterator[Violation]:
    if last is not None and "first" in before and Period.read(before["first"]).first >= Period.read(last).end:
        yield Violation("period_order", "`first` lies after `last`.")


class MakeExport(Part):
    """Figures that are to be made into a file."""

    format: Annotated[ExportFormat, Field(strict=False)]
    """The format of the file."""
    kpis: Annotated[list[KpiName], Field(max_length=len(KPIS))] = []  # noqa: RUF012 – pydantic copies it
    """Which figures; empty for all that have what is asked for."""
    by: Annotated[Name | None, cross_rule(_kept_by, "dimension_not_declared")] = None
    """The dimension by whose values they are broken down; null for totals."""
    granularity: Annotated[Granularity, cross_rule(_drawn_by, "granularity_not_allowed")] = "year"
    """How long a period is."""
    first: PeriodName
    """A day or period, from its beginning: 2017, 2026-Q3, 2026-07 or 2026-07-14."""
    last: Annotated[PeriodName | None, cross_rule(_in_order, "period_order")] = None
    """A day or period, to its end; null for today."""

    def figures(self) -> list[Kpi]:
        """Those that it names, else all that have the dimension and the length of periods."""
        return [
            kpi
            for kpi in (KPIS[id] for id in dict.fromkeys(self.kpis or KPIS))
            if self.granularity in kpi.granularities and (self.by is None or self.by in dimensions_of(kpi))
        ]
