"""What the zone's operator sends of an alert rule."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from services.chassis.domain.part import Part
from services.chassis.domain.violations import Before, Violation, cross_rule, rule
from services.metrics.alerts.condition import AlertCondition
from services.metrics.alerts.standing import NoData
from services.metrics.catalogue.all import KPIS
from services.metrics.figures.kpi import Granularity
from services.metrics.reading.bodies import CellDims, KpiName

MOST_PERIODS = 1_000


def _kept(granularity: Granularity, before: Before) -> Iterator[Violation]:
    kpi = KPIS.get(before.get("kpi", ""))
    if kpi is not None and granularity not in kpi.granularities:
        yield Violation("granularity_not_allowed", f"This figure exists by {', '.join(kpi.granularities)} only.")


class SetAlertRule(Part):
    """Of which figure somebody is to know, and when."""

    kpi: KpiName
    """The figure; `/kpis/{id}` says what it means."""
    dims: CellDims = {}  # noqa: RUF012 – pydantic copies it
    """The cell by its dimensions, such as `{"kind": "cloud"}`; empty for the total."""
    granularity: Annotated[Granularity, cross_rule(_kept, "granularity_not_allowed")]
    """Of which length the periods are: each is judged once, when it is over, a stock by its last day."""
    condition: Annotated[
        AlertCondition,
        rule(
            lambda condition: condition.is_of_one_kind,
            "condition_ambiguous",
            "A condition has an operator and a threshold, or a target and some of its status.",
        ),
    ]
    """What is watched for."""
    for_periods: Annotated[int, Field(ge=1, le=MOST_PERIODS)] = 1
    """In so many periods in a row it holds before an alert is raised; one without it begins the count anew."""
    keep_firing_periods: Annotated[int, Field(ge=0, le=MOST_PERIODS)] = 0
    """In so many periods more than the first it does not hold before an alert is resolved; 0 resolves it at once."""
    no_data: Annotated[NoData, Field(strict=False)] = NoData.KEEP
    """What a period without a figure counts as: as one in which the condition does not hold (`ok`), as one in which it
    does (`alert`), or as none (`keep`). It never resolves an alert."""
