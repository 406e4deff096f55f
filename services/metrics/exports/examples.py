"""What the document of the API shows of exports: a file of valuations, and what a scraper gets."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant
from services.metrics.catalogue.businesses import VALUATION
from services.metrics.exports.bodies import MakeExport
from services.metrics.exports.effects import csv_of
from services.metrics.exports.export import Export, ExportFormat
from services.metrics.exports.rows import rows_of_series
from services.metrics.exports.views import ExportView, OpenMetrics
from services.metrics.figures.periods import Period
from services.metrics.reading.examples import HEADLINE, SERIES, THROUGH

DIGITS: Final = "0195f3a4b5c67d8e9f00112233445566"
EXPORT: Final = Export(
    id=f"exp_{DIGITS}",
    version=1,
    format=ExportFormat.CSV,
    kpis=["valuation_total"],
    by="kind",
    first="2017",
    last=None,
    granularity="year",
    rows=20,
    upload_id=f"upl_{DIGITS}",
    sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    length=1_874,
    through=THROUGH,
    client_id=f"cli_{DIGITS}",
    made_at=parse_instant("2026-11-24T08:00:00.000Z"),
)

KEPT: Final[Sequence[Row]] = (EXPORT,)
BODIES: Final[Sequence[BaseModel]] = (
    MakeExport(format=ExportFormat.CSV, kpis=["valuation_total"], by="kind", first="2017"),
)
ANSWERS: Final[Sequence[BaseModel]] = (ExportView.of(EXPORT),)
OF_OPERATIONS: Final[Mapping[str, BaseModel | str]] = {
    "read_openmetrics": bytes(OpenMetrics(HEADLINE).body).decode(),
    "read_export": csv_of([*rows_of_series(VALUATION, [Period.read("2017"), Period.read("2018")], SERIES)]).decode(),
}
