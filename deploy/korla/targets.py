"""The zone's targets: the two that it has published, as they are, and one that runs from the day of the load."""

from datetime import date
from typing import Any, Final

from deploy.korla.businesses import AS_OF
from deploy.public_api import call, pages
from services.chassis.domain.times import utc_now, zone_date
from services.chassis.http.client import Client
from services.metrics.figures.anniversaries import months_on

ABOUT: Final = "Targets"
PATH: Final = "/v1/metrics/targets"
FEN_PER_BILLION_YUAN: Final = 10**11
KPI: Final = "valuation_total"
PLANTS: Final = {"kind": "industrial"}
FIVE_YEARS: Final = 60
GROWTH_PCT: Final = 300
"""Published on the day of the opening figures: four times as much in five years."""

PUBLISHED: Final[tuple[dict[str, Any], ...]] = (
    {
        "kpi": KPI,
        "dims": PLANTS,
        "baseline": {"value": 81 * FEN_PER_BILLION_YUAN // 10, "on": AS_OF},
        "goal": {"growth_pct": GROWTH_PCT},
        "due_on": months_on(date.fromisoformat(AS_OF), FIVE_YEARS).isoformat(),
    },
    {"kpi": KPI, "dims": {"kind": "cloud"}, "goal": {"value": 20 * FEN_PER_BILLION_YUAN}, "due_on": "2020-12-31"},
)
"""The cloud businesses have no baseline: what they were worth is not in the source."""


async def set_targets(operator: Client) -> int:
    """Set the targets that are not there; one that runs already goes on. Answers how many were set.

    Raises:
        UnexpectedAnswer: the zone refused one.
    """
    there = [each async for each in pages(operator, PATH, about=ABOUT, kpi=KPI)]
    due = {(each["dims"]["kind"], each["due_on"]) for each in there if "kind" in each["dims"]}
    wanted = [each for each in PUBLISHED if (each["dims"]["kind"], each["due_on"]) not in due]
    if not any(kind == PLANTS["kind"] and due_on > PUBLISHED[0]["due_on"] for kind, due_on in due):
        wanted.append(_from_today())
    for body in wanted:
        key = f"korla-target-{body['dims']['kind']}-{body['due_on']}"
        await call(operator, "POST", PATH, about=ABOUT, json=body, idempotency_key=key)
    return len(wanted)


def _from_today() -> dict[str, Any]:
    today = zone_date(utc_now())
    due_on = months_on(today, FIVE_YEARS).isoformat()
    return {
        "kpi": KPI,
        "dims": PLANTS,
        "baseline": {"on": today.isoformat()},
        "goal": {"growth_pct": GROWTH_PCT},
        "due_on": due_on,
    }
