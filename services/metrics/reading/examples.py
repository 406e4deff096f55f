"""What the document of the API shows: the zone's figures as they were opened, with one KPI asked for in every way."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.metrics.catalogue.all import KPIS
from services.metrics.figures.queries import Sum
from services.metrics.reading.views import (
    Answer,
    BreakdownAnswer,
    CellValue,
    Definition,
    Point,
    ProjectionStatus,
    Series,
    answer_of,
)

VALUATION: Final = KPIS["valuation_total"]
FEN: Final = 810_000_000_000


def answer(**dims: str) -> Answer:
    """The valuation of the industrial businesses, 8.1 bn yuan."""
    return answer_of(
        VALUATION,
        dims,
        Sum(n=22, m=FEN),
        period=None,
        as_of=date(2026, 11, 24),
        through={"zone.registry.businesses": {"0": 41, "1": 39}},
        observed=True,
    )


KEPT: Final[Sequence[Row]] = ()
BODIES: Final[Sequence[BaseModel]] = ()
ANSWERS: Final[Sequence[BaseModel]] = (
    answer(kind="industrial"),
    Series(
        **dict(answer(kind="industrial")),
        granularity="year",
        points=[Point(period="2017", value=None, n=0), Point(period="2018", value=FEN, n=22)],
    ),
    BreakdownAnswer(
        **dict(answer()),
        cells=[
            CellValue(dims={"kind": "industrial"}, value=FEN, n=22),
            CellValue(dims={"kind": "cloud"}, value=None, n=0),
        ],
    ),
    Definition.of(VALUATION),
    ProjectionStatus(
        event_id="biz_0195f3a4b5c67d8e9f00112233445566:0000000002", status="parked", reason="rejected", parked=1
    ),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
