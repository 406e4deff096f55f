"""Moments on the wire."""

from datetime import UTC, datetime

import pytest
from pydantic_core import PydanticCustomError

from services.chassis.domain.times import parse_instant, rfc3339


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00.000Z", "0999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"])
def test_the_first_and_the_last_years_are_written_as_they_are_read(text: str) -> None:
    assert rfc3339(parse_instant(text)) == text


def test_an_instant_is_cut_to_the_millisecond_and_never_rounded_up() -> None:
    assert rfc3339(datetime(2026, 12, 31, 23, 59, 59, 999_999, UTC)) == "2026-12-31T23:59:59.999Z"


@pytest.mark.parametrize("zone", ["Z", "+00:00"])
@pytest.mark.parametrize("moment", ["2026-02-30T08:00:00.000", "2026-01-01T24:00:00.000", "0000-01-01T00:00:00.000"])
def test_a_moment_that_is_in_no_calendar_is_refused_however_it_is_written(moment: str, zone: str) -> None:
    with pytest.raises(PydanticCustomError, match="no such moment"):
        parse_instant(moment + zone)
