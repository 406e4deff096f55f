"""When a filing takes effect: when it asks to, within bounds, or as soon as it is approved."""

from datetime import datetime, timedelta
from typing import Final

from services.chassis.errors import Unprocessable
from services.chassis.times import zone_date, zone_midnight
from services.registry.business import Business
from services.registry.payload import Payload

FURTHEST: Final = timedelta(days=90)
"""How far ahead a filing may ask to take effect."""


def requested_moment(payload: Payload, business: Business | None, asked: datetime | None) -> datetime | None:
    """The moment that a filing asks for; some payloads name their first day themselves.

    Raises:
        Unprocessable: `effective_date`, where the two differ.
    """
    said = payload.starts_at(business)
    if said and asked not in (None, said):
        raise _refused("/requested_effective_at", "This filing says itself when it takes effect.")
    return said or asked


def check_requested(payload: Payload, asked: datetime | None, *, official: bool, at: datetime) -> None:
    """Let a moment pass that is now or to come, within 90 days; only officials may date a filing back.

    Raises:
        Unprocessable: `effective_date`.
    """
    if asked is None:
        return
    whole_day = payload.starts_at(None) == asked  # today is not in the past
    is_past = asked < (zone_midnight(zone_date(at)) if whole_day else at)
    if (is_past and not official) or asked > at + FURTHEST:
        pointer = "/payload/from" if whole_day else "/requested_effective_at"
        raise _refused(pointer, "A filing takes effect now, or within 90 days.")


def effective_moment(
    payload: Payload, asked: datetime | None, *, submitted_at: datetime, approved_at: datetime
) -> datetime:
    """From when an approved filing is true.

    A moment that passed while the filing was under review is no reason to date it back, unless the payload's own
    days say so.
    """
    if asked is None:
        return approved_at
    passed_under_review = submitted_at < asked < approved_at
    return approved_at if passed_under_review and payload.starts_at(None) != asked else asked


def _refused(pointer: str, detail: str) -> Unprocessable:
    place = {"pointer": pointer, "code": "effective_date", "detail": detail}
    return Unprocessable(detail, code="effective_date", errors=[place])
