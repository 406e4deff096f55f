"""What the document of the API shows: the zone's figures as they were opened, with one KPI asked for in every way."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.metrics.catalogue.businesses import REVENUE_PER_EMPLOYEE, SUSPENSION_DAYS, VALUATION
from services.metrics.catalogue.derived import CLOUD_SHARE
from services.metrics.figures.kpi import Kpi
from services.metrics.figures.sums import Sum
from services.metrics.reading.definitions.views import definition_of
from services.metrics.reading.views import (
    Answer,
    BreakdownAnswer,
    CellValue,
    Figure,
    Headline,
    Point,
    ProjectionStatus,
    Series,
    figure_of,
)

FEN: Final = 810_000_000_000
THROUGH: Final = {"zone.registry.businesses": {"0": 41, "1": 39}}


def figure(kpi: Kpi, *sums: Sum, period: str | None = None, **dims: str) -> Figure:
    """What a KPI came to on 24 November 2026."""
    return figure_of(kpi, dims, kpi.measured(sums), period=period, as_of=date(2026, 11, 24))


def answer(**dims: str) -> Answer:
    """The valuation of the industrial businesses, 8.1 bn yuan."""
    return Answer(**dict(figure(VALUATION, Sum(n=22, m=FEN), **dims)), computed_through=THROUGH)


HEADLINE: Final = Headline(
    data=[
        figure(VALUATION, Sum(n=22, m=FEN)),
        figure(REVENUE_PER_EMPLOYEE, Sum(n=22, m=350_000_000_000, d=10_120)),
        figure(SUSPENSION_DAYS, Sum(n=3, hist={"30": 2, "91": 1}), period="all"),
        figure(CLOUD_SHARE, Sum(n=429, m=429), Sum(n=451, m=451)),
    ],
    next_cursor=None,
    computed_through=THROUGH,
    definitions=[definition_of(kpi) for kpi in (VALUATION, REVENUE_PER_EMPLOYEE, SUSPENSION_DAYS, CLOUD_SHARE)],
)
SERIES: Final = Series(
    **dict(answer(kind="industrial")),
    granularity="year",
    points=[
        Point(period="2017", complete=True, value=None, n=0),
        Point(period="2018", complete=True, value=FEN, n=22),
    ],
)

KEPT: Final[Sequence[Row]] = ()
BODIES: Final[Sequence[BaseModel]] = ()
ANSWERS: Final[Sequence[BaseModel]] = (
    answer(kind="industrial"),
    HEADLINE,
    SERIES,
    BreakdownAnswer(
        **dict(answer()),
        cells=[
            CellValue(dims={"kind": "industrial"}, value=FEN, n=22),
            CellValue(dims={"kind": "cloud"}, value=None, n=0),
        ],
    ),
    definition_of(VALUATION),
    ProjectionStatus(
        event_id="biz_0195f3a4b5c67d8e9f00112233445566:0000000002", status="parked", reason="rejected", parked=1
    ),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
