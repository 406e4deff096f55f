"""What the rules of resources have against a booking, whatever else is booked."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from services.chassis.domain.violations import Violation
from services.contracts.incubator.resources import ResourceKind, ResourceUsage
from services.incubator.booking.resource import Resource
from services.incubator.kernel.interval import Interval

CODES = (
    "resource_repeated",
    "not_bookable",
    "over_capacity",
    "empty_interval",
    "not_on_grid",
    "in_the_past",
    "cutoff_passed",
    "too_short",
    "too_long",
    "outside_opening_hours",
    "nonexistent_local_time",
)


def of_resources(resources: Sequence[Resource], attendees: int) -> Iterator[Violation]:
    """What is wrong with reserving these together, at whatever time."""
    for place, resource in enumerate(resources):
        if resource.id in [each.id for each in resources[:place]]:
            yield Violation("resource_repeated", "It stands in the list before.", ("resource_ids", place))
        if resource.usage is not ResourceUsage.BOOKABLE:
            yield Violation("not_bookable", "It is allocated by days.", ("resource_ids", place))
        if resource.kind is ResourceKind.CONSULTANT:
            yield Violation("not_bookable", "A consultant is met by an appointment.", ("resource_ids", place))
    if attendees > max(each.capacity for each in resources):
        yield Violation("over_capacity", "More people come than there is room for.", ("attendees",))


def of_time(resources: Sequence[Resource], time: Interval | None, *, now: datetime) -> Iterator[Violation]:
    """What is wrong with a time for these resources, each code once a place.

    Args:
        time: None where the clocks of the site never show it.
    """
    if time is None:
        yield Violation("nonexistent_local_time", "The clocks of the site skip this time.", ("start",))
        return
    seen = set()
    for resource in resources:
        for each in resource.calendar.judge(time, now=now):
            if (each.code, each.path) not in seen:
                seen.add((each.code, each.path))
                yield each
