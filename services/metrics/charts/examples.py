"""What the document of the API shows of charts: the valuation of industrial businesses, and its published target."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.metrics.charts.chart import Aim, Bar, Chart, Corner
from services.metrics.charts.drawing import drawn
from services.metrics.charts.views import table_of
from services.metrics.reading.examples import SERIES

BILLION: Final = 1e9
CHART: Final = Chart(
    "Valuation of active businesses",
    "CNY · kind industrial · by year · as of 2026-11-24",
    "CNY",
    [
        Bar("2017", date(2017, 1, 1), date(2018, 1, 1), None, complete=True),
        Bar("2018", date(2018, 1, 1), date(2019, 1, 1), 8.1 * BILLION, complete=True),
    ],
    happens=False,
    aims=[
        Aim(
            32.4 * BILLION,
            date(2023, 4, 30),
            "missed",
            [Corner(date(2018, 4, 30), 8.1 * BILLION), Corner(date(2023, 4, 30), 32.4 * BILLION)],
        )
    ],
)

KEPT: Final[Sequence[Row]] = ()
BODIES: Final[Sequence[BaseModel]] = ()
ANSWERS: Final[Sequence[BaseModel]] = ()
OF_OPERATIONS: Final[Mapping[str, BaseModel | str]] = {
    "read_chart": drawn(CHART, 720),
    "read_chart_as_page": table_of(CHART, SERIES).as_page().decode(),
}
