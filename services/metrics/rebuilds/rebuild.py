"""A rebuild: the figures are made anew from the log beside live traffic, until the new ones take their place."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final, Literal, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import Ownership
from services.chassis.domain.part import Part
from services.chassis.domain.times import Instant

Way = Literal["anew", "back"]
"""A new generation from the beginning of the log, or the one that was shown before, brought up to date."""


class RebuildStatus(StrEnum):
    """How far a rebuild is, or how it ended."""

    BUILDING = "building"
    """It reads the log; the shown figures go on."""
    MEETING = "meeting"
    """Both go on to one place in the log, and no further."""
    COMPARING = "comparing"
    """Both stand there, and are compared KPI by KPI."""
    SETTLING = "settling"
    """It is shown; nothing moves until every reader knows."""
    DONE = "done"
    """It is shown and goes on."""
    WAITING = "waiting"
    """It differs where it should not, and waits for a person; both go on."""
    DROPPED = "dropped"
    """It was given up."""


MOVES: dict[RebuildStatus, set[RebuildStatus]] = {
    RebuildStatus.BUILDING: {RebuildStatus.MEETING, RebuildStatus.DROPPED},
    RebuildStatus.MEETING: {
        RebuildStatus.BUILDING,
        RebuildStatus.COMPARING,
        RebuildStatus.SETTLING,
        RebuildStatus.WAITING,
        RebuildStatus.DROPPED,
    },
    RebuildStatus.COMPARING: {RebuildStatus.SETTLING, RebuildStatus.WAITING, RebuildStatus.DROPPED},
    RebuildStatus.SETTLING: {RebuildStatus.DONE},
    RebuildStatus.WAITING: {RebuildStatus.BUILDING, RebuildStatus.DROPPED},
    RebuildStatus.DONE: set(),
    RebuildStatus.DROPPED: set(),
}

AT_REST: Final = (RebuildStatus.MEETING, RebuildStatus.COMPARING, RebuildStatus.SETTLING)
"""The shown figures stand still meanwhile, or are about to."""
STANDS_STILL: Final = 100
"""Looks, a tenth of a second apart, after which one of them will not come to where they are to meet."""
MOST_PLACES: Final = 10
"""Of one KPI that differs, how many counters are told."""


class Place(Part):
    """A counter that is not the same in both."""

    path: str
    """Level, span, breakdown, values, counter and period: `d|2026-07|kind&sector|industrial&C|n|14`."""
    shown: int
    """What the shown figures count there."""
    built: int
    """What the new ones count there."""


class Difference(Part):
    """A KPI whose canonical digests are not the same."""

    kpi: str
    """The figure that came out otherwise, by its name in the catalogue."""
    expected: bool
    """Whether its definition is another one than that by which the shown figures were begun."""
    counters: int
    """In how many counters they differ."""
    places: list[Place]
    """The first of them."""


class Rebuild(Aggregate):
    """One rebuild of the figures, or the way back from one.

    Attributes:
        generation: the one that is to be shown.
        instead_of: the one that was shown when it was ordered.
        accepted: whether a person wants it shown whatever differs.
        job_id: what does it.
        events: how many records its generation has read; `events_before` of them before it was ordered.
        behind: how many the shown generation is ahead.
        read_at: when these were counted.
        cut: where its generation could not begin at 0, as the log was cut: `<topic>|<partition>` → offset.
        stood: how often it was looked whether both are where they are to meet.
        digests: of its KPIs, as they were compared.
        parked: events that it has parked and the shown generation has not.
        why: of what is waited for, or why it was dropped.
    """

    collection: ClassVar[str] = "rebuilds"
    shown_to: ClassVar = Ownership("zone", watchers=frozenset({"operator"}))
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("generation", 1), ("_id", -1)),
        (("status", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["way", "generation", "instead_of", "status", "job_id", "ordered_at"],
            "properties": {
                "status": {"enum": [status.value for status in RebuildStatus]},
                "generation": {"bsonType": ["int", "long"], "minimum": 1},
                "ordered_at": {"bsonType": "date"},
            },
        }
    }

    way: Way
    generation: int
    instead_of: int
    status: RebuildStatus = RebuildStatus.BUILDING
    accepted: bool = False
    job_id: str = ""
    client_id: str
    ordered_at: Instant
    ended_at: Instant | None = None
    events: int = 0
    events_before: int | None = None
    behind: int | None = None
    read_at: Instant | None = None
    cut: dict[str, int] = Field(default_factory=dict)
    stood: int = 0
    digests: dict[str, str] = Field(default_factory=dict)
    differences: list[Difference] = Field(default_factory=list)
    parked: list[str] = Field(default_factory=list)
    why: str | None = None

    @classmethod
    def order(cls, way: Way, generation: int, *, instead_of: int, by: str, at: datetime) -> Self:
        """One that a worker will take up once it is committed. The way back is wanted whatever differs."""
        return cls(
            id=new_id("rbd"),
            way=way,
            generation=generation,
            instead_of=instead_of,
            accepted=way == "back",
            client_id=by,
            ordered_at=at,
        )

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will be done."""
        return not MOVES[self.status]

    @property
    def is_worked_on(self) -> bool:
        """Whether it goes on by itself."""
        return not self.has_ended and self.status is not RebuildStatus.WAITING

    @property
    def rate(self) -> int | None:
        """Records a second since it was ordered; None while nothing is known."""
        if self.read_at is None or self.events_before is None:
            return None
        seconds = (self.read_at - self.ordered_at).total_seconds()
        return round((self.events - self.events_before) / seconds) if seconds > 0 else None

    @property
    def unexpected(self) -> list[str]:
        """The KPIs that should be the same and are not."""
        return [each.kpi for each in self.differences if not each.expected]

    # what its job says

    def look(self, *, events: int, behind: int, cut: dict[str, int], at: datetime) -> None:
        """Count what was read."""
        if self.events_before is None:
            self.events_before = events if self.way == "back" else 0
        self.events, self.behind, self.cut, self.read_at = events, behind, cut, at

    def meet(self) -> None:
        """Let both go to one place."""
        self._become(RebuildStatus.MEETING)
        self.stood, self.digests, self.differences, self.parked = 0, {}, [], []

    def go_on(self) -> None:
        """They cannot meet where they were to: read on, and try again."""
        self._become(RebuildStatus.BUILDING)

    def compare(self) -> None:
        """Both stand at one place."""
        self._become(RebuildStatus.COMPARING)

    def found(self, kpi: str, digest: str, difference: Difference | None) -> None:
        """What became of one KPI."""
        self.digests[kpi] = digest
        if difference is not None:
            self.differences.append(difference)

    def wait(self, why: str) -> None:
        """Let a person decide."""
        self._become(RebuildStatus.WAITING)
        self.why = why

    def show(self) -> None:
        """Be what readers see."""
        self._become(RebuildStatus.SETTLING)
        self.why = None

    def finish(self, *, at: datetime) -> None:
        """Every reader knows."""
        self._become(RebuildStatus.DONE)
        self.ended_at = at

    # what the operator says

    def accept(self) -> None:
        """Have it shown whatever differs.

        Raises:
            Conflict: `invalid_transition`, it does not wait for that.
        """
        self._become(RebuildStatus.BUILDING)
        self.accepted = True

    def drop(self, why: str, *, at: datetime) -> None:
        """Give it up.

        Raises:
            Conflict: `invalid_transition`, it is shown already, or over.
        """
        self._become(RebuildStatus.DROPPED)
        self.why, self.ended_at = why, at

    def _become(self, status: RebuildStatus) -> None:
        self.status = move(self.status, status, MOVES)
