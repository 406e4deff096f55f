"""Reads of targets: where a figure stood and stands, and since when nothing was said of it."""

from datetime import date
from typing import Annotated, NamedTuple

from fastapi import Path

from services.chassis.consuming.heard import Heard
from services.chassis.domain.errors import NotFound
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import Violation, at_path, refusal, refuse
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.metrics.catalogue.all import kept_with, source_of
from services.metrics.figures.anniversaries import months_on
from services.metrics.figures.kpi import Kpi, Part
from services.metrics.figures.movement import last_moved
from services.metrics.figures.periods import DAY
from services.metrics.reading import queries
from services.metrics.reading.bodies import Name
from services.metrics.reading.disclosure.queries import is_veiled, told_day
from services.metrics.reading.question import Question
from services.metrics.reading.views import Answer
from services.metrics.targets.bodies import SetBaseline, measurable
from services.metrics.targets.judgement import SILENCE, Judgement, judge, judged_on
from services.metrics.targets.target import Target, TargetBaseline, TargetId

TargetRef = Annotated[TargetId, Path(description="The target, by its id.")]


class TargetFilter(Filter):
    """By the figure that they are for."""

    kpi: Name | None = None
    """The KPI, by its name."""


class Judged(NamedTuple):
    """A target on a day, with the figure on which it was judged."""

    judgement: Judgement
    figure: Answer


async def judged(tx: Tx, heard: Heard, target: Target, as_of: date) -> Judged:
    """How a target stands at the end of a day; to who is told of money by years, at the end of the last one told.

    Raises:
        NotFound: this release does not have its figure.
    """
    if (kpi := kept_with(target.kpi, target.dims)) is None:
        raise NotFound("This release has no such figure of this cell.")
    if is_veiled(tx.caller, kpi):
        as_of = told_day(tx, kpi, judged_on(target, as_of))
    on = judged_on(target, as_of)
    figure = await queries.value(tx, heard, Question(kpi, target.dims, None, None, on))
    stated_on = await _last_stated(tx, kpi, target.dims, on)
    is_over = as_of < zone_date(tx.now)
    return Judged(judge(target, kpi.judged(figure), as_of=as_of, stated_on=stated_on, is_over=is_over), figure)


async def _last_stated(tx: Tx, kpi: Kpi, dims: dict[str, str], on: date) -> date | None:
    """The last day until one on which the cell of a figure, or of one that it follows from, moved."""
    found = [
        await last_moved(tx, source_of, Part(part.kpi, {**part.dims, **dims}), months_on(on, -SILENCE), on + DAY)
        for part in kpi.parts
    ]
    return max((each for each in found if each is not None), default=None)


async def measured(tx: Tx, heard: Heard, kpi: Kpi, dims: dict[str, str], said: SetBaseline) -> TargetBaseline:
    """A baseline as it was given, or as the figure was on that day.

    Raises:
        Unprocessable: `as_of_in_future`, `baseline_unknown`.
    """
    refuse(*at_path(measurable(said, zone_date(tx.now)), "baseline"))
    value = said.value
    if value is None:
        value = kpi.judged(await queries.value(tx, heard, Question(kpi, dims, None, None, said.on)))
    if value is None:
        detail = "The figure has no value on that day: say from what the target starts, or leave the baseline out."
        raise refusal(Violation("baseline_unknown", detail, ("baseline", "value")))
    return TargetBaseline(value=value, on=said.on)
