"""What the document of the API shows of exports: the zone's figures as a scraper gets them."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.metrics.exports.views import OpenMetrics
from services.metrics.reading.examples import HEADLINE

KEPT: Final[Sequence[Row]] = ()
BODIES: Final[Sequence[BaseModel]] = ()
ANSWERS: Final[Sequence[BaseModel]] = ()
OF_OPERATIONS: Final[Mapping[str, BaseModel | str]] = {"read_openmetrics": bytes(OpenMetrics(HEADLINE).body).decode()}
