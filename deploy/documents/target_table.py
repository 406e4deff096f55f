"""The zone's targets as a table for people, beside the figures with their past years."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from deploy.documents.kpi_table import NOTHING, aligned, ask, counted_by, shown, table_of
from deploy.public_api import Access, call, connect, pages
from services.chassis.domain.times import utc_now, zone_date
from services.chassis.http.client import Client

Json = dict[str, Any]

YEARS: Final = 12
"""How many the past of a figure has, the running one among them."""
AT_ONCE: Final = 8
FIRST: Final = 5
"""Of what is counted first, how many figures are among the most telling ones."""
OF_OTHERS: Final = 2


@dataclass(frozen=True)
class Survey:
    """How the zone is doing.

    Attributes:
        figures: the body of `/kpis?by=kind`.
        past: of each KPI, the points of its series by year.
        targets: the progress of each target.
    """

    figures: Json
    past: Mapping[str, Sequence[Json]]
    targets: Sequence[Json]

    def __str__(self) -> str:
        """One table, or two where there are targets."""
        tables = [table_of(self.figures, self.past), *([targets_of(self.targets)] if self.targets else [])]
        return "\n\n".join(tables)

    def headline(self) -> "Survey":
        """The most telling figures alone: of each thing that is counted the first ones that have a value."""
        chosen: dict[str, list[str]] = {}
        for answer in self.figures["data"]:
            if answer["value"] is not None and not answer["dims"]:
                of_its = chosen.setdefault(counted_by(answer["kpi"]), [])
                if len(of_its) < (FIRST if len(chosen) == 1 else OF_OTHERS):
                    of_its.append(answer["kpi"])
        kpis = {kpi for of_its in chosen.values() for kpi in of_its}
        data = [answer for answer in self.figures["data"] if answer["kpi"] in kpis]
        return replace(self, figures={**self.figures, "data": data})


async def survey(access: Access) -> Survey:
    """Ask for the figures, their past and the targets.

    Raises:
        UnexpectedAnswer: anything but answers.
    """
    figures = (await ask(access)).body
    turns = asyncio.Semaphore(AT_ONCE)
    since = str(zone_date(utc_now()).year - YEARS + 1)

    async with connect(access.url, access.operator_key) as client:

        async def answered(path: str, **params: str) -> Json:
            async with turns:
                return (await call(client, "GET", f"/v1/metrics/{path}", about="KPIs", params=params)).body

        kpis = list(dict.fromkeys(answer["kpi"] for answer in figures["data"]))
        series = await asyncio.gather(*(answered(f"kpis/{kpi}/series", **{"from": since}) for kpi in kpis))
        targets = await asyncio.gather(*(answered(f"targets/{each}/progress") for each in await _targets(client)))
    return Survey(figures, {kpi: each["points"] for kpi, each in zip(kpis, series, strict=True)}, targets)


async def _targets(client: Client) -> list[str]:
    return [each["id"] async for each in pages(client, "/v1/metrics/targets", about="Targets")]


def targets_of(targets: Sequence[Json]) -> str:
    """The targets as lines of equal columns: figure, goal, by when, where it stands, its status."""
    lines = [["TARGET", "goal", "by", "value", "attained", "status"]]
    for progress in targets:
        target = progress["target"]
        dims = ",".join(f"{name}={value}" for name, value in target["dims"].items())
        lines.append(
            [
                f"{target['kpi']} {dims}".rstrip(),
                shown({**target, "value": target["goal"]}),
                target["due_on"],
                shown({**target, "value": progress["value"]}),
                _percent(progress["attainment"]),
                _status(progress),
            ]
        )
    return aligned(lines, left={0, 5})


def _percent(ratio: int | None) -> str:
    return NOTHING if ratio is None else f"{Decimal(ratio).scaleb(-2):,.2f} %"


def _status(progress: Json) -> str:
    """The status, with why there is none: `not available: no statements since 2018-04-30`."""
    words = str(progress["status"]).replace("_", " ")
    if progress["reason"] is None:
        return words
    since = progress["no_statements_since"]
    return f"{words}: {progress['reason'].replace('_', ' ')}" + (f" since {since}" if since else "")
