"""How often a process is started again, and after which pauses."""

import asyncio
from typing import Any, cast

import pytest

from deploy.complaint import Complaint
from deploy.launch import supervision
from deploy.launch.supervision import LONGEST_PAUSE_S, RESTARTS, WITHIN_S, Restarts, keep
from deploy.machine.server import Server


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def pauses(restarts: Restarts, count: int) -> list[float]:
    found = [restarts.pause() for _ in range(count)]
    return [pause for pause in found if pause is not None]


def test_a_process_is_started_again_five_times_in_a_minute_and_no_more() -> None:
    restarts = Restarts(Clock())
    assert len(pauses(restarts, RESTARTS)) == RESTARTS
    assert restarts.pause() is None


def test_the_pauses_grow_to_a_bound() -> None:
    found = pauses(Restarts(Clock()), RESTARTS)
    assert found[-1] > found[0]
    assert max(found) <= LONGEST_PAUSE_S


def test_a_minute_later_it_may_be_started_again_as_soon_as_at_first() -> None:
    clock = Clock()
    restarts = Restarts(clock)
    first, *_ = pauses(restarts, RESTARTS)
    clock.now += WITHIN_S
    again = restarts.pause()
    assert again is not None
    assert again <= 2 * first


class EndingServer:
    """A server whose process ends as often as it is told to, and then runs on."""

    name = "registry"

    def __init__(self, ends: int, *, failing: int = 0) -> None:
        self.ends, self.failing, self.starts = ends, failing, 0
        self.runs_on = asyncio.Event()
        self.process = self

    @property
    def running(self) -> bool:
        if not self.ends:
            self.runs_on.set()
        return not self.ends

    async def start(self) -> None:
        self.starts += 1
        if self.failing:
            self.failing -= 1
            raise Complaint("It cannot start.")
        self.ends -= 1

    def why_it_ended(self, when: str) -> str:
        return "It ended."

    def last_words(self) -> str:
        return ""


async def kept(server: EndingServer, monkeypatch: pytest.MonkeyPatch, *, asked: bool) -> tuple[list[str], list[str]]:
    """What is said and warned of until it runs on, without pauses."""
    monkeypatch.setattr(Restarts, "pause", lambda restarts, pause=Restarts.pause: pause(restarts) and 0.0)
    monkeypatch.setattr(supervision, "WATCH_EVERY_S", 0.0)
    said, warned = list[str](), list[str]()
    keeping = asyncio.create_task(
        keep(
            cast(Server, cast(Any, server)),
            say=said.append,
            warn=warned.append,
            began_again=lambda server: None,
            restart_asked=lambda server: asked,
        )
    )
    running_on = asyncio.create_task(server.runs_on.wait())
    await asyncio.wait([keeping, running_on], return_when=asyncio.FIRST_COMPLETED, timeout=10)
    if keeping.done():
        running_on.cancel()
        await keeping
    keeping.cancel()
    return said, warned


async def test_a_restart_that_a_person_asks_for_is_no_failure_however_often(monkeypatch: pytest.MonkeyPatch) -> None:
    server = EndingServer(ends=RESTARTS + 5)
    said, warned = await kept(server, monkeypatch, asked=True)
    assert (server.starts, warned) == (RESTARTS + 5, [])
    assert said[:2] == ["registry was told to restart", "registry is ready again"]


async def test_one_that_cannot_start_again_is_tried_like_one_that_ended_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = EndingServer(ends=1, failing=2)
    said, warned = await kept(server, monkeypatch, asked=True)
    assert (server.starts, warned) == (3, ["It cannot start. It is started again."] * 2)
    assert said[-1] == "registry is ready again"


async def test_one_that_ends_by_itself_too_often_stops_the_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Complaint, match=f"as registry ended {RESTARTS + 1} times within a minute: It ended."):
        await kept(EndingServer(ends=RESTARTS + 1), monkeypatch, asked=False)
