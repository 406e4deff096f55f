"""The consumption curve of a service point: how much it had taken by each moment at which somebody looked.

It runs through all meters that measured there one after the other; readings of two installations are never subtracted.
A moment at which nobody looked is estimated: between two looks by the days, after the last one by the average.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.times import Instant
from services.contracts.incubator.meters import MeterId, ReadingId
from services.incubator.utilities.metering.reading import Reading
from services.incubator.utilities.metering.register import Look, Register, average_daily, in_days, spread

ZERO: Final = Fraction()
NEAR: Final = timedelta(days=3)
"""A look so near a boundary is as good as one at it."""


class Boundary(BaseModel):
    """Where a billed period begins or ends: what the dial showed, or is thought to have shown."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    reading_id: ReadingId
    """The reading on which the interval ends."""
    meter_id: MeterId
    """The meter that was read."""
    installation: int
    """The place among the installations of that meter, from 0."""
    read_at: Instant
    """The moment of the reading; at most three days from the boundary."""
    dial: int
    """What it showed, in the last digit of its register."""
    rollover: bool
    """Whether an estimate goes past the largest number of the dial."""
    estimated: bool
    """Whether nobody looked."""


@dataclass(frozen=True)
class Segment:
    """One installation with its actual readings that count, in the order of time.

    Attributes:
        until: when it ended; None while it measures.
    """

    meter_id: str
    installation: int
    register: Register
    since: datetime
    until: datetime | None
    readings: Sequence[Reading]


class Mark(NamedTuple):
    """A look, and how much the service point had taken by then since the first mark."""

    at: datetime
    total: Fraction
    look: Look
    reading_id: str
    segment: int


class Estimate(NamedTuple):
    """What a dial is thought to have shown at a moment, and how much had been taken by then."""

    look: Look
    total: Fraction
    segment: Segment


class Curve:
    """The consumption curve of one service point.

    Args:
        segments: its installations, the first one first.
        superseded: reading → the one that took its place.
        billed: the boundaries of the bills that were made.
    """

    def __init__(
        self,
        segments: Sequence[Segment],
        superseded: Mapping[str, str] | None = None,
        billed: Iterable[Boundary] = (),
    ) -> None:
        self.segments = segments
        self.marks = list(_marks(segments))
        self._superseded = superseded or {}
        self._by_reading = {mark.reading_id: mark for mark in self.marks}
        self._contradicted = set(self._contradictions(each for each in billed if each.estimated))

    def look_near(self, boundary: datetime, *, after: datetime | None = None) -> Mark | None:
        """The look that stands for a boundary: the nearest within three days, of two the earlier (G-U3).

        Where nothing measures at the boundary any more, the last look stands for it, however long ago that was.

        Args:
            after: looks until then are not near.
        """
        near = [mark for mark in self.marks if abs(mark.at - boundary) <= NEAR and (after is None or mark.at > after)]
        if near:
            return min(near, key=lambda mark: (abs(mark.at - boundary), mark.at))
        before = [mark for mark in self.marks if mark.at <= boundary]
        measures = any(each.since <= boundary <= (each.until or boundary) for each in self.segments)
        return before[-1] if before and not measures else None

    def estimate(self, boundary: datetime, *, at_least: Fraction = ZERO) -> Estimate | None:
        """What the dial showed at a boundary, as far as looks around it tell; None where there is no history.

        Rounded half to even, to the register.

        Args:
            at_least: what had been taken before by an estimate that was billed: a dial does not turn back.
        """
        before = [mark for mark in self.marks if mark.at <= boundary]
        if not before:
            return None
        last = before[-1]
        segment = self.segments[last.segment]
        following = self._following(last, boundary)
        if following is not None:
            more = spread(segment.register, last.look, following.look, boundary)
        else:
            looks = [(one, other) for one, other in pairwise(before) if one.segment == other.segment]
            spans = [(other.at - one.at, other.total - one.total) for one, other in looks]
            daily = average_daily(spans)
            if daily is None:
                return None
            more = round(daily * in_days(boundary - last.at) / segment.register.quantity(1))
        more = max(more, ceil((at_least - last.total) / segment.register.quantity(1)))
        dial = last.look.dial + more
        look = Look(boundary, dial % segment.register.modulus, dial >= segment.register.modulus)
        return Estimate(look, last.total + segment.register.quantity(more), segment)

    def total_at(self, boundary: Boundary) -> Fraction | None:
        """How much had been taken by a boundary that was billed, as far as is known by now; None where it is too old.

        A reading that was superseded is worth what the one in its place is. An estimate stays what it was billed as
        for as long as no look contradicts it, or another one that was made since the same look; then all of them are
        estimated anew between the looks around them (G-U2).
        """
        if not boundary.estimated:
            found = self._by_reading.get(self._in_force(boundary.reading_id))
            return found.total if found else None
        last = self._last_before(boundary)
        if last is None:
            return None
        segment = self.segments[last.segment]
        ended = segment.until is not None and segment.until <= boundary.read_at
        if last.at == boundary.read_at or ended:
            return last.total
        if last in self._contradicted:
            following = self._following(last, boundary.read_at)
            assert following is not None
            more = spread(segment.register, last.look, following.look, boundary.read_at)
            return last.total + segment.register.quantity(more)
        billed = self._billed(boundary, last)
        return last.total if billed is None else billed

    def _contradictions(self, estimates: Iterable[Boundary]) -> Iterator[Mark]:
        """The looks since which something was estimated that the next look does not allow."""
        for boundary in estimates:
            last = self._last_before(boundary)
            following = self._following(last, boundary.read_at) if last else None
            if last and following:
                billed = self._billed(boundary, last)
                if billed is None or billed > following.total:
                    yield last

    def _billed(self, boundary: Boundary, last: Mark) -> Fraction | None:
        """What an estimate said; None where it said less than the look before it does by now."""
        register = self.segments[last.segment].register
        if boundary.dial < last.look.dial and not boundary.rollover:
            return None
        return last.total + register.quantity((boundary.dial - last.look.dial) % register.modulus)

    def _last_before(self, boundary: Boundary) -> Mark | None:
        """The last look before an estimate, in its installation."""
        own = (mark for mark in reversed(self.marks) if self._is_of(boundary, mark))
        return next((mark for mark in own if mark.at <= boundary.read_at), None)

    def _in_force(self, reading_id: str) -> str:
        while reading_id in self._superseded:
            reading_id = self._superseded[reading_id]
        return reading_id

    def _is_of(self, boundary: Boundary, mark: Mark) -> bool:
        segment = self.segments[mark.segment]
        return (segment.meter_id, segment.installation) == (boundary.meter_id, boundary.installation)

    def _following(self, last: Mark, moment: datetime) -> Mark | None:
        """The first look after a moment, in the installation of the last one before it."""
        later = (mark for mark in self.marks if mark.at > moment and mark.segment == last.segment)
        return next(later, None)


def _marks(segments: Sequence[Segment]) -> Iterator[Mark]:
    total = Fraction()
    for place, segment in enumerate(segments):
        before: Reading | None = None
        for reading in segment.readings:
            if before is not None:
                dial = segment.register.consumed(before.dial, reading.dial, rollover=reading.rollover)
                total += segment.register.quantity(dial)
            yield Mark(reading.at, total, reading.look, reading.id, place)
            before = reading
