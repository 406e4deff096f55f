"""Time on the wire and in the zone: instants are UTC to the millisecond, dates are zone dates."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.chassis.domain.refusals import Refuses

ZONE_TIME = ZoneInfo("Asia/Shanghai")
RFC3339 = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)
AS_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
"""As `rfc3339` writes it: nothing is to be converted."""
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def utc_now() -> datetime:
    """This process's clock, cut to the millisecond that MongoDB keeps."""
    return to_millisecond(datetime.now(UTC))


def to_millisecond(at: datetime) -> datetime:
    """The same instant in UTC without what MongoDB would drop."""
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def zone_date(at: datetime) -> date:
    """The calendar day in the zone (Asia/Shanghai) on which an instant falls; in its last hours the calendar's last."""
    try:
        return at.astimezone(ZONE_TIME).date()
    except OverflowError:
        return date.max


def zone_midnight(day: date) -> datetime:
    """The instant at which a day of the zone begins."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE_TIME).astimezone(UTC)


def rfc3339(at: datetime) -> str:
    """An instant as the zone writes it: `2026-11-24T08:00:00.000Z`."""
    # Not strftime, which writes the year 1 as "1".
    in_utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return in_utc.isoformat(timespec="milliseconds")[:-6] + "Z"  # for "+00:00"


def parse_instant(value: str) -> datetime:
    """Read an RFC 3339 timestamp.

    Raises:
        PydanticCustomError: `timestamp_invalid`, or `timestamp_offset_required` where only the offset is missing.
    """
    if AS_WRITTEN.fullmatch(value):
        return _in_the_calendar(value)
    match = RFC3339.fullmatch(value)
    if not match:
        raise PydanticCustomError("timestamp_invalid", "not an RFC 3339 timestamp such as 2026-11-24T08:00:00Z")
    day, clock, fraction, offset = match.groups()
    if offset is None:
        raise PydanticCustomError("timestamp_offset_required", "a timestamp needs its offset, such as Z or +08:00")
    at = _in_the_calendar(f"{day}T{clock}{(fraction or '.0')[:7]:0<7}{'+00:00' if offset in 'Zz' else offset}")
    try:
        return to_millisecond(at)
    except OverflowError:
        raise _no_such_moment() from None


def _in_the_calendar(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise _no_such_moment() from None


def _no_such_moment() -> PydanticCustomError:
    return PydanticCustomError("timestamp_invalid", "no such moment in the calendar")


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return to_millisecond(value)
    if isinstance(value, str):
        return parse_instant(value)
    raise PydanticCustomError("timestamp_invalid", "a timestamp is a string in RFC 3339 form")


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and ISO_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("date_invalid", "no such day in the calendar") from None
    raise PydanticCustomError("date_invalid", "a date is a string in the form YYYY-MM-DD")


Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    Refuses("timestamp_invalid", "timestamp_offset_required"),
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant: RFC 3339 with an offset in, UTC `Z` to the millisecond out."""

Day = Annotated[
    date, BeforeValidator(_date), Refuses("date_invalid"), WithJsonSchema({"type": "string", "format": "date"})
]
"""A calendar day in zone time, `YYYY-MM-DD`; nothing else is read as one (no timestamps, no numbers)."""
