"""What the document of the API shows of rebuilds: one that found that a KPI has another definition by now."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant
from services.metrics.rebuilds.rebuild import Difference, Place, Rebuild, RebuildStatus
from services.metrics.rebuilds.views import RebuildView

DIGITS: Final = "0195f3a4b5c67d8e9f00112233445566"

REBUILD: Final = Rebuild(
    id=f"rbd_{DIGITS}",
    version=7,
    way="anew",
    generation=2,
    instead_of=1,
    status=RebuildStatus.DONE,
    job_id=f"job_{DIGITS}",
    client_id=f"cli_{DIGITS}",
    ordered_at=parse_instant("2026-11-24T08:00:00.000Z"),
    ended_at=parse_instant("2026-11-24T08:00:09.500Z"),
    events=18_040,
    events_before=0,
    behind=0,
    read_at=parse_instant("2026-11-24T08:00:05.000Z"),
    digests={"businesses_active": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
    differences=[
        Difference(
            kpi="suspension_days",
            expected=True,
            counters=1,
            places=[Place(path="d|2026-07|kind&sector|industrial&C|hist|30|14", shown=1, built=2)],
        )
    ],
)

KEPT: Final[Sequence[Row]] = (REBUILD,)
BODIES: Final[Sequence[BaseModel]] = ()
ANSWERS: Final[Sequence[BaseModel]] = (RebuildView.of(REBUILD, ()),)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
