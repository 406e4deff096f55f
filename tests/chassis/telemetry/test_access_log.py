"""The line of a request: what it says, when it is written, and in which order with other lines."""

import asyncio
import contextlib
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext

from services.chassis.telemetry.logs import NOISY, AccessLog, set_up_logs

IN_TIME = 3.0
IDS = SpanContext(0xABC, 0xDEF, is_remote=False)


class Output(io.StringIO):
    """Standard output, which tells when something was written."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0
        self.written = asyncio.Event()

    def write(self, text: str) -> int:
        self.writes += 1
        self.written.set()
        return super().write(text)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def output(monkeypatch: pytest.MonkeyPatch) -> Iterator[Output]:
    """Where logs go that a test sets up; afterwards they are as they were."""
    root, configured = logging.getLogger(), structlog.get_config()
    handlers, levels = list(root.handlers), {name: logging.getLogger(name).level for name in ("", *NOISY)}
    monkeypatch.setattr(AccessLog, "_lines", None)
    monkeypatch.setattr(AccessLog, "_service", "")
    yield Output()
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.configure(**configured)


def set_up(output: Output, level: str = "INFO") -> None:
    with contextlib.redirect_stdout(output):
        set_up_logs("pots", log_format="json", level=level)


def say(route: str = "/v1/pots") -> None:
    AccessLog.say(IDS, method="GET", route=route, status=200, ms=1.5)


async def test_it_says_what_any_other_line_would_say_in_its_place(output: Output) -> None:
    set_up(output)
    with trace.use_span(NonRecordingSpan(IDS)):
        say()
        structlog.get_logger("zone.http").info("request", method="GET", route="/v1/pots", status=200, ms=1.5)
    ours, theirs = output.lines
    assert list(ours) == list(theirs)
    moments = ours.pop("timestamp"), theirs.pop("timestamp")
    assert ours == theirs
    assert all(moment.endswith("Z") and len(moment) == len("2026-11-27T13:13:24.717257Z") for moment in moments)


async def test_lines_wait_for_each_other_and_are_written_together(output: Output) -> None:
    set_up(output)
    for number in range(3):
        say(f"/v1/{number}")
    assert output.writes == 0
    await asyncio.wait_for(output.written.wait(), IN_TIME)
    assert [line["route"] for line in output.lines] == ["/v1/0", "/v1/1", "/v1/2"]
    assert output.writes == 1


async def test_what_came_first_stands_first_and_a_warning_is_written_at_once(output: Output) -> None:
    set_up(output)
    say("/v1/before")
    structlog.get_logger("pots").warning("cracked")
    say("/v1/after")
    assert [line["event"] for line in output.lines] == ["request", "cracked"]
    output.written.clear()
    await asyncio.wait_for(output.written.wait(), IN_TIME)
    assert [line.get("route") for line in output.lines] == ["/v1/before", None, "/v1/after"]


async def test_a_level_above_info_leaves_them_out(output: Output) -> None:
    set_up(output, level="WARNING")
    say()
    logging.getLogger().handlers[0].flush()
    assert output.lines == []


def test_the_end_of_a_process_loses_none() -> None:
    program = """
import asyncio
from opentelemetry.trace import SpanContext
from services.chassis.telemetry.logs import AccessLog, set_up_logs

async def serve():
    AccessLog.say(SpanContext(1, 2, False), method="GET", route="/v1/last", status=200, ms=1.5)

set_up_logs("pots", log_format="json")
asyncio.run(serve())
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(ended.stdout)["route"] == "/v1/last"
