"""What callers see of snapshots: what was reported then, and what is known now."""

from typing import ClassVar, Self

from services.chassis.domain.ids import AnyId
from services.chassis.domain.times import Instant
from services.chassis.http.view import Shown, View
from services.metrics.figures.dimensions import dims_of
from services.metrics.reading.views import Dims, Figure
from services.metrics.vintages.snapshot import FrozenFigure, Snapshot


class SnapshotView(View):
    """The figures of a period as they were known."""

    at: ClassVar[str] = "/v1/metrics/snapshots"

    period: str
    """2017, 2026-Q3, 2026-07 or 2026-07-14."""
    frozen_at: Instant
    """When they were known so."""
    count: int
    """How many figures it keeps: every KPI in total and by each of its dimensions."""
    digest: str
    """SHA-256 over all of them, hexadecimal: the same where, and only where, all values are."""

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        return cls.showing(snapshot)


class FrozenFigureView(Shown):
    """One figure as it was kept, beside what is known of it now."""

    snapshot_id: AnyId
    """The snapshot that kept it."""
    frozen_at: Instant
    """The moment at which it was kept as it was known then."""
    period: str
    """2017, 2026-Q3, 2026-07 or 2026-07-14."""
    kpi: str
    """Which figure; `/kpis/{id}` says what it means."""
    dims: Dims
    snapshot_value: int | None
    """What was known then: shown / 10^decimals of the KPI; null where there was none."""
    snapshot_n: int
    """How many contributed then."""
    current_value: int | None
    """What is known now; null where there is none, or no such KPI any more."""
    current_n: int
    """How many contribute now."""
    restated: bool
    """Whether the two are not the same: something of that period was learned, or corrected, since."""
    redefined: bool
    """Whether the KPI has another definition by now, so that the two may differ for that alone."""

    @classmethod
    def of(cls, frozen: FrozenFigure, now: Figure | None) -> Self:
        value, n = (None, 0) if now is None else (now.value, now.n)
        return cls(
            snapshot_id=frozen.snapshot_id,
            frozen_at=frozen.frozen_at,
            period=frozen.period,
            kpi=frozen.kpi,
            dims=dims_of(frozen.dims_key),
            snapshot_value=frozen.value,
            snapshot_n=frozen.n,
            current_value=value,
            current_n=n,
            restated=(frozen.value, frozen.n) != (value, n),
            redefined=now is None or now.definition_version != frozen.definition_version,
        )
