"""A snapshot: the figures of a period as they were known on a day, so that what was reported then can be told from
what is known now."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, ClassVar, Protocol, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import id_of, new_id
from services.chassis.domain.ownership import OF_ITS_STAFF
from services.chassis.domain.times import Instant
from services.chassis.domain.violations import Violation, refuse
from services.metrics.figures.dimensions import key_of
from services.metrics.figures.periods import Period

SnapshotId = Annotated[str, id_of("snp")]


class Known(Protocol):
    """What a snapshot takes of a figure."""

    @property
    def kpi(self) -> str: ...

    @property
    def dims(self) -> Mapping[str, str]: ...

    @property
    def definition_version(self) -> int: ...

    @property
    def value(self) -> int | None: ...

    @property
    def n(self) -> int: ...


class Snapshot(Aggregate):
    """A snapshot of all figures of a period that is over. It is never changed; a later one is another vintage.

    It shows cells in which one business stands alone, so it is nothing for partners.

    Attributes:
        frozen_at: when.
        count: of its figures.
        digest: SHA-256 over all of them, in hexadecimal; the same where, and only where, all values are.
    """

    collection: ClassVar[str] = "snapshots"
    shown_to: ClassVar = OF_ITS_STAFF
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("period", 1), ("_id", 1)),)

    period: str
    frozen_at: Instant
    count: int
    digest: str

    @classmethod
    def of(cls, period: Period, figures: Sequence[Known], *, at: datetime, today: date) -> Self:
        """A snapshot of what is known now.

        Raises:
            Unprocessable: `period_not_over`.
        """
        if period.end > today:
            refuse(Violation("period_not_over", f"It ends on {period.end}: its figures still move.", ("period",)))
        return cls(
            id=new_id("snp"), period=period.name, frozen_at=at, count=len(figures), digest=_digest(period, figures)
        )


class FrozenFigure(Aggregate):
    """One figure of a snapshot, in one cell.

    Attributes:
        dims_key: of the cell; the total is the empty string.
        value: shown / 10^decimals of the KPI; None where there was none.
        n: how many contributed.
    """

    collection: ClassVar[str] = "frozen_figures"
    shown_to: ClassVar = OF_ITS_STAFF
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("snapshot_id", 1), ("_id", 1)),
        (("kpi", 1), ("period", 1), ("dims_key", 1), ("_id", 1)),
    )

    snapshot_id: str
    frozen_at: Instant
    period: str
    kpi: str
    dims_key: str
    definition_version: int
    value: int | None
    n: int

    @classmethod
    def of(cls, snapshot: Snapshot, figure: Known) -> Self:
        """A figure as it is known while a snapshot is made."""
        key = key_of(figure.dims)
        return cls(
            id=f"{snapshot.id}|{figure.kpi}|{key}",
            snapshot_id=snapshot.id,
            frozen_at=snapshot.frozen_at,
            period=snapshot.period,
            kpi=figure.kpi,
            dims_key=key,
            definition_version=figure.definition_version,
            value=figure.value,
            n=figure.n,
        )


def _digest(period: Period, figures: Sequence[Known]) -> str:
    """In one order of figures and members, whatever order they were read in."""
    known = sorted([each.kpi, key_of(each.dims), each.definition_version, each.value, each.n] for each in figures)
    return hashlib.sha256(json.dumps([period.name, known]).encode()).hexdigest()
