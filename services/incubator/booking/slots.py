"""The names under which slots are claimed, and by which the reservations of a resource are found."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.incubator.kernel.interval import Interval

PREFIX = "slot|"


def slot_key(resource_id: str, unit: int, slot: datetime) -> str:
    """The claim of one quarter of an hour of one unit of a resource, by its start in UTC."""
    return f"{PREFIX}{resource_id}:{unit}:{slot:%Y%m%dT%H%M}"


def touch(resource_id: str, slot: datetime) -> str:
    """How a reservation says that it takes something of a resource on a day in UTC."""
    return f"{resource_id}|{slot:%Y-%m-%d}"


def touches_of(resource_ids: Sequence[str], window: Interval) -> list[str]:
    """What a reservation says that takes something of these resources on the days of a window."""
    days = range((window.end.date() - window.start.date()).days + 1)
    return [touch(id, window.start + timedelta(days=day)) for id in resource_ids for day in days]
