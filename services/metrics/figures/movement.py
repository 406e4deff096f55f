"""When a figure last moved: how long ago anything was stated that changes it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from services.chassis.store.unit_of_work import Tx
from services.metrics.figures.bucket import NAMED_BY
from services.metrics.figures.kpi import Part
from services.metrics.figures.periods import DAY, Period, Span, spans
from services.metrics.figures.queries import Asked, CellDays, SourceOf, cell_of, counts_of


async def last_moved(tx: Tx, source_of: SourceOf, part: Part, horizon: date, end: date) -> date | None:
    """The last day before `end` on which a cell moved; of what is known by year alone, the last one of its year.

    From `horizon` on it is looked for day by day; before that, a longer period in which what moved was moved back
    is passed over. At most four reads.
    """
    if part.kpi.finest == "year":
        return _last_day_of(await _last_period(tx, source_of, part, spans(None, date(end.year, 1, 1))))
    if recently := await _last_period(tx, source_of, part, [Span.over("d", horizon, end)]):
        return _last_day_of(recently)
    found = await _last_period(tx, source_of, part, spans(None, horizon))
    while found is not None and len(found) < NAMED_BY["d"]:
        within = Period.read(found)
        finer = Span.over("d" if len(found) == NAMED_BY["m"] else "m", within.first, within.end)
        found = await _last_period(tx, source_of, part, [finer])
    return _last_day_of(found)


async def _last_period(tx: Tx, source_of: SourceOf, part: Part, wanted: Sequence[Span]) -> str | None:
    """The name of the last of some periods in which a cell moved."""
    moved: defaultdict[tuple[str, str], int] = defaultdict(int)
    for counts in await counts_of(tx, source_of, [Asked(CellDays(part, None).layer, wanted)]):
        if counts.cell == cell_of(part):
            for period, counter, amount in counts.by_period():
                moved[period, counter] += amount
    return max((period for (period, _), amount in moved.items() if amount), default=None)


def _last_day_of(period: str | None) -> date | None:
    return None if period is None else Period.read(period).end - DAY
