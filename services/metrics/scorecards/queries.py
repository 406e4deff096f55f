"""Reads of scorecards: the headline, from which every item is measured."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from services.chassis.consuming.heard import Heard
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.metrics.catalogue.all import KPIS
from services.metrics.reading import queries
from services.metrics.reading.question import headline_kpis
from services.metrics.reading.views import Figure, Headline
from services.metrics.scorecards.incubator_rules import Known


async def headline_of(tx: Tx, heard: Heard, ids: Iterable[str], as_of: date | None) -> Headline:
    """Some KPIs in total at the end of a day, in one read.

    Raises:
        Unprocessable: `as_of_in_future`.
    """
    today = zone_date(tx.now)
    headline_kpis(by=None, as_of=as_of, today=today)
    kpis = [KPIS[id] for id in dict.fromkeys(ids)]
    return await queries.headline(tx, heard, kpis, None, as_of or today)


def known(headline: Headline) -> Known:
    """What the figures of a headline come to, in their units."""
    return {each.kpi: _shown(each) for each in headline.data}


def _shown(figure: Figure) -> Fraction | None:
    return None if figure.value is None else Fraction(figure.value, 10**figure.decimals)
