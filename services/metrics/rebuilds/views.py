"""What the operator sees of a rebuild."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Self

from services.chassis.domain.ids import id_of
from services.chassis.domain.times import Instant
from services.chassis.http.view import Shown, View
from services.metrics.rebuilds.rebuild import Difference, Rebuild, RebuildStatus, Way


class PlaceView(Shown):
    """A counter that is not the same in both."""

    path: str
    """Level, span, breakdown, values, counter and period, such as `d|2026-07|kind&sector|industrial&C|n|14`."""
    shown: int
    """What the figures that were shown count there."""
    built: int
    """What the new ones count there."""


class DifferenceView(Shown):
    """A KPI that the new figures say something else about."""

    kpi: str
    """The figure that came out otherwise, by its name in the catalogue."""
    expected: bool
    """Whether its definition has changed since the shown figures were begun."""
    counters: int
    """In how many counters they differ."""
    places: list[PlaceView]
    """The first ten of them."""

    @classmethod
    def of(cls, difference: Difference) -> Self:
        return cls.showing(difference, places=[PlaceView.showing(each) for each in difference.places])


class RebuildView(View):
    """The figures are made anew from the log beside live traffic, compared with those that are shown, and swapped."""

    at: ClassVar[str] = "/v1/metrics/rebuilds"

    way: Way
    """`anew` from the beginning of the log, or `back` to the figures that were shown before."""
    status: RebuildStatus
    """How far it is; `waiting` for somebody to accept or to cancel it."""
    why: str | None
    """What it waits for, or why it was dropped; null else."""
    generation: int
    """The number of the figures that are to be shown."""
    instead_of: int
    """The number of those that were shown when it was ordered."""
    accepted: bool
    """Whether it is to be shown whatever differs."""
    job_id: Annotated[str, id_of("job")]
    """The job that does it."""
    ordered_at: Instant
    """When it was ordered."""
    ended_at: Instant | None
    """When it was shown for good, or dropped; null before."""
    events: int
    """How many records of the log it has read."""
    behind: int | None
    """How many more the shown figures have read; null while nobody has looked."""
    rate: int | None
    """How many records a second it has read; null while nobody has looked."""
    cut: dict[str, int]
    """Where the log was cut: topic and partition → the offset at which it begins now. What was before is in no figure
    that is made anew, unless it stands in the log once more."""
    halted: list[str]
    """Why workers do not go on with it until somebody looks; empty while they do."""
    digests: dict[str, str]
    """KPI → SHA-256 of its canonical form, of those that are compared already: the same log gives the same."""
    differences: list[DifferenceView]
    """The KPIs that are not the same in both."""
    parked: list[str]
    """The first events that it has parked and the shown figures have not."""

    @classmethod
    def of(cls, rebuild: Rebuild, halted: Sequence[str]) -> Self:
        differences = [DifferenceView.of(each) for each in rebuild.differences]
        return cls.showing(rebuild, halted=list(halted), differences=differences)
