"""How much of resources could be had on a day, and how much was: minutes of units, or days of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from services.contracts.incubator.resources import ResourceKind, ResourceUsage
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.booking.blackout import Blackout
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.resource import Resource
from services.incubator.booking.status import ReservationStatus
from services.incubator.kernel.interval import Interval, without
from services.incubator.kernel.period import Days

TOOK_PLACE: Final = (ReservationStatus.CHECKED_IN, ReservationStatus.COMPLETED)
"""Who did not come, or was not noted yet not to have come, occupied nothing: what was left of the time was free."""


class Kind(NamedTuple):
    """Resources that are counted together."""

    kind: ResourceKind
    usage: ResourceUsage


@dataclass
class Measure:
    """What could be had, and what was had."""

    open: int = 0
    occupied: int = 0


@dataclass(frozen=True)
class Known:
    """What is known of a site on a day: the resources that could be had, and all that takes something of them."""

    resources: Sequence[Resource]
    reservations: Sequence[Reservation]
    allocations: Sequence[Allocation]
    blackouts: Sequence[Blackout]


def measured(known: Known, on: date) -> Mapping[Kind, Measure]:
    """How much of each kind of resources could be had and was, on a day of the zone."""
    found: dict[Kind, Measure] = defaultdict(Measure)
    for resource in known.resources:
        measure = found[Kind(resource.kind, resource.usage)]
        by_days = resource.usage is ResourceUsage.ALLOCATABLE
        measure.open += _open_days(resource, on, known) if by_days else _open_minutes(resource, on, known)
        measure.occupied += _days_had(resource, on, known) if by_days else _minutes_had(resource, on, known)
    return found


def _open_minutes(resource: Resource, on: date, known: Known) -> int:
    """Minutes of units in which it was open, by its own clock, and not kept free; no blackout spares a unit."""
    day = _day(on)
    opening = [each.within(day) for each in resource.calendar.opening.around(day)]
    kept_free = [Interval(each.start, each.end) for each in _of(resource, known.blackouts)]
    return resource.units * sum(each.minutes for each in without(opening, kept_free))


def _minutes_had(resource: Resource, on: date, known: Known) -> int:
    """Minutes of units for which it was reserved, buffers apart, until who had it left."""
    day, minutes = _day(on), 0
    for reservation in known.reservations:
        units = sum(each.resource_id == resource.id for each in reservation.units)
        for each in reservation.occurrences:
            if units and each.status in TOOK_PLACE:
                minutes += units * max(Interval(each.start, each.used_until).within(day).minutes, 0)
    return minutes


def _open_days(resource: Resource, on: date, known: Known) -> int:
    kept_free = any(each.days.overlaps(Days(on, on)) for one in _of(resource, known.blackouts) for each in one.taken())
    return 0 if kept_free else resource.units


def _days_had(resource: Resource, on: date, known: Known) -> int:
    mine = (each for each in known.allocations if each.resource_id == resource.id)
    return sum(taken.days.overlaps(Days(on, on)) for each in mine for taken in each.taken())


def _day(on: date) -> Interval:
    return Interval(Days(on, on).starts_at, Days(on, on).ends_at)


def _of(resource: Resource, blackouts: Iterable[Blackout]) -> list[Blackout]:
    return [each for each in blackouts if resource.id in each.resource_ids]
