"""What others see of exports: files of figures, and the zone's figures as gauges for a scraper."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Final, Self

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from pydantic import Field

from services.chassis.domain.times import Instant
from services.chassis.http.answers.answer import Answer
from services.chassis.http.view import View
from services.metrics.catalogue.all import KPIS
from services.metrics.exports.export import Export, ExportFormat, ExportId
from services.metrics.exports.gauge import gauge_of
from services.metrics.figures.kpi import Granularity
from services.metrics.reading.views import ComputedThrough, Headline

GAUGES: Final = {kpi.id: gauge_of(kpi) for kpi in KPIS.values()}


class Gauges(Collector):
    """A headline as families of gauges: a sample for each figure that has a value, its dimensions as labels."""

    def __init__(self, headline: Headline) -> None:
        self._headline = headline

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for definition in self._headline.definitions:
            gauge = GAUGES[definition.id]
            figures = [each for each in self._headline.data if each.kpi == definition.id]
            names = sorted({name for each in figures for name in each.dims})
            family = GaugeMetricFamily(gauge.name, gauge.about, labels=names)
            for each in figures:
                if each.value is not None:
                    family.add_metric([each.dims.get(name, "") for name in names], gauge.number(each.value))
            yield family


class OpenMetrics(Answer):
    """Figures for a scraper (OpenMetrics 1.0), as their headline."""

    media_type = "application/openmetrics-text"
    always: ClassVar = {"Content-Type": CONTENT_TYPE_LATEST}

    def render(self, content: Headline) -> bytes:
        registry = CollectorRegistry(auto_describe=False)
        registry.register(Gauges(content))
        written: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]  # it has no types
        return written


class ExportView(View):
    """Figures of some periods as a file, which `GET …/file` reads."""

    at: ClassVar[str] = "/v1/metrics/exports"

    id: ExportId
    """Its id, for life."""
    format: ExportFormat
    """The format of the file."""
    kpis: list[str]
    """Which figures it has, by their names in the catalogue."""
    by: str | None
    """The dimension by whose values they are broken down; null for totals."""
    granularity: Granularity
    """How long a period is."""
    first: str
    """The first period, or one in it."""
    last: str | None
    """The last one; null for the day on which it was made."""
    rows: Annotated[int, Field(ge=0)]
    """How many values, each a row."""
    sha256: str
    """The SHA-256 of the file, in hex."""
    length: int
    """How many bytes it has."""
    made_at: Instant
    """When it was made."""
    computed_through: ComputedThrough

    @classmethod
    def of(cls, export: Export) -> Self:
        return cls.showing(export)
