"""What the document of the API shows of trends: the valuation of the industrial businesses, as if it had grown."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.metrics.reading.examples import FEN, answer
from services.metrics.reading.views import Point
from services.metrics.trends.forecast import ForecastMethod
from services.metrics.trends.views import Comparison, ForecastAnswer, ForecastPoint, Growth

KEPT: Final[Sequence[Row]] = ()
BODIES: Final[Sequence[BaseModel]] = ()
ANSWERS: Final[Sequence[BaseModel]] = (
    Growth(
        **dict(answer(kind="industrial")) | {"period": "2025"},
        complete=True,
        to_date=False,
        yoy=Comparison(period="2024", through=date(2024, 12, 31), value=FEN * 4 // 5, n=22, growth=2500),
        qoq=Comparison(period="2024", through=date(2024, 12, 31), value=FEN * 4 // 5, n=22, growth=2500),
        cagr=Comparison(period="2023", through=date(2023, 12, 31), value=FEN * 16 // 25, n=22, growth=2500),
    ),
    ForecastAnswer(
        **dict(answer(kind="industrial")) | {"period": "2022-01-01/2025-12-31"},
        granularity="year",
        points=[
            Point(period=f"{year}", complete=True, value=FEN * part // 10, n=22)
            for year, part in ((2022, 7), (2023, 8), (2024, 9), (2025, 10))
        ],
        method=ForecastMethod.LEAST_SQUARES,
        residual_error=0,
        forecast=[ForecastPoint(period="2026", value=FEN * 11 // 10, low=FEN * 11 // 10, high=FEN * 11 // 10)],
    ),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
