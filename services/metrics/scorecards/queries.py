"""Reads of scorecards: the headline, from which every item is measured."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from services.chassis.consuming.heard import Heard
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.metrics.catalogue.all import KPIS
from services.metrics.figures.periods import DAY, Period
from services.metrics.reading import queries
from services.metrics.reading.question import Question, headline_kpis
from services.metrics.reading.views import Figure, Headline
from services.metrics.scorecards.incubator_rules import Known


async def headline_of(tx: Tx, heard: Heard, ids: Iterable[str], as_of: date | None) -> Headline:
    """Some KPIs in total at the end of a day; what has a value of a period alone, in the last year that was over then.

    Raises:
        Unprocessable: `as_of_in_future`.
    """
    today = zone_date(tx.now)
    headline_kpis(by=None, as_of=as_of, today=today)
    kpis, on = [KPIS[id] for id in dict.fromkeys(ids)], as_of or today
    headline = await queries.headline(tx, heard, kpis, None, on)
    of_a_year = [Question(kpi, {}, None, _last_year_over(on), on) for kpi in kpis if kpi.is_of_a_period]
    found = {each.kpi: each for each in await queries.cells_in(tx, of_a_year)}
    return headline.model_copy(update={"data": [found.get(each.kpi, each) for each in headline.data]})


def _last_year_over(on: date) -> Period:
    """The last year that was over at the end of a day."""
    return Period.around(date((on + DAY).year, 1, 1) - DAY, "year")


def known(headline: Headline) -> Known:
    """What the figures of a headline come to, in their units."""
    return {each.kpi: _shown(each) for each in headline.data}


def _shown(figure: Figure) -> Fraction | None:
    return None if figure.value is None else Fraction(figure.value, 10**figure.decimals)
