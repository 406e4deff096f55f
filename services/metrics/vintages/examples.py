"""What the document of the API shows of snapshots: the published year, of which more was learned later."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.metrics.reading.examples import FEN
from services.metrics.vintages.bodies import TakeSnapshot
from services.metrics.vintages.snapshot import FrozenFigure, Snapshot
from services.metrics.vintages.views import FrozenFigureView, SnapshotView

FROZEN_AT: Final = datetime(2018, 4, 30, 8, tzinfo=UTC)
SNAPSHOT: Final = Snapshot(
    id="snp_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    period="2017",
    frozen_at=FROZEN_AT,
    count=412,
    digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
)
FROZEN: Final = FrozenFigure(
    id=f"{SNAPSHOT.id}|revenue_reported|",
    version=1,
    snapshot_id=SNAPSHOT.id,
    frozen_at=FROZEN_AT,
    period="2017",
    kpi="revenue_reported",
    dims_key="",
    definition_version=1,
    value=FEN,
    n=22,
)

KEPT: Final[Sequence[Row]] = (SNAPSHOT, FROZEN)
BODIES: Final[Sequence[BaseModel]] = (TakeSnapshot(period="2025"),)
ANSWERS: Final[Sequence[BaseModel]] = (SnapshotView.of(SNAPSHOT), FrozenFigureView.of(FROZEN, None))
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
