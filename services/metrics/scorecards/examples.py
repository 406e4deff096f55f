"""What the document of the API shows of scorecards: a zone with 54 incubatees on 12,000 square metres."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.metrics.catalogue.all import KPIS
from services.metrics.figures.kpi import Kpi
from services.metrics.figures.sums import Sum
from services.metrics.reading.examples import THROUGH, figure
from services.metrics.reading.views import Headline
from services.metrics.scorecards.incubator_rules import RULES
from services.metrics.scorecards.ministry_groups import GROUPS
from services.metrics.scorecards.profile import ZONE
from services.metrics.scorecards.queries import known
from services.metrics.scorecards.views import IncubatorScorecard, MinistryAssessment, ZoneProfile

DAY: Final = date(2026, 11, 24)
SUMS: Final = {
    "site_area": Sum(n=1, m=1_200_000),
    "startups_incubating": Sum(n=54, m=54),
    "graduations": Sum(n=19, m=19),
    "hires": Sum(n=212, m=212),
}
IDS: Final = dict.fromkeys([id for rule in RULES for id in rule.inputs] + [id for group in GROUPS for id in group.kpis])


def _period(kpi: Kpi) -> str | None:
    return "2025" if kpi.is_of_a_period else None if kpi.timing == "stock" else "all"


HEADLINE: Final = Headline(
    data=[figure(KPIS[id], *(SUMS.get(id, Sum()) for _ in KPIS[id].parts), period=_period(KPIS[id])) for id in IDS],
    next_cursor=None,
    definitions=[],
    computed_through=THROUGH,
)
SCORECARD: Final = IncubatorScorecard.of(known(HEADLINE), HEADLINE, DAY)
ASSESSMENT: Final = MinistryAssessment.of(HEADLINE, DAY)

KEPT: Final[Sequence[Row]] = ()
BODIES: Final[Sequence[BaseModel]] = ()
ANSWERS: Final[Sequence[BaseModel]] = (ZoneProfile.of(ZONE), SCORECARD, ASSESSMENT)
OF_OPERATIONS: Final[Mapping[str, BaseModel | str]] = {
    "incubator_scorecard_as_page": SCORECARD.table().as_page().decode(),
    "ministry_assessment_as_page": ASSESSMENT.table().as_page().decode(),
}
