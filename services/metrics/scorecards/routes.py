"""The zone as a whole over HTTP: its profile, and scorecards as JSON and as pages to print."""

from fastapi import APIRouter

from services.chassis.consuming.heard import InHeard
from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.http.answers.table import TablePage
from services.chassis.http.route import InTx, TransactionalRoute
from services.metrics.callers import Reader
from services.metrics.reading.routes import InAsOf
from services.metrics.scorecards.incubator_rules import RULES
from services.metrics.scorecards.ministry_groups import GROUPS
from services.metrics.scorecards.profile import ZONE
from services.metrics.scorecards.queries import headline_of, known
from services.metrics.scorecards.views import IncubatorScorecard, MinistryAssessment, ZoneProfile

router = APIRouter(prefix="/v1/metrics", route_class=TransactionalRoute)


@router.get("/zone")
async def see_zone(reader: Reader) -> ZoneProfile:
    """What the zone is: name, area, since when; and what it has set aside for incubatees."""
    return ZoneProfile.of(ZONE)


@router.get("/scorecards/national-incubator")
@refuses("as_of_in_future")
async def incubator_scorecard(reader: Reader, tx: InTx, heard: InHeard, as_of: InAsOf = None) -> IncubatorScorecard:
    """The zone by the rules of a national incubator: each with value, threshold, whether it is kept, and its source."""
    inputs = [id for rule in RULES for id in rule.inputs]
    headline = await headline_of(tx, heard, inputs, as_of)
    return IncubatorScorecard.of(known(headline), headline, as_of or zone_date(tx.now))


@router.get("/scorecards/national-incubator.html")
@refuses("as_of_in_future")
async def incubator_scorecard_as_page(reader: Reader, tx: InTx, heard: InHeard, as_of: InAsOf = None) -> TablePage:
    """The zone by the rules of a national incubator, as a page to print."""
    return TablePage((await incubator_scorecard(reader, tx, heard, as_of)).table())


@router.get("/scorecards/mofcom-groups")
@refuses("as_of_in_future")
async def ministry_assessment(reader: Reader, tx: InTx, heard: InHeard, as_of: InAsOf = None) -> MinistryAssessment:
    """The inputs of the ministry's assessment, by group and weight; what the zone does not measure is missing."""
    headline = await headline_of(tx, heard, [id for group in GROUPS for id in group.kpis], as_of)
    return MinistryAssessment.of(headline, as_of or zone_date(tx.now))


@router.get("/scorecards/mofcom-groups.html")
@refuses("as_of_in_future")
async def ministry_assessment_as_page(reader: Reader, tx: InTx, heard: InHeard, as_of: InAsOf = None) -> TablePage:
    """The inputs of the ministry's assessment, as a page to print."""
    return TablePage((await ministry_assessment(reader, tx, heard, as_of)).table())
