"""What a line of a log says of itself, in the form of each part of the zone."""

from datetime import UTC, datetime

import pytest

from deploy.machine.logs.line import Level, LineReader

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
MONGOD = '{"t":{"$date":"2026-11-27T20:00:00.000+08:00"},"s":"W","c":"NETWORK","id":1,"msg":"slow","attr":{"ms":9}}'


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("2026-11-27T12:00:00.000000Z [info     ] ready [zone.service] role=all", "info"),
        ("2026-11-27T12:00:00.000000Z [critical ] event_parked", "error"),
        ('{"event":"request","level":"warning","timestamp":"2026-11-27T12:00:00.000000Z"}', "warning"),
        (MONGOD, "warning"),
        (MONGOD.replace('"s":"W"', '"s":"D2"'), "debug"),
        ("2026-11-27T12:00:00,000Z WARN  no leader (BrokerServer)", "warning"),
        ("2026-11-27T12:00:00,000Z FATAL exiting (KafkaServer)", "error"),
    ],
)
def test_time_and_level_are_read_from_each_form(text: str, level: Level) -> None:
    line = LineReader("part", datetime.now(UTC)).read(text)
    assert (line.at, line.level, line.text) == (NOON, level, text)


def test_what_mongod_says_is_shown_in_the_form_of_the_others() -> None:
    shown = LineReader("mongod", NOON).read(MONGOD).shown
    assert shown == '2026-11-27T20:00:00.000+08:00 [warning  ] slow [NETWORK] {"ms": 9}'


def test_a_traceback_belongs_to_the_error_before_it() -> None:
    reader = LineReader("registry", datetime.now(UTC))
    reader.read("2026-11-27T12:00:00.000000Z [error    ] request_failed")
    line = reader.read("Traceback (most recent call last):")
    assert (line.at, line.level) == (NOON, "error")


def test_what_nobody_logged_is_a_warning() -> None:
    reader = LineReader("registry", NOON)
    assert (reader.read("ModuleNotFoundError").level, reader.read("{ no json").at) == ("warning", NOON)
    reader.read("2026-11-27T12:00:00.000000Z [info     ] ready")
    assert reader.read("Segmentation fault").level == "warning"


@pytest.mark.parametrize(
    "text", ["", "{", '{"t": 1, "s": "I"}', '{"timestamp": 5, "level": "info"}', "2026-13-45T99:99:99Z [info] x"]
)
def test_no_line_is_too_broken_to_be_shown(text: str) -> None:
    line = LineReader("part", NOON).read(text)
    assert (line.text, line.at) == (text, NOON)
