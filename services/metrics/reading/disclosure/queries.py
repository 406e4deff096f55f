"""What a partner is told of money: never what fewer than three have, and never so that it follows from what is told.

All reads of figures pass through here; who decides and who audits sees everything.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from typing import Final

from services.chassis.domain.caller import Caller
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.metrics.catalogue.all import breakdowns_of, source_of
from services.metrics.figures.anniversaries import months_on
from services.metrics.figures.dimensions import dims_of, key_of
from services.metrics.figures.kept import Kept
from services.metrics.figures.kpi import Kpi, Measured, Part
from services.metrics.figures.periods import DAY, Period
from services.metrics.figures.queries import CellDays, Layer, all_by_period, sums_by_cell
from services.metrics.figures.sums import Sum
from services.metrics.reading.disclosure.secrecy import FEWEST, Equation, withheld
from services.metrics.reading.question import Question, SeriesQuestion

OUTSIDE: Final = frozenset({"partner", "public"})
"""The kinds of caller that compete with those whose figures these are."""
STATED_IN: Final = 6
"""Months after a year in which it is reported, from 1 January to 30 June (企业信息公示暂行条例, art. 8).

Until then each report that comes would be what two reads of that year's end differ by."""


@dataclass(frozen=True)
class Veil:
    """What is withheld of a figure on some days.

    Attributes:
        is_on: whether anything is; if not, everything is told as it is.
        cells: the cells that are withheld, by their keys; None for all of them.
    """

    is_on: bool
    cells: frozenset[str] | None = frozenset()

    def over(self, dims: Mapping[str, str], measured: Measured) -> Measured:
        """What is told of a cell: how many contribute always, other currencies never.

        Nor are both sums of a ratio: they are of things that have stated both, and another figure has one of them over
        others, too. What one or two have is withheld also where a third came between two reads.
        """
        if not self.is_on:
            return measured
        if measured.n and (self.cells is None or key_of(dims) in self.cells or measured.n < FEWEST):
            return Measured(None, measured.n, suppressed=True)
        return replace(measured, excluded={}, numerator=None, denominator=None)


OPEN: Final = Veil(False)
CLOSED: Final = Veil(True, None)


def is_veiled(caller: Caller, kpi: Kpi) -> bool:
    """Whether something of this figure may be withheld from a caller."""
    return kpi.is_of_money and caller.kind in OUTSIDE


def told_until(tx: Tx, kpi: Kpi) -> date:
    """The day by which a period must be over to be told."""
    today = zone_date(tx.now)
    return months_on(today, -STATED_IN) if is_veiled(tx.caller, kpi) else today


def told_day(tx: Tx, kpi: Kpi, as_of: date) -> date:
    """The day at whose end a figure is told: of money, to a partner, the last 31 December until then of a year told.

    On two days of one year few things differ, and their difference would be theirs.
    """
    if not is_veiled(tx.caller, kpi) or kpi.timing != "stock":
        return as_of
    end = min(as_of + DAY, told_until(tx, kpi))
    return date(end.year, 1, 1) - DAY if end.year > 1 else as_of


async def veil_of(tx: Tx, asked: Question) -> Veil:
    """What is withheld of one figure on the days that are asked for; one read where anything may be."""
    kpi = asked.kpi
    if not is_veiled(tx.caller, kpi):
        return OPEN
    first = asked.first(kpi)
    if asked.is_ahead or not _is_told(kpi, first, asked.end, told_until(tx, kpi)):
        return CLOSED
    sums = await sums_by_cell(tx, source_of, _layers(kpi, first), asked.end)
    return _veil(kpi, {key: found.n for (_, key), found in sums.items()})


async def veils_over(tx: Tx, asked: SeriesQuestion) -> Sequence[Veil]:
    """The same in each period of a series."""
    kpi, until = asked.kpi, told_until(tx, asked.kpi)
    if not is_veiled(tx.caller, kpi):
        return [OPEN] * len(asked.periods)
    told = [_is_told_in(kpi, period, asked.end, until) for period in asked.periods]
    if not any(told):
        return [CLOSED] * len(asked.periods)
    layers = _layers(kpi, None)
    sums = await all_by_period(tx, source_of, layers, asked.periods, asked.granularity, asked.end)
    counts = {key: _counts(kpi, found) for (_, key), found in sums.items()}
    return [
        _veil(kpi, {key: found[place] for key, found in counts.items()}) if is_told else CLOSED
        for place, is_told in enumerate(told)
    ]


def _counts(kpi: Kpi, sums: Sequence[Sum]) -> list[int]:
    """How many contribute in each period."""
    changed = [each.n for each in sums]
    return list(accumulate(changed))[1:] if kpi.timing == "stock" else changed[1:]


def _is_told_in(kpi: Kpi, period: Period, end: date, until: date) -> bool:
    first = period.first if kpi.timing == "flow" else None
    return _is_told(kpi, first, min(period.end, end), until)


def _is_told(kpi: Kpi, first: date | None, end: date, until: date) -> bool:
    """Money is told by years that are reported: from shorter spans, and from longer ones, others would follow.

    What follows from other figures, or overlaps with one that is told, is not.
    """
    if not isinstance(kpi, Kept) or kpi.overlaps or (end.month, end.day) != (1, 1) or end > until:
        return False
    return kpi.timing == "stock" or first == date(end.year - 1, 1, 1)


def _layers(kpi: Kpi, first: date | None) -> list[Layer]:
    return [CellDays(Part(kpi, dict.fromkeys(names, "")), first).layer for names in ((), *breakdowns_of(kpi))]


def _veil(kpi: Kpi, counts: Mapping[str, int]) -> Veil:
    return Veil(True, withheld(counts, equations(kpi, counts)))


def equations(kpi: Kpi, cells: Iterable[str]) -> list[Equation]:
    """Which cells of a figure are sums of others: each, over every dimension by which it is broken down further."""
    found: dict[tuple[str, str], list[str]] = {}
    for cell in sorted(cells):
        dims = dims_of(cell)
        for name in dims:
            whole = key_of({other: value for other, value in dims.items() if other != name})
            found.setdefault((whole, name), []).append(cell)
    return [Equation(whole, tuple(parts)) for (whole, _), parts in found.items()]
